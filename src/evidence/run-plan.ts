import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { sutIdentitySchema } from './record';

/** What a run set out to do, written before its first scenario: against it a bundle shows what is missing. */
export const runPlanSchema = z.strictObject({
  run: z.string(),
  /** Who made the run: a role or a name. An amendment is never the producer's own. */
  producer: z.string(),
  startedAt: z.iso.datetime(),
  profile: z.string(),
  sut: sutIdentitySchema,
  scenarios: z.array(
    z.strictObject({
      location: z.string(),
      name: z.string(),
      agent: z.string().nullable(),
      /** Every assertion of the scenario, with the text of its step. */
      assertions: z.array(z.strictObject({ id: z.string(), variant: z.string().nullable(), step: z.string() })),
    }),
  ),
  /** Every file of the suite, and the suite as a whole, by SHA-256. */
  configuration: z.array(z.strictObject({ name: z.string(), sha256: z.string() })),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

const FILE = 'run.json';

export function writeRunPlan(runDirectory: string, plan: RunPlan): void {
  mkdirSync(runDirectory, { recursive: true });
  writeFileAtomic.sync(path.join(runDirectory, FILE), `${JSON.stringify(runPlanSchema.parse(plan), null, 2)}\n`);
}

/** @throws when the directory contains no run. */
export function readRunPlan(runDirectory: string): RunPlan {
  return runPlanSchema.parse(JSON.parse(readFileSync(path.join(runDirectory, FILE), 'utf8')));
}
