import { existsSync, readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { inRepository } from '../repository';
import { UserError } from '../user-error';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');

const soakSchema = z.strictObject({
  at: z.iso.datetime(),
  suite: digest,
  sut: digest,
  /** Rows whose assertions all had a verdict in every run. */
  rows: z.array(z.string()),
  /** Complete runs. */
  times: z.int().min(1),
  /** Scenarios side by side. */
  parallel: z.int().min(1),
  /** Busy processes beside them. */
  load: z.int().min(0),
  machine: z.strictObject({ cpus: z.int(), memoryMiB: z.int() }),
  /** Duration of each run, in s. */
  seconds: z.array(z.number()),
  /** What was red or not run on the healthy SUT, though it should not have been. */
  reds: z.array(z.strictObject({ run: z.string(), id: z.string(), reason: z.string() })),
});

/** The healthy SUT, run again and again: every red is a false one. */
export type Soak = z.output<typeof soakSchema>;

const fileSchema = z.strictObject({ version: z.literal(1), soaks: z.array(soakSchema) });

const SOAKS = 'audit/soaks.json';

/** All soaks. @throws UserError for a file that holds none */
export function loadSoaks(file = inRepository(SOAKS)): readonly Soak[] {
  if (!existsSync(file)) return [];
  const parsed = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UserError(`${file}: holds no soaks: ${z.prettifyError(parsed.error)}`);
  return parsed.data.soaks;
}

/** Adds a soak to those of the same suite and SUT; others hold no more. */
export function addSoak(soak: Soak, file = inRepository(SOAKS)): void {
  const holding = loadSoaks(file).filter(({ suite, sut }) => suite === soak.suite && sut === soak.sut);
  const text = JSON.stringify(fileSchema.parse({ version: 1, soaks: [...holding, soak] }), null, 2);
  writeFileAtomic.sync(file, `${text}\n`);
}
