import type { AssertionContext } from '../evidence/assertion';
import { allSandboxes, type Neighbour, readNeighbour, runningNeighbour } from '../staging/rebuild-neighbours';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { printed, succeeds } from './command';
import { expectation } from './expectation';
import { answered } from './inference';
import { inAnotherContainer, runsVersion } from './sandbox';

/** Each neighbour has the container, life, policy, registry entry and marker of before, and the running one still has its inference. */
export async function neighboursUntouched(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const neighbour of expectation('the neighbours', world.get('neighbours'))) await untouched(a, world, neighbour);
  const { name, agent, model } = runningNeighbour(world);
  await answered(a, world, world.sandbox(name, agent), model);
}

async function untouched(a: AssertionContext, world: Phase9World, neighbour: Neighbour): Promise<void> {
  const { name, running } = neighbour;
  const before = world.get('neighboursBefore')[name];
  const { life, policy, entry, marker } = await readNeighbour(world, neighbour);
  a.equals(`whether the container of ${name} ran before`, before?.life?.running ?? 'no container', running);
  a.equals(`container of ${name}`, a.see(life), before?.life);
  a.isEmpty(`what differs in the policy of ${name}`, settingsDifferences(before?.policy, a.see(policy)));
  a.isEmpty(`what differs in the registry entry of ${name}`, settingsDifferences(before?.entry, a.see(entry)));
  const [kept, now] = [before?.marker, a.see(marker)];
  a.equals(`marker of ${name}`, now.there ? now.sha256 : 'no such file', kept?.there ? kept.sha256 : 'none staged');
}

/** A resumed onboarding leaves the sandbox as its owner had set it up: the same container, policy, entry and file, and no preset where none was chosen. */
export function resumedAsChosen(a: AssertionContext, world: Phase9World): void {
  const { neighbour, outcome, before, after } = world.get('resumed');
  succeeds(a, outcome, 'the resumed onboarding');
  const { name, model } = neighbour;
  a.equals(`container of ${name}`, a.see(after.life), a.see(before.life));
  a.isEmpty(`what differs in the policy of ${name}`, settingsDifferences(a.see(before.policy), a.see(after.policy)));
  const entry = a.see(after.entry);
  a.isEmpty(`what differs in the registry entry of ${name}`, settingsDifferences(a.see(before.entry), entry));
  a.equals('the model in the registry', entry?.model ?? 'none', model);
  a.equals('presets in the registry', entry?.policies ?? [], []);
  const [kept, now] = [a.see(before.marker), a.see(after.marker)];
  a.equals(`marker of ${name}`, now.there ? now.sha256 : 'no such file', kept.there ? kept.sha256 : 'none staged');
}

/** The registry names the default sandbox of before, which is not the rebuilt one. */
export function defaultKept(a: AssertionContext, world: Phase9World): void {
  const before = expectation('the default sandbox', world.get('defaultSandboxBefore'));
  a.differs('the default sandbox before', before, world.get('sandbox'));
  a.equals('the default sandbox', a.see(world.own.durable.registry()).defaultSandbox ?? 'none', before);
}

/** The sandbox was rebuilt with its own agent, provider and model, and its inference names that model. */
export async function ownChoicesKept(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the rebuild');
  await inAnotherContainer(a, world);
  await runsVersion(a, world, 'expectedVersion', 'oldVersion');
  const { model } = world.get('endpoint');
  const choices = ({ agent, provider, model: chosen }: Readonly<Record<string, unknown>>) => ({
    ...{ agent: agent ?? 'openclaw', provider, model: chosen },
  });
  const before = choices(world.get('instanceBefore').entry ?? {});
  a.equals('the model of before', before.model, model);
  const { durable } = world.own;
  a.equals('choices in the registry', choices(a.see(durable.registryEntry(world.get('sandbox'))) ?? {}), before);
  const session = a.see(durable.session());
  if (session.sandboxName === world.get('sandbox')) a.equals('choices in the session', choices(session), before);
  const configured = a.see(await world.agentRuntime().configuredModel());
  a.equals('the model that the agent is configured with', configured, model);
  await answered(a, world, world.sandbox(), configured ?? 'none');
}

/** Where the release's word for a stopped sandbox puts it. */
function expectedSum(world: Phase9World): { backedUp: string[]; failed: string[]; skipped: string[] } {
  const { stoppedAtBackup } = world.profile.release;
  const blocked = world.get('blockedBackup');
  const stopped = world.get('neighbours').flatMap(({ name, running }) => (running ? [] : [name]));
  const skipped = stoppedAtBackup === 'skipped' ? stopped : [];
  const failed = allSandboxes(world).filter((name) => name === blocked);
  return {
    backedUp: allSandboxes(world).filter((name) => ![...skipped, ...failed].includes(name)),
    failed,
    skipped,
  };
}

/** The sum that is printed is right, and those sandboxes have one backup more that are counted as backed up, and no others. */
function sumIsRight(a: AssertionContext, world: Phase9World, output: string): void {
  const expected = expectedSum(world);
  const [, backedUp, failed, skipped] = world.profile.release.phrases.backupSum.exec(output) ?? [];
  const counted = backedUp === undefined ? output : { backedUp, failed, skipped };
  a.equals('the sum of the backups', counted, {
    backedUp: String(expected.backedUp.length),
    failed: String(expected.failed.length),
    skipped: String(expected.skipped.length),
  });
  const before = world.get('allBackupsBefore');
  const newly = (name: string) => a.see(world.own.durable.backups(name)).length - (before[name]?.length ?? 0);
  const others = allSandboxes(world).filter((name) => !expected.failed.includes(name));
  const now = Object.fromEntries(others.map((name) => [name, newly(name)]));
  const wanted = Object.fromEntries(others.map((name) => [name, expected.backedUp.includes(name) ? 1 : 0]));
  a.equals('new backups', now, wanted);
}

/** Backing all up ends with 0 and counts each sandbox rightly. */
export function allCounted(a: AssertionContext, world: Phase9World): void {
  succeeds(a, world.get('outcome'), 'the backup of all sandboxes');
  sumIsRight(a, world, printed(a, world.get('outcome')));
}

/** Backing all up does not end with 0, counts the sandbox that failed, and has backed the others up. */
export function failureCounted(a: AssertionContext, world: Phase9World): void {
  const { ended, exit } = a.see(world.get('outcome'));
  a.equals('how the backup of all sandboxes ended', ended, 'exited');
  a.differs('exit status of the backup of all sandboxes', exit, 0);
  sumIsRight(a, world, printed(a, world.get('outcome')));
}
