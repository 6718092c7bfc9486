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
    .description('Checks that this machine has what the suite needs: a line for each check, with what to do.')
    .option('--json', 'the findings as one JSON array')
    .addHelpText('after', '\nExit status: 0 when a run can start; 2 when it cannot yet.')
    .action((options: { readonly json?: true }) =>
      runAction('doctor', async (signal) => {
        const findings = await examine(readSettings(), signal);
        if (options.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
        else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
        const failed = findings.filter(({ state }) => state === 'fail').length;
        if (failed > 0) throw new UserError(`${failed} of ${findings.length} checks failed: a run cannot start`);
      }),
    );
}

/** All checks; those that call other programs run concurrently. */
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
