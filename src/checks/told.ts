import type { AssertionContext } from '../evidence/assertion';
import { literal } from '../secrets/encodings';
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

/** Words that say of a file that it will not come back. */
const LOST = /\bnot (?:be )?(?:preserved|kept|restored|carried|backed)|\blost\b|\bdropped\b|\bleft out\b/i;

/** A line names the setting in full, or the file with the setting's first key, or says that the file is lost. */
export function isNamed(lines: readonly string[], path: readonly string[], file: string): boolean {
  const [first = file] = path;
  // Alone or in the agent's own directory: a file of that name elsewhere in its state is another one.
  const named = new RegExp(
    `(?:^|[\\s"'(:,]|/\\.(?:openclaw|hermes)/|[\\s"'(:,]\\.(?:openclaw|hermes)/)${literal(file)}(?![\\w./-])`,
  );
  return lines.some(
    (line) => line.includes(path.join('.')) || (named.test(line) && (line.includes(first) || LOST.test(line))),
  );
}
