import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../user-error';
import { json, stagedSchema, verdictSchema } from './record';

const text = z.string().nullable();
const instant = z.iso.datetime();

/** What a scenario leaves behind besides its records: times, its obligations and their restore. One file a scenario. */
export const scenarioSummary = z.strictObject({
  run: z.string(),
  token: z.string(),
  scenario: z.string(),
  name: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** What went wrong, if anything: an action that could not be carried out, an assertion, something that was not restored. */
  failure: text,
  /** Every fixture that it staged. */
  fixtures: z.array(stagedSchema),
  /** Wall time from the scenario's begin to its last restore, in ms, and the part of it spent waiting for the SUT. */
  wallMs: z.number(),
  sutMs: z.number(),
  restore: z.enum(['complete', 'incomplete']),
  obligations: z.array(
    z.strictObject({
      fixture: z.string(),
      owed: z.string(),
      owedAt: instant,
      mutatedAt: instant.nullable(),
      during: text,
      settledAt: instant.nullable(),
      dischargedAt: instant.nullable(),
      changed: z.boolean().nullable(),
      after: text,
      refusal: text,
    }),
  ),
  records: z.array(z.strictObject({ id: z.string(), variant: text, verdict: verdictSchema })),
});
export type ScenarioSummary = z.infer<typeof scenarioSummary>;

/** The summaries of all scenarios of a run that reached their end. */
export function readScenarioSummaries(runDirectory: string): ScenarioSummary[] {
  const directory = path.join(runDirectory, 'scenarios');
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => {
        const file = path.join(directory, name);
        const parsed = scenarioSummary.safeParse(json(file, readFileSync(file)));
        if (!parsed.success) throw new UserError(`${file}: no scenario's summary: ${z.prettifyError(parsed.error)}`);
        return parsed.data;
      });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
