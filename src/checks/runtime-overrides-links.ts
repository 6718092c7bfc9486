import type { AssertionContext } from '../evidence/assertion';
import { victimsNow } from '../staging/runtime-overrides-links';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';
import { ended } from './runtime-overrides-start';

/** Each start with an override and a link was refused, with the reason, before the sandbox's command ran. */
export function linkIsRefused(a: AssertionContext, world: Phase9World): void {
  const all = world.get('linkStarts').filter(({ overrides }) => Object.keys(overrides).length > 0);
  for (const { start } of expectation('starts with a link', all)) {
    const { exit, ran, stderr } = ended(a, start);
    a.equals(`exit status of ${start.name}`, exit, 1);
    a.equals(`the command of ${start.name} ran`, ran, false);
    const lines = stderr.split('\n').filter((line) => /\bsym(?:bolic )?link\b/i.test(line));
    a.isNotEmpty(`lines of ${start.name} about a symbolic link`, lines);
  }
}

/** The files of root that links led to are as they were made, and no other one is beside them. */
export async function linkTargetsAreUntouched(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const { start } of expectation('starts with a link', world.get('linkStarts'))) ended(a, start);
  const before = expectation('files of root', a.see(world.get('victims')));
  const after = a.see(await victimsNow(world));
  const changed = [
    ...before.filter((line) => !after.includes(line)),
    ...after.filter((line) => !before.includes(line)),
  ];
  a.isEmpty('files of root that changed, were made or are missing', changed);
}
