import path from 'node:path';
import { type EvidenceRecord, readRecords, recordPath, type Verdict } from '../evidence/record';

const words: Readonly<Record<Verdict, string>> = {
  passed: 'PASS',
  failed: 'FAIL',
  'not-applicable': 'N/A',
  'not-run': 'NOT RUN',
};

/** `PASS: <id> <evidence path>`, and likewise for the other verdicts; a variant stands behind the ID in brackets. */
export function verdictLine(
  runDirectory: string,
  record: Pick<EvidenceRecord, 'id' | 'variant' | 'row' | 'verdict'>,
): string {
  const file = path.relative(process.cwd(), recordPath(runDirectory, record));
  const variant = record.variant === null ? '' : ` [${record.variant}]`;
  return `${words[record.verdict]}: ${record.id}${variant} ${file}`;
}

/** Prints a line for each record once, as they come to lie in the run's directory. */
export class VerdictLines {
  readonly #printed = new Set<string>();

  constructor(
    private readonly runDirectory: string,
    private readonly print: (line: string, record: EvidenceRecord) => void,
  ) {}

  printNew(): void {
    for (const { file, record } of readRecords(this.runDirectory)) {
      if (this.#printed.has(file)) continue;
      this.#printed.add(file);
      this.print(verdictLine(this.runDirectory, record), record);
    }
  }
}
