import type { Command } from 'commander';
import { readSettings, type Settings } from '../settings';
import { UserError } from '../user-error';
import { checkEngine, checkImages, checkPrivateEngine, checkReference } from './doctor/engine-checks';
import type { Finding } from './doctor/finding';
import {
  checkDisk,
  checkHostPrograms,
  checkJournals,
  checkNode,
  checkPackages,
  checkPorts,
  checkTool,
} from './doctor/machine-checks';
import { runAction } from './run-action';

/** Adds `phase9 doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Looks at this machine and says, a line each, what the suite needs and what to do.')
    .option('--json', 'the findings as one JSON array')
    .addHelpText('after', '\nExit status: 0 when a run can start; 2 when something has to be done first.')
    .action((options: { readonly json?: true }) =>
      runAction('doctor', async (signal) => {
        const findings = await examine(readSettings(), signal);
        if (options.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
        else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
        const failed = findings.filter(({ state }) => state === 'fail').length;
        if (failed > 0) throw new UserError(`${failed} of ${findings.length} checks say that a run cannot start`);
      }),
    );
}

/** All checks; those that ask other programs run side by side. */
async function examine(settings: Settings, signal: AbortSignal): Promise<Finding[]> {
  const engine = checkEngine(settings, signal);
  const reference = settings.profile === 'reference';
  const parts = await Promise.all([
    checkNode(),
    checkTool('npm', signal),
    checkTool('git', signal),
    checkHostPrograms(),
    checkPackages(signal),
    engine,
    reference ? engine.then((finding) => checkImages(settings, finding.state !== 'fail', signal)) : [],
    reference ? engine.then((finding) => checkPrivateEngine(finding.state !== 'fail', signal)) : [],
    reference ? checkReference() : [],
    checkDisk(settings),
    checkPorts(settings),
    checkJournals(settings),
  ]);
  return parts.flat();
}

function line({ name, state, found, advice }: Finding): string {
  const mark = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }[state];
  return `${mark}  ${name}: ${found}${advice === undefined ? '' : `. ${advice}`}`;
}
