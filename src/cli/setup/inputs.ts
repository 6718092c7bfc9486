import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../sha256';
import { callProgram } from '../program';

/** Label of an image with the digest of its inputs. */
export const INPUTS_LABEL = 'phase9.inputs';

/** Whether a product of set-up was made from its present inputs. */
export type Freshness = 'fresh' | 'stale' | 'missing';

/** Every file at or below `at`, sorted; none where nothing is. */
export function filesBelow(at: string): string[] {
  if (!existsSync(at)) return [];
  const entries = entriesOf(at);
  if (entries === undefined) return [at];
  return entries.flatMap((entry) => filesBelow(path.join(at, entry)));
}

function entriesOf(at: string): string[] | undefined {
  try {
    return readdirSync(at).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** SHA-256 of `prefix`, and of names and bytes of these files of the repository. */
export function digestOfFiles(repository: string, files: readonly string[], prefix = ''): string {
  const parts = files.flatMap((file) => [
    Buffer.from(`${path.relative(repository, file)}\0`),
    readFileSync(file),
    Buffer.from('\0'),
  ]);
  return sha256(Buffer.concat([Buffer.from(prefix), ...parts]));
}

/** Compares the inputs noted in a stamp file with the present ones. */
export function stampState(stamp: string, inputs: string): Freshness {
  if (!existsSync(stamp)) return 'missing';
  return readFileSync(stamp, 'utf8').trim() === inputs ? 'fresh' : 'stale';
}

/** Compares the inputs noted in the label of an image with the present ones. */
export async function imageState(image: string, inputs: string, signal: AbortSignal): Promise<Freshness> {
  const format = `{{index .Config.Labels "${INPUTS_LABEL}"}}`;
  const args = ['image', 'inspect', '--format', format, image];
  const end = await callProgram('docker', args, { within: 30_000, signal });
  if (end.status !== 0) return 'missing';
  return end.stdout.trim() === inputs ? 'fresh' : 'stale';
}
