import type { AssertionContext } from '../evidence/assertion';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';

/** A line of a log, not a word to the owner. */
const LOG = /^\s*\[/;

/**
 * What the rebuild told its owner before it announced the deletion; nothing where it announced none. Whatever stands on standard error
 * counts, but for logs: its lines bear no time.
 */
export function toldBefore(a: AssertionContext, world: Phase9World): readonly string[] {
  const { stdout, stderr } = a.see(world.get('outcome'));
  const lines = textOf(stdout).split('\n');
  const deletion = lines.findIndex((line) => world.profile.release.phrases.deletes.test(line));
  const warnings = textOf(stderr).split('\n');
  return [...lines.slice(0, Math.max(deletion, 0)), ...warnings].filter((line) => !LOG.test(line));
}
