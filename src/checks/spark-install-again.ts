import type { AssertionContext } from '../evidence/assertion';
import type { InstalledOver, Possessions } from '../staging/spark-install-again';
import { type Installation, inShell, type OwnersShell } from '../staging/spark-install-runs';
import { registrySchema } from '../sut/durable-documents';
import { textOf } from '../sut/host-cli';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { printed, succeeds } from './command';
import { expectation } from './expectation';
import { mayChange } from './instance-as-before';
import { announced, sessionOf } from './spark-install-runs';

/** An installation went its whole way, and left what one on an empty machine leaves. */
function isWhole(
  a: AssertionContext,
  { installation, first }: { installation: Installation; first: Installation },
): void {
  succeeds(a, installation.outcome, 'the installer');
  a.equals('status of the onboarding', sessionOf(a, installation).status, 'complete');
  const steps = (one: Installation) => announced(printed(a, one.outcome), 3);
  a.equals('steps of the installation', steps(installation), expectation('the first installation', steps(first)));
  a.equals('commands', textOf(a.see(installation.commands).stdout), textOf(a.see(first.commands).stdout));
}

/** What the owner had is still there, each in full: files, the lines of startup files once each, registered sandboxes, what lies in them. */
function keepsPossessions(a: AssertionContext, world: Phase9World, { before, after }: InstalledOver): void {
  const had = expectation('the owner’s files', a.see(before.files)).filter(({ mode }) => mode !== null);
  const has = new Map(a.see(after.files).map((file) => [file.name, file]));
  a.isNotEmpty('files that the owner had', had);
  a.isEmpty(
    'files of the owner’s that are not what they were',
    had
      .filter((file) => file.text !== has.get(file.name)?.text || file.mode !== has.get(file.name)?.mode)
      .map(({ name }) => name),
  );
  const entries = ({ registry }: Possessions) =>
    a.see(registry.map(({ stdout }) => registrySchema.parse(JSON.parse(textOf(stdout))))).sandboxes;
  const registered = entries(before);
  a.isNotEmpty('registered sandboxes that the owner had', Object.keys(registered));
  a.isEmpty(
    'what differs in the registered sandboxes',
    settingsDifferences(registered, entries(after), mayChange(world)),
  );
  const note = ({ note: read }: Possessions) => textOf(a.see(read).stdout).trim();
  a.equals('the owner’s note in the sandbox', note(after), expectation('the note', note(before)));
}

/** The installation over one that was there is whole, and the owner has what he had. */
export function keepsAllInstalledAgain(a: AssertionContext, world: Phase9World): void {
  const over = world.get('installedAgain');
  isWhole(a, { installation: over.installation, first: world.get('installed') });
  keepsPossessions(a, world, over);
}

/** The installation over one that was killed is whole, and the owner has what he had. */
export function keepsAllOverHalfMade(a: AssertionContext, world: Phase9World): void {
  const over = world.get('installedOverHalf');
  const killed = over.killed.filter((one) => a.see(one).ended === 'signalled');
  a.atLeast('installations that were killed', killed.length, 1);
  isWhole(a, { installation: over.installation, first: world.get('installedByPipe') });
  keepsPossessions(a, world, over);
}

/** A fresh shell of that kind finds both commands where the installer has just put them. */
export async function shellFindsCommands(a: AssertionContext, world: Phase9World, shell: OwnersShell): Promise<void> {
  const machine = shell === 'zsh' ? world.get('secondSpark').machine : world.get('spark').machine;
  const { stdout } = a.see(await inShell(machine, shell, world.profile.bounds.command));
  const found = textOf(stdout)
    .split('\n')
    .filter((line) => line.startsWith('/'));
  a.equals(
    `commands found in ${shell}`,
    found.map((file) => file.replace(/^.*\//, '')),
    ['nemoclaw', 'openshell'],
  );
}
