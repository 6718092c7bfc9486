import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { verdictSchema } from '../../evidence/record';
import { sha256 } from '../../sha256';
import { defectDigest } from '../../spec/defects';
import type { Showed } from '../trials/attempt';
import type { Trial } from './plan';

const resultSchema = z.strictObject({
  location: z.string(),
  scenario: z.string(),
  defects: z.array(z.string()),
  verdicts: z.record(z.string(), verdictSchema),
  exit: z.int().nullable(),
  seconds: z.number(),
  at: z.iso.datetime(),
});

/** A trial, and what it showed. */
export type TrialResult = z.output<typeof resultSchema>;

/** Name of a trial: the same scenario with the same changes has the same. */
export function trialName({ location, defects }: Trial): string {
  const changes = defects.map((one) => `${one.name} ${defectDigest(one)}`).sort();
  return sha256([location, ...changes].join('\n')).slice(0, 16);
}

/** What an earlier call has seen of a trial; undefined where nothing. */
export function readResult(directory: string, trial: Trial): TrialResult | undefined {
  const file = path.join(directory, `${trialName(trial)}.json`);
  return existsSync(file) ? resultSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Notes what a trial showed, so that a later call goes on behind it. */
export function writeResult(directory: string, trial: Trial, showed: Showed): TrialResult {
  const { location, scenario, defects } = trial;
  const { verdicts, exit, seconds, at } = showed;
  const result = { location, scenario, defects: defects.map(({ name }) => name), verdicts, exit, seconds, at };
  mkdirSync(directory, { recursive: true });
  writeFileAtomic.sync(path.join(directory, `${trialName(trial)}.json`), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}
