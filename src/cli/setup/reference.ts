import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';
import { digestOfFiles, type Freshness, filesBelow, stampState } from './inputs';

/** Inputs of the compiled reference SUT, relative to its package. */
const INPUTS = ['build.cjs', 'bundle.cjs', 'package.json', 'src', 'tree'];

/** Digest of the reference SUT's sources by name and bytes; the lock file stands for its packages. */
export function referenceInputs(repository: string): string {
  const sources = INPUTS.map((input) => path.join(repository, 'reference-sut', input)).flatMap(filesBelow);
  return digestOfFiles(repository, [...sources, path.join(repository, 'package-lock.json')]);
}

function stampFile(repository: string): string {
  return path.join(repository, 'reference-sut', 'dist', '.stamp');
}

/** Whether the compiled reference SUT was made from the present sources. */
export function referenceState(repository: string): Freshness {
  return stampState(stampFile(repository), referenceInputs(repository));
}

/**
 * Compiles the reference SUT unless its sources are those of the last time.
 * @returns whether it was compiled.
 * @throws UserError with the compiler's message.
 */
export async function compileReference(repository: string, signal: AbortSignal): Promise<boolean> {
  const inputs = referenceInputs(repository);
  if (stampState(stampFile(repository), inputs) === 'fresh') return false;
  const build = path.join(repository, 'reference-sut', 'build.cjs');
  const end = await callProgram(process.execPath, [build], { cwd: repository, within: 60_000, signal });
  if (end.status !== 0) {
    throw new UserError(`the reference SUT could not be compiled: node ${build}: ${describeEnd(end, 15)}`);
  }
  writeFileSync(stampFile(repository), `${inputs}\n`);
  return true;
}
