import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { Argument } from 'commander';
import { readSettings } from '../../settings';
import { PRIVATE_ENGINE_IMAGE } from '../../sut/private-engine';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';
import type { Register } from './register';

/** Names of the images that set-up makes. */
const MADE_BY_SETUP = ['nemoclaw-reference/*', PRIVATE_ENGINE_IMAGE];

/** The file that passes images from job to job; `phase9 setup --clean` removes it with the other caches. */
export function imageFile(): string {
  return path.join(readSettings().cacheDirectory, 'agent-images.tar');
}

/** Images of several gigabytes are written and read (ms). */
const DOCKER_BOUND = 900_000;

async function docker(args: readonly string[], signal: AbortSignal): Promise<string> {
  const end = await callProgram('docker', args, { within: DOCKER_BOUND, signal });
  if (end.status !== 0) throw new UserError(`docker ${args[0]} ${args[1]}: ${describeEnd(end)}`);
  return end.stdout;
}

async function save(file: string, signal: AbortSignal): Promise<string> {
  const format = ['--format', '{{.Repository}}:{{.Tag}}'];
  const filters = MADE_BY_SETUP.flatMap((one) => ['--filter', `reference=${one}`]);
  const listed = await docker(['image', 'ls', ...filters, ...format], signal);
  const images = listed.split('\n').filter((one) => one !== '' && !one.includes('<none>'));
  if (images.length === 0) throw new UserError('set-up has made no images: run `npm run setup` first');
  mkdirSync(path.dirname(file), { recursive: true });
  // Renamed only when it is whole: the next job must not load a part.
  await docker(['image', 'save', '--output', `${file}.part`, ...images], signal);
  renameSync(`${file}.part`, file);
  return `${images.length} images saved in ${file}`;
}

async function load(file: string, signal: AbortSignal): Promise<string> {
  if (!existsSync(file)) return `no ${file}: set-up will make the images`;
  await docker(['image', 'load', '--quiet', '--input', file], signal);
  return `images loaded from ${file}; set-up replaces those that are out of date`;
}

export const registerImages: Register = (ci, action) => {
  ci.command('images')
    .description('save the images that set-up made in a file of the cache directory, or load them from it')
    .addArgument(new Argument('<direction>').choices(['load', 'save']))
    .action((direction: 'load' | 'save') =>
      action('images', async (signal) => {
        const outcome = await (direction === 'save' ? save : load)(imageFile(), signal);
        process.stdout.write(`${outcome}\n`);
      }),
    );
};
