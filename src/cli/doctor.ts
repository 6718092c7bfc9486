import type { Command } from 'commander';
import { EXIT } from '../run/exit';
import { readSettings, type Settings } from '../settings';
import { UserError } from '../user-error';
import { checkEngine, checkImages, checkPrivateEngine, checkReference } from './doctor/engine-checks';
import type { Finding } from './doctor/finding';
import { checkLive } from './doctor/live';
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

interface DoctorOptions {
  readonly json?: true;
  readonly profile?: string;
}

/** Adds `phase9 doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Checks that this machine has what the suite needs: a line for each check, with what to do.')
    .option('--json', 'the findings as one JSON array')
    .option('--profile <name>', 'reference or live, in place of PHASE9_PROFILE')
    .addHelpText(
      'after',
      `
With the profile live it also looks at the NemoClaw installation, and at each row: whether it can run, and why not.

Exit status: 0 when a run can start, with the profile live on every row; 1 when some rows of the profile live cannot run;
2 when no run can start yet, for invalid settings, and where there is no NemoClaw or no OpenShell.`,
    )
    .action((options: DoctorOptions) =>
      runAction('doctor', async (signal) => {
        const settings = readSettings(process.env, { profile: options.profile });
        const machine = await examineMachine(settings, signal);
        const rest = await (settings.profile === 'live'
          ? examineLive(settings, signal)
          : examineReference(settings, signal));
        const findings = [...machine, ...rest];
        if (options.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
        else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
        judge(settings, machine, rest);
      }),
    );
}

/** @throws UserError with the exit status where something cannot run. */
function judge({ profile }: Settings, machine: readonly Finding[], rest: readonly Finding[]): void {
  const findings = [...machine, ...rest];
  const deciding = profile === 'live' ? machine : findings;
  const failed = deciding.filter(({ state }) => state === 'fail').length;
  if (failed > 0) throw new UserError(`${failed} of ${findings.length} checks failed: a run cannot start`);
  const rows = findings.filter(({ row }) => row !== undefined);
  const unable = rows.filter(({ state }) => state !== 'ok').flatMap(({ row }) => row ?? []);
  if (unable.length > 0) {
    throw new UserError(
      `${unable.length} of ${rows.length} rows cannot run, or not whole: ${unable.join(', ')}`,
      EXIT.failed,
    );
  }
}

/** What every run needs; those checks that call other programs run concurrently. */
async function examineMachine(settings: Settings, signal: AbortSignal): Promise<Finding[]> {
  const parts = await Promise.all([
    checkNode(),
    checkTool('npm', signal),
    checkTool('git', signal),
    checkHostPrograms(),
    checkPackages(signal),
    checkDisk(settings),
    checkJournals(settings),
  ]);
  return parts.flat();
}

async function examineReference(settings: Settings, signal: AbortSignal): Promise<Finding[]> {
  const engine = checkEngine(settings, signal);
  const parts = await Promise.all([
    engine,
    engine.then((finding) => checkImages(settings, finding.state !== 'fail', signal)),
    engine.then((finding) => checkPrivateEngine(finding.state !== 'fail', signal)),
    checkReference(),
    checkPorts(),
  ]);
  return parts.flat();
}

async function examineLive(settings: Settings, signal: AbortSignal): Promise<Finding[]> {
  const parts = await Promise.all([checkEngine(settings, signal), checkLive(signal)]);
  return parts.flat();
}

function line({ name, state, found, advice }: Finding): string {
  const mark = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }[state];
  return `${mark}  ${name}: ${found}${advice === undefined ? '' : `. ${advice}`}`;
}
