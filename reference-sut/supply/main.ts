import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { lock } from 'proper-lockfile';
import { home } from '../src/shared/home';
import { reasonOf } from '../src/shared/reason';
import { cleanImages } from './clean';
import { Engine } from './engine';
import { imageStates, makeImages } from './images';
import { type Report, reporter } from './progress';

interface Options {
  readonly json?: true;
  readonly clean?: true;
  readonly check?: true;
}

/** How long a second set-up waits for a first one to make the images, in polls of a second. */
const LOCK_POLLS = 900;

function cacheDirectory(): string {
  const given = process.env.PHASE9_CACHE_DIR ?? '';
  const directory = given === '' ? join(home(), '.cache', 'phase9') : given;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** One program at a time makes or removes images: the lock is a directory beside the cache, kept alive by its owner. */
async function locked<T>(directory: string, report: Report, work: () => Promise<T>): Promise<T> {
  const options = { lockfilePath: join(directory, 'agent-images.lock'), stale: 15_000, update: 5_000 };
  const release = await lock(directory, options).catch(() => {
    report({ step: 'images', state: 'waiting', text: 'another set-up is at work on the images' });
    return lock(directory, { ...options, retries: { retries: LOCK_POLLS, factor: 1, minTimeout: 1_000 } });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

async function run(options: Options, signal: AbortSignal): Promise<void> {
  const report = reporter(options.json === true);
  const engine = new Engine(signal);
  const given = process.env.PHASE9_BASE_IMAGE ?? '';
  if (options.check) {
    for (const { definition, local, fresh } of await imageStates(engine, given)) {
      const { agent, image } = definition;
      const state = fresh ? 'reused' : 'progress';
      const text = `${image} ${fresh ? 'is there' : local === undefined ? 'is missing' : 'is out of date'}`;
      report({ step: agent, state, text, image, ...(local === undefined ? {} : { id: local.id }) });
    }
    return;
  }
  // The common case needs neither lock nor directory.
  const states = options.clean ? [] : await imageStates(engine, given);
  if (!options.clean && states.every(({ fresh }) => fresh)) {
    const text = `all ${states.length} images are there`;
    report({ step: 'images', state: 'reused', text });
    return;
  }
  const directory = cacheDirectory();
  await locked(directory, report, async () => {
    if (options.clean) {
      const { removed, kept } = await cleanImages(engine, report);
      report({ step: 'clean', state: 'done', text: `${removed} images removed, ${kept} kept` });
      return;
    }
    const work = await mkdtemp(join(directory, 'agent-images-'));
    try {
      await makeImages(engine, report, work, given);
    } finally {
      // A killed installer's last child may still be writing for a moment.
      await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  });
}

const program = new Command('supply')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .description('Makes the local images that hold the real agents, from the package registries; reuses what is there.')
  .option('--json', 'one JSON object a line')
  .option('--check', 'only report which images are there')
  .option('--clean', 'remove the images')
  .action(async (options: Options) => {
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(signal));
    try {
      await run(options, interrupted.signal);
    } catch (error) {
      if (interrupted.signal.aborted) {
        process.exitCode = 130;
        process.stderr.write('supply: interrupted; the images made so far stay\n');
      } else {
        process.exitCode = 2;
        process.stderr.write(`supply: ${reasonOf(error)}\n`);
      }
    }
  });

void program.parseAsync();
