import { visible } from '../report/markup';
import { label } from '../report/words';
import { KNOWN_FAILURES, type ReleaseOfSut, sentenceOf } from '../spec/known-failures';
import { colour } from './colour';
import type { KnownOutcome } from './known-outcome';

const INDENT = ' '.repeat(14);

/** The part of a run's summary about known failures; no line for a release that has none. */
export function knownLines(
  { listed, known, turnedGreen, newlyRed, alone }: KnownOutcome,
  { kind, version }: ReleaseOfSut,
): string[] {
  if (listed === 0) return [];
  const release = `${kind} ${version}`;
  const rest = alone ? '; nothing else is red' : '';
  return [
    `Known failures: ${known.length} red, of ${listed} in ${KNOWN_FAILURES} for ${release}${rest}`,
    ...known.map((one) => colour.red(`${INDENT}FAIL (known): ${label(one)}: ${visible(sentenceOf(one.failure))}`)),
    ...turnedGreen.map((one) => colour.bold(`TURNED GREEN: ${label(one)}, remove it from ${KNOWN_FAILURES}`)),
    ...newlyRed.map((one) => colour.red(colour.bold(`NEWLY RED:    ${label(one)}, not known for ${release}`))),
  ];
}
