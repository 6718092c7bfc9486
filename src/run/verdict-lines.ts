import path from 'node:path';
import { type EvidenceRecord, readRecords, recordPath, type Verdict } from '../evidence/record';
import { visible } from '../report/markup';
import { label } from '../report/words';
import { KNOWN_FAILURES, type KnownFailure, knownFailure, sentenceOf } from '../spec/known-failures';
import { colour } from './colour';

const words: Readonly<Record<Verdict, string>> = {
  passed: 'PASS',
  failed: 'FAIL',
  'not-applicable': 'N/A',
  'not-run': 'NOT RUN',
};

/**
 * `PASS: <id> <evidence path>`, and likewise for the other verdicts; a variant stands behind the ID in brackets. A known failure is
 * `FAIL (known): …`, with a second line for what the product does; one that passes has a second line for what to do.
 */
export function verdictLine(
  runDirectory: string,
  record: Pick<EvidenceRecord, 'id' | 'variant' | 'row' | 'verdict' | 'sut'>,
  known: readonly KnownFailure[] = [],
): string {
  const { verdict, sut } = record;
  const file = path.relative(process.cwd(), recordPath(runDirectory, record));
  const failure = knownFailure(known, sut, record);
  const isKnown = verdict === 'failed' && failure !== undefined;
  const line = `${words[verdict]}${isKnown ? ' (known)' : ''}: ${label(record)} ${file}`;
  if (isKnown) return `${line}\n    ${visible(sentenceOf(failure))}, known since ${failure.since}`;
  return verdict === 'passed' && failure ? `${line}\n    turned green: remove it from ${KNOWN_FAILURES}` : line;
}

/** The line in the colour of its verdict. */
export function painted(line: string, verdict: Verdict): string {
  if (verdict === 'passed') return colour.green(line);
  return verdict === 'not-applicable' ? colour.yellow(line) : colour.red(line);
}

/** Prints a line for each record once, as they come to lie in the run's directory. */
export class VerdictLines {
  readonly #printed = new Set<string>();

  constructor(
    private readonly runDirectory: string,
    private readonly print: (line: string, record: EvidenceRecord) => void,
    private readonly known: readonly KnownFailure[] = [],
  ) {}

  printNew(): void {
    for (const { file, record } of readRecords(this.runDirectory)) {
      if (this.#printed.has(file)) continue;
      this.#printed.add(file);
      this.print(verdictLine(this.runDirectory, record, this.known), record);
    }
  }
}
