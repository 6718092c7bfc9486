import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { jsonOf } from '../../json';
import { compareNumbers, type Installation, type Look, versionIn } from './look';

const manifestSchema = z.looseObject({ engines: z.looseObject({ node: z.string() }).optional() });

/** The lowest Node.js that a tree asks for, and the one on PATH: an installer that finds a lower one fetches another from GitHub. */
export async function lookAtNode({ tree, ask }: Installation): Promise<Look[]> {
  const name = 'Node.js for the installer';
  const file = path.join(tree, 'package.json');
  const manifest = manifestSchema.safeParse(existsSync(file) ? jsonOf(readFileSync(file, 'utf8')) : undefined);
  const lowest = versionIn(manifest.data?.engines?.node ?? '');
  const version = versionIn((await ask(['node', '--version'])).stdout.replace(/^v/, ''));
  const found = `${version ?? 'none on PATH'}; the tree asks for ${lowest ?? 'none in particular'}`;
  if (lowest === undefined || (version !== undefined && compareNumbers(version, lowest) >= 0))
    return [{ name, state: 'ok', found }];
  const advice = `Put Node.js ${lowest} or later first on PATH, or let the installer fetch one from raw.githubusercontent.com`;
  return [{ name, state: 'warn', found, advice }];
}
