import path from 'node:path';
import type { AssertionContext } from '../evidence/assertion';
import { credentialsIn } from '../secrets/redact';
import { asOwner, findCommands, type Installation, type Refusal, type SparkRun } from '../staging/spark-install-runs';
import { SPARK } from '../staging/spark-install-settings';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { printed, refuses, succeeds } from './command';
import {
  announced,
  changesNothing,
  changesOf,
  leavesMachineAlone,
  registeredOf,
  sessionOf,
} from './spark-install-runs';

/** A line that names the machine and says that nothing is done for it. */
const PASSED_OVER = /\bdetected\b.*\bskipp(?:ing|ed)\b/i;

/** The output of a run, without the machine's own place in this host's file system. */
function outputOf(a: AssertionContext, world: Phase9World, { outcome }: SparkRun): string {
  return printed(a, outcome).replaceAll(world.get('spark').machine.directory, '…');
}

export async function machineRunsLinux(a: AssertionContext, world: Phase9World): Promise<void> {
  const { machine } = world.get('spark');
  const call = await machine.run(['uname', '-s'], world.profile.bounds.command);
  a.equals('system that the machine of the installer reports', textOf(a.see(call).stdout).trim(), 'Linux');
  a.equals('system of this host', a.see(world.get('platform')), 'Linux');
}

export function reportsUnreachableDocker(a: AssertionContext, world: Phase9World): void {
  refusesAll(a, world, /Docker is installed but not reachable/i, 'that Docker is not reachable');
}

export function reportsMissingConsent(a: AssertionContext, world: Phase9World): void {
  refusesAll(a, world, /third-party software acceptance/i, 'that acceptance of third-party software is missing');
}

/** Every run was refused for that reason, left no command behind, and changed nothing of the machine. */
function refusesAll(a: AssertionContext, world: Phase9World, reason: RegExp, inWords: string): void {
  for (const refusal of world.get('refusals')) {
    const output = refuses(a, refusal.outcome, `the installer (${refusal.manner})`);
    a.matches('its output', output, reason, inWords);
    installsNothing(a, refusal);
    changesNothing(a, refusal);
  }
}

/** A refused run left no command that a login shell finds, and no program. */
export function installsNothing(a: AssertionContext, { found, files }: Refusal): void {
  a.equals('commands that a fresh login shell finds', textOf(a.see(found).stdout), '');
  const names = [...a.see(files).keys()].filter((name) => /(^|\/)(nemoclaw|openshell)[^/]*$/.test(name));
  a.isEmpty('programs of NemoClaw and OpenShell among the machine’s files', names);
}

export function installationSucceeds(a: AssertionContext, world: Phase9World): void {
  const installed = world.get('installed');
  succeeds(a, installed.outcome, 'the installer');
  a.equals('status of the onboarding', sessionOf(a, installed).status, 'complete');
}

export function takesGenericSteps(a: AssertionContext, world: Phase9World): void {
  const installed = world.get('installed');
  const output = outputOf(a, world, installed);
  const steps = ['[1/3] Node.js', '[2/3] NemoClaw CLI', '[3/3] Onboarding'];
  a.equals('steps of the installation', announced(output, 3), steps);
  a.equals('first step of the onboarding', announced(output, 8)[0] ?? output, '[1/8] Preflight checks');
  a.isEmpty(
    'lines of the output about a DGX Spark',
    output.split('\n').filter((line) => SPARK.test(line) && !PASSED_OVER.test(line)),
  );
  leavesMachineAlone(a, installed);
}

export async function loginShellFindsCommands(a: AssertionContext, world: Phase9World): Promise<void> {
  const { stdout } = a.see(await findCommands(world.get('spark').machine, world.profile.bounds.command));
  const found = textOf(stdout)
    .split('\n')
    .filter((line) => line.startsWith('/'));
  a.equals(
    'commands found',
    found.map((file) => path.basename(file)),
    ['nemoclaw', 'openshell'],
  );
}

