import type { AssertionContext } from '../evidence/assertion';
import { textOf } from '../sut/host-cli';
import { comparable, linesNamingStale } from '../sut/upgrade-check';
import type { Phase9World } from '../world/world';
import { rebuildCompletes } from './rebuild';
import { ready } from './sandbox';

/** The check prints the sandbox's line with both versions, and counts one sandbox that needs upgrading. */
export function checkReportsStale(a: AssertionContext, world: Phase9World): void {
  const { exit, stdout } = a.see(world.get('outcome'));
  const text = textOf(stdout);
  const name = world.get('sandbox');
  const line = text.split('\n').find((one) => one.trim().split(/\s+/)[0] === name);
  a.equals('exit status', exit, 0);
  const versions = `v${world.get('oldVersion')} → v${world.get('expectedVersion')}`;
  a.includes('the line of the sandbox', line?.trim() ?? `no line of ${name} in: ${text}`, versions);
  a.matches('what the check prints', text.trim(), world.profile.release.phrases.oneNeedsUpgrading);
}

/** The check prints that all is up to date, and no line that names a stale sandbox. */
export function checkReportsUpToDate(a: AssertionContext, world: Phase9World): void {
  const { exit, stdout } = a.see(world.get('outcome'));
  const text = textOf(stdout);
  a.equals('exit status', exit, 0);
  a.matches('what the check prints', text.trim(), world.profile.release.phrases.upToDate);
  a.isEmpty('lines that name a stale sandbox', linesNamingStale(text));
}

/** Registry and container are what they were before the check, but for what this release notes of what it saw inside. */
export async function checkChangesNothing(a: AssertionContext, world: Phase9World): Promise<void> {
  const { durable } = world.own;
  const now = a.see(durable.file(durable.registryPath));
  const { checkWrites } = world.profile.release;
  const [text, before] = [now.toString('utf8'), world.get('registryBefore')].map((one) => comparable(one, checkWrites));
  a.equals(checkWrites.length === 0 ? 'the registry’s bytes' : `the registry but ${checkWrites}`, text, before);
  const container = a.see(await world.sandbox().container());
  a.equals('container', container?.id ?? 'none', world.get('containerBefore'));
}

/** The rebuild reports its success, and the gateway calls the sandbox Ready. */
export async function rebuildsAndIsReady(a: AssertionContext, world: Phase9World): Promise<void> {
  rebuildCompletes(a, world);
  await ready(a, world);
}
