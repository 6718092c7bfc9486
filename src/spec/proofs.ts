import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { inRepository } from '../repository';
import { UserError } from '../user-error';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');

const proofSchema = z.strictObject({
  /** The assertion that was red. */
  id: z.string(),
  defect: z.string(),
  /** SHA-256 of what the defect changes. */
  change: digest,
  /** `file:line` of the scenario, and its name. */
  scenario: z.string(),
  scenarioName: z.string(),
  /** Other defects of the same run. */
  beside: z.array(z.string()),
  at: z.iso.datetime(),
  /** SHA-256 of the suite, and of the reference SUT's sources, for which it holds. */
  suite: digest,
  sut: digest,
});

/** That an assertion was red for a defect, and green without it, on one state of suite and SUT. */
export type Proof = z.output<typeof proofSchema>;

const fileSchema = z.strictObject({ version: z.literal(1), row: z.string(), proofs: z.array(proofSchema) });

/** Where proofs stand, relative to the repository: one file a row. */
const PROOFS = 'audit/proofs';

/** All proofs. @throws UserError for a file that holds none */
export function loadProofs(directory = inRepository(PROOFS)): readonly Proof[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((name) => {
    const file = path.join(directory, name);
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) throw new UserError(`${file}: holds no proofs: ${z.prettifyError(parsed.error)}`);
    return parsed.data.proofs;
  });
}

/** Writes the proofs of one row, whole or not at all, sorted by assertion and defect. */
export function writeProofs(row: string, proofs: readonly Proof[], directory = inRepository(PROOFS)): void {
  const key = ({ id, defect, scenario }: Proof) => `${id}\0${defect}\0${scenario}`;
  const sorted = [...proofs].sort((one, other) => (key(one) < key(other) ? -1 : 1));
  const text = `${JSON.stringify(fileSchema.parse({ version: 1, row, proofs: sorted }), null, 2)}\n`;
  mkdirSync(directory, { recursive: true });
  writeFileAtomic.sync(path.join(directory, `${row}.json`), text);
}
