import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { TruthCheck } from '../staging/upgrade-truth';
import type { ContainerSeen } from '../sut/engine';
import { textOf } from '../sut/host-cli';
import { type Told, toldOf } from '../sut/told-version';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';
import { expectation } from './expectation';
import { nothingChanged } from './sandbox-look';

/** The check at `index` of those that the scenario made. @throws where it made fewer */
function checkAt(world: Phase9World, index: number): TruthCheck {
  const made = world.getIfSet('truthChecks')?.at(index);
  if (made === undefined) throw new Error(`the scenario made no check number ${index + 1}`);
  return made;
}

/** A check ended with 0 and told of each sandbox one of what is true and what is admitted; where one is stale or unknown it does not call all up to date. */
function tells(
  a: AssertionContext,
  world: Phase9World,
  { outcome, when }: TruthCheck,
  allowed: { readonly current: readonly Told[]; readonly stale: readonly Told[] },
): void {
  const { notKnown, upToDate } = world.profile.release.phrases;
  const text = textOf(succeeds(a, outcome, 'the check').stdout);
  a.oneOf(
    `what it tells of the current sandbox (${when})`,
    toldOf(text, world.get('sandbox'), notKnown),
    allowed.current,
  );
  a.oneOf(
    `what it tells of the old sandbox (${when})`,
    toldOf(text, world.get('staleSandbox'), notKnown),
    allowed.stale,
  );
  a.equals(`whether it calls all up to date (${when})`, upToDate.test(text), false);
}

/** What is true of a sandbox with the old agent. */
function stale(world: Phase9World): Told {
  const [old, expected] = [world.get('oldVersion'), world.get('expectedVersion')].map((one) =>
    expectation('a version', one),
  );
  return { stale: `v${old} → v${expected}` };
}

/** The registry has the versions the wrong way round: the old sandbox alone is stale. */
export function checkTellsTruth(a: AssertionContext, world: Phase9World): void {
  const check = checkAt(world, 0);
  tells(a, world, check, { current: ['not named', 'version unknown'], stale: [stale(world), 'version unknown'] });
}

/** The registry names no version: neither sandbox is left out where it was not asked, and the current one is not called stale. */
export function checkListsUnknown(a: AssertionContext, world: Phase9World): void {
  const check = checkAt(world, 1);
  tells(a, world, check, { current: ['not named', 'version unknown'], stale: [stale(world), 'version unknown'] });
}

/** A stopped sandbox cannot be asked: it is listed apart, whatever the registry names. */
export function checkListsStopped(a: AssertionContext, world: Phase9World): void {
  const check = checkAt(world, 2);
  tells(a, world, check, { current: ['version unknown'], stale: [stale(world), 'version unknown'] });
}

/** No check changed registry, session, container or live policy of either sandbox. */
export function checksChangeNothing(a: AssertionContext, world: Phase9World): void {
  const inside = {
    [world.get('sandbox')]: world.get('expectedVersion'),
    [world.get('staleSandbox')]: world.get('oldVersion'),
  };
  const checks = world.getIfSet('truthChecks') ?? [];
  a.equals('checks made', checks.length, 3);
  for (const { when, looks } of checks) nothingChanged(a, when, looks, inside, world.profile.release);
}

/** The upgrade ended with 0, brought the old sandbox to the expected version in a new container, and left the other container as it was. */
export async function exactlyStaleIsUpgraded(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the upgrade');
  const [current, old] = [world.get('sandbox'), world.get('staleSandbox')];
  const before = world.get('beforeUpgrade').sandboxes;
  const seen = (one: Observation<ContainerSeen | null> | undefined) => (one === undefined ? null : a.see(one));
  const was = seen(before[current]?.container);
  const now = a.see(await world.sandbox(current).container());
  a.equals(`container of the current sandbox`, now && [now.id, now.state], was && [was.id, was.state]);
  const upgraded = a.see(await world.sandbox(old).container());
  a.differs('container of the old sandbox', upgraded?.id ?? 'none', seen(before[old]?.container)?.id ?? 'none');
  const version = a.see(await world.sandbox(old).agentVersion());
  a.equals(
    'version inside the old sandbox',
    version,
    expectation('the expected version', world.get('expectedVersion')),
  );
  const entry = a.see(world.own.durable.registryEntry(old));
  a.equals('agentVersion of the old sandbox in the registry', entry?.agentVersion ?? 'none', version);
}
