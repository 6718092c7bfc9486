import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../user-error';
import { Interrupted } from '../run-action';
import { callProgram, toldBy } from './program';

/** What the compiled reference SUT is made from, relative to its package. */
const INPUTS = ['build.cjs', 'bundle.cjs', 'package.json', 'src', 'tree'];

/** Digest of the reference SUT's sources: names, modes of use, and bytes; the lock file stands for its packages. */
export function referenceInputs(repository: string): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    hash
      .update(`${path.relative(repository, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  };
  for (const input of INPUTS) {
    const at = path.join(repository, 'reference-sut', input);
    for (const file of filesBelow(at)) add(file);
  }
  add(path.join(repository, 'package-lock.json'));
  return hash.digest('hex');
}

/** Every file at or below `at`, sorted; none where there is nothing. */
export function filesBelow(at: string): string[] {
  if (!existsSync(at)) return [];
  const entries = readdirSafely(at);
  if (entries === undefined) return [at];
  return entries.flatMap((entry) => filesBelow(path.join(at, entry)));
}

function readdirSafely(at: string): string[] | undefined {
  try {
    return readdirSync(at).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function stampFile(repository: string): string {
  return path.join(repository, 'reference-sut', 'dist', '.stamp');
}

/** Whether the compiled reference SUT was made from the sources of now. */
export function referenceState(repository: string): 'fresh' | 'stale' | 'missing' {
  const stamp = stampFile(repository);
  if (!existsSync(stamp)) return 'missing';
  return readFileSync(stamp, 'utf8').trim() === referenceInputs(repository) ? 'fresh' : 'stale';
}

/**
 * Compiles the reference SUT unless its sources are those of the last time.
 * @returns whether it was compiled.
 * @throws CommandProblem with the compiler's message.
 */
export async function compileReference(repository: string, signal: AbortSignal): Promise<boolean> {
  const inputs = referenceInputs(repository);
  if (referenceState(repository) === 'fresh') return false;
  const build = path.join(repository, 'reference-sut', 'build.cjs');
  const end = await callProgram(process.execPath, [build], {
    env: process.env,
    cwd: repository,
    within: 60_000,
    signal,
  });
  if (end.reason === 'interrupted') throw new Interrupted();
  if (end.status !== 0)
    throw new UserError(`the reference SUT could not be compiled: node ${build}: ${toldBy(end, 15)}`);
  writeFileSync(stampFile(repository), `${inputs}\n`);
  return true;
}
