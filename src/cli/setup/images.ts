import path from 'node:path';
import { z } from 'zod';
import { jsonOf } from '../../json';
import type { Settings } from '../../settings';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';

const EVENT = z.object({
  step: z.string(),
  state: z.enum(['started', 'progress', 'done', 'reused', 'removed', 'kept', 'failed', 'waiting']),
  text: z.string(),
  seconds: z.number().optional(),
  image: z.string().optional(),
  id: z.string().optional(),
});
/** A line of the program that makes the agent images. */
export type ImageEvent = z.infer<typeof EVENT>;

/** Two minutes on two cores without any cache; a slow mirror may need several times that (ms). */
const IMAGES_BOUND = 1_800_000;

/**
 * Calls the program beside the reference SUT that makes, checks or removes the agent images.
 * @param onEvent called with each event as it comes.
 * @throws UserError with the program's message on stderr.
 */
export async function callSupply(
  repository: string,
  settings: Settings,
  mode: 'make' | 'check' | 'clean',
  onEvent: (event: ImageEvent) => void,
  signal: AbortSignal,
): Promise<ImageEvent[]> {
  const events: ImageEvent[] = [];
  const program = path.join(repository, 'reference-sut', 'supply', 'main.ts');
  const args = ['--require', require.resolve('ts-node/register'), program, '--json'];
  const end = await callProgram(process.execPath, mode === 'make' ? args : [...args, `--${mode}`], {
    cwd: repository,
    env: {
      ...process.env,
      TS_NODE_PROJECT: path.join(repository, 'tsconfig.json'),
      PHASE9_CACHE_DIR: settings.cacheDirectory,
      PHASE9_BASE_IMAGE: settings.baseImage,
    },
    within: IMAGES_BOUND,
    // It removes its containers and files before it ends.
    grace: 20_000,
    signal,
    onLine: (line) => {
      if (!line.startsWith('{')) return;
      const event = EVENT.safeParse(jsonOf(line));
      if (!event.success) return;
      events.push(event.data);
      onEvent(event.data);
    },
  });
  if (end.status !== 0) {
    const output = end.stderr.trim().replace(/^supply: /gm, '') || describeEnd({ ...end, stdout: '' });
    throw new UserError(`the agent images could not be ${mode === 'make' ? 'made' : `${mode}ed`}: ${output}`);
  }
  return events;
}
