import type { AssertionContext } from '../evidence/assertion';
import { containerLife } from '../sut/container-life';
import { registrySchema } from '../sut/durable-documents';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';

/** The agent inside the sandbox is of the version `wanted`, and not of the version `other`. */
export async function runsVersion(
  a: AssertionContext,
  world: Phase9World,
  wanted: 'oldVersion' | 'expectedVersion',
  other: 'oldVersion' | 'expectedVersion',
): Promise<void> {
  const version = a.see(await world.sandbox().agentVersion());
  a.equals('version inside the sandbox', version, expectation(wanted, world.get(wanted)));
  a.differs('version inside the sandbox', version, expectation(other, world.get(other)));
}

/** The registry names the version that runs inside the sandbox, and no longer the one that was staged there. */
export async function registeredWithVersionInside(
  a: AssertionContext,
  world: Phase9World,
  staged: string,
): Promise<void> {
  const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  const inside = a.see(await world.sandbox().agentVersion());
  a.equals('agentVersion in the registry', entry?.agentVersion ?? null, inside);
  a.differs('agentVersion in the registry', entry?.agentVersion ?? null, expectation('the staged version', staged));
}

/** The registry has an entry of the sandbox. */
export function registered(a: AssertionContext, world: Phase9World): void {
  const name = world.get('sandbox');
  const entry = a.see(world.own.durable.registryEntry(name));
  a.equals('name of the entry in the registry', entry?.name ?? 'no entry', name);
}

/** `nemoclaw list` prints a line of the sandbox. */
export async function listed(a: AssertionContext, world: Phase9World): Promise<void> {
  const { cli } = world.own;
  const call = await cli.must(cli.nemoclaw(['list'], { within: world.profile.bounds.command }));
  const names = textOf(a.see(call).stdout)
    .split('\n')
    .map((line) => line.trim().split(/\s+/)[0] ?? '');
  a.includes('first words of the lines of `nemoclaw list`', names, world.get('sandbox'));
}

/** The gateway calls the sandbox Ready. */
export async function ready(a: AssertionContext, world: Phase9World): Promise<void> {
  const phase = a.see(await world.own.gateway.phase(world.get('sandbox')));
  a.equals('phase of the sandbox', phase ?? 'not listed', 'Ready');
}

/** The sandbox is another container than before: what is found in it was brought there. */
export async function inAnotherContainer(a: AssertionContext, world: Phase9World): Promise<void> {
  const now = a.see(await world.sandbox().container());
  a.that(
    'container',
    now?.id ?? 'none',
    `there, and not ${world.get('containerBefore')}`,
    now !== null && now.id !== world.get('containerBefore'),
  );
}

/** The container of before is gone, and does not run or lie on beside the new one. */
export async function oldContainerIsGone(a: AssertionContext, world: Phase9World): Promise<void> {
  await inAnotherContainer(a, world);
  const old = a.see(await containerLife(world.get('containerBefore'), 'sandbox'));
  a.equals('the container of before', old === null ? 'gone' : old.running ? 'running' : 'stopped', 'gone');
}

/** The sandbox is the container that it was, in that state. */
export async function sameContainer(
  a: AssertionContext,
  world: Phase9World,
  state: 'running' | 'exited',
): Promise<void> {
  const now = a.see(await world.sandbox().container());
  const before = { id: world.get('containerBefore'), state };
  a.equals('container', { id: now?.id ?? null, state: now?.state ?? null }, before);
}

/** The registry's entry of the sandbox is what it was before. */
export function sameRegistryEntry(a: AssertionContext, world: Phase9World): void {
  const name = world.get('sandbox');
  const before = registrySchema.parse(JSON.parse(world.get('registryBefore'))).sandboxes[name];
  a.equals('registry entry', a.see(world.own.durable.registryEntry(name)), before);
}
