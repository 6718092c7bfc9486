import type { AssertionContext } from '../evidence/assertion';
import { loadDefaultPolicy, loadPreset } from '../staging/presets';
import { missingFrom, type Opening, openings } from '../sut/policy';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';

/** What the presets open and the default policy does not: only that shows that a preset was applied. */
export function presetOpenings(world: Phase9World): Opening[] {
  const { tree } = world.own;
  const byDefault = new Set(openings(loadDefaultPolicy(tree, world.get('agent'))));
  const presets = expectation('the presets of the manifest', world.get('presets'));
  return presets.flatMap((name) => {
    const own = openings(loadPreset(tree, name)).filter((one) => !byDefault.has(one));
    if (own.length === 0)
      throw new Error(`the preset ${name} opens nothing that the default policy does not: it would prove nothing`);
    return own;
  });
}

/** The live policy opens all that the presets name and the default policy lacks. */
export async function liveOpensPresets(a: AssertionContext, world: Phase9World): Promise<void> {
  const wanted = presetOpenings(world);
  const live = a.see(await world.own.gateway.networkPolicies(world.get('sandbox')));
  a.isEmpty(
    'openings of the presets that the live policy lacks',
    missingFrom(live, wanted),
    `none of the ${wanted.length}`,
  );
}

/** Those of `wanted` that are not held. @throws when nothing is wanted. */
export function lacking(held: readonly string[], wanted: readonly string[]): string[] {
  expectation('the list looked for', wanted);
  return wanted.filter((one) => !held.includes(one));
}

/** The manifest of the sandbox's newest backup. */
export function newestManifest(a: AssertionContext, world: Phase9World) {
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  const newest = a.see(durable.backups(sandbox)).at(-1);
  if (newest === undefined) throw new Error(`no backup of ${sandbox}`);
  return a.see(durable.backupManifest(sandbox, newest));
}