export async function helpIsPrinted(a: AssertionContext, world: Phase9World): Promise<void> {
  const call = await asOwner(world.get('spark').machine, 'nemoclaw --help', world.profile.bounds.command);
  const { stdout } = succeeds(a, call, '`nemoclaw --help`');
  a.matches('its output', textOf(stdout), /\bonboard\b/, 'a usage that names onboard');
}

/**
 * `nemoclaw setup-spark` reports that it is deprecated, and takes the steps of `nemoclaw onboard`: those of the installation's onboarding,
 * as far as each of the two came, and all of them where that one ended well.
 */
export function formerSetUpIsOnboarding(a: AssertionContext, world: Phase9World): void {
  const alias = world.get('alias');
  const installed = world.get('installed');
  const output = outputOf(a, world, alias);
  const { setupSparkDeprecated } = world.profile.release.phrases;
  a.matches('its output', output, setupSparkDeprecated, 'that the command is deprecated');
  a.matches('its output', output, /nemoclaw onboard\b/, 'the command to use instead');
  const [steps, onboarding] = [announced(output, 8), announced(outputOf(a, world, installed), 8)];
  // Why an onboarding fails is no matter of this command.
  const whole = a.see(installed.outcome).exit === 0;
  if (whole) succeeds(a, alias.outcome, '`nemoclaw setup-spark`');
  const common = whole ? Math.max(steps.length, onboarding.length) : Math.min(steps.length, onboarding.length);
  a.equals('steps that it takes', steps.slice(0, common), onboarding.slice(0, common));
  a.equals('the first of them', steps[0] ?? 'none', '[1/8] Preflight checks');
  leavesMachineAlone(a, alias);
}

/** The public installer was fetched, and leads to what the installer of the checkout leads to. */
export function bothMachinesAreAlike(a: AssertionContext, world: Phase9World): void {
  const first = world.get('installed');
  const second = world.get('installedByPipe');
  const { installer, current } = world.profile.upgrade;
  succeeds(a, second.outcome, 'the public installer');
  const fetched = a.see(second.calls).filter((call) => call[0] === 'curl' && call.includes(installer));
  a.atLeast('fetches of the public installer', fetched.length, 1);
  const commands = textOf(a.see(second.commands).stdout);
  a.includes('commands of the second machine', commands, `openshell ${current.openshell}\n`);
  a.equals('commands of the second machine', commands, textOf(a.see(first.commands).stdout));
  const steps = (one: Installation) => announced(outputOf(a, world, one), 3);
  a.equals('steps of its installation', steps(second), steps(first));
  a.equals('changes to the machine', changesOf(a, second), changesOf(a, first));
  a.equals('its onboarding', sessionOf(a, second), sessionOf(a, first));
  a.equals('its sandboxes', registeredOf(a, second), registeredOf(a, first));
}

/** The installations of the scenario that came to their end, as far as they were made. */
export function installationsOf(world: Phase9World): readonly Installation[] {
  const over = [world.getIfSet('installedAgain'), world.getIfSet('installedOverHalf')];
  const more = over.flatMap((one) => (one === undefined ? [] : [one.installation]));
  return [world.get('installed'), world.get('installedByPipe'), ...more];
}

/** The output of no installation contains a key of the owner, and the new sandbox uses that key. */
export function hidesKeys(a: AssertionContext, world: Phase9World): void {
  const canaries = world.get('canaries');
  for (const { outcome } of installationsOf(world)) {
    const { stdout, stderr } = a.see(outcome);
    a.moreThan('bytes of the output', stdout.length + stderr.length, 0);
    a.isEmpty('secrets in the output', credentialsIn(Buffer.concat([stdout, stderr]), canaries));
  }
  // A key that nothing uses would prove nothing.
  const used = a.see(world.get('installed').asked).filter(({ credential }) => credential === 'the provider’s');
  a.moreThan('requests of the new sandbox that carried the owner’s key', used.length, 0);
}
