import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Mutant } from '../../spec/mutants';
import type { Fate } from './try';

const seen = { by: z.array(z.string()), feature: z.string() };
const fateSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('killed'), ...seen }),
  z.strictObject({ is: z.literal('not run'), ...seen }),
  z.strictObject({ is: z.literal('survived') }),
  z.strictObject({ is: z.literal('not built') }),
]);

function fileOf(directory: string, { id }: Pick<Mutant, 'id'>): string {
  return path.join(directory, `${id}.json`);
}

/** What an earlier call has seen of a mutant; undefined where nothing. */
export function readFate(directory: string, mutant: Pick<Mutant, 'id'>): Fate | undefined {
  const file = fileOf(directory, mutant);
  return existsSync(file) ? fateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Notes how a mutant ended, so that a later call goes on behind it. */
export function writeFate(directory: string, mutant: Pick<Mutant, 'id'>, fate: Fate): Fate {
  mkdirSync(directory, { recursive: true });
  writeFileAtomic.sync(fileOf(directory, mutant), `${JSON.stringify(fate)}\n`);
  return fate;
}
