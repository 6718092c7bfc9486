import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { REPOSITORY } from '../../repository';
import { readSettings, type Settings } from '../../settings';
import { UserError } from '../../user-error';
import { runAction } from '../run-action';
import { ensureChromium } from './chromium';
import { askEngine, ensureEngine } from './engine';
import { ensureHostPrograms } from './host-programs';
import { callSupply, type ImageEvent } from './images';
import { thisMachine } from './machine';
import { requireNode } from './node-version';
import { requirePackages } from './packages';
import { cleanPrivateEngine, makePrivateEngine } from './private-engine';
import { compileReference } from './reference';
import { makeReleases } from './releases';

interface SetupOptions {
  readonly clean?: true;
  readonly tests?: true;
  readonly json?: true;
}

/** One part of set-up. @returns how it ended, in a few words. */
interface Part {
  readonly name: string;
  readonly title: string;
  readonly work: (tell: (text: string) => void) => Promise<string>;
}

/** Adds `phase9 setup`. */
export function registerSetup(program: Command): void {
  program
    .command('setup')
    .description('Makes this machine ready: packages, Docker Engine, reference SUT, images with the real agents.')
    .option('--clean', 'remove the images, the compiled reference SUT and the caches instead')
    .option('--tests', 'also what only the suite’s own tests need: Chromium, where this machine lets it be installed')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      [
        '',
        'Environment:',
        '  PHASE9_INSTALL_ENGINE=0   never install or start Docker Engine',
        '  PHASE9_BASE_IMAGE=IMAGE   Debian image below the agent images',
        '  PHASE9_CACHE_DIR=DIR      where images are prepared (default ~/.cache/phase9)',
        '  PHASE9_STATE_DIR=DIR      where journals and logs lie (default ~/.local/state/phase9)',
        '',
        'Exit status: 0; 2 when the input or this machine will not do; 130 when interrupted.',
      ].join('\n'),
    )
    .action((options: SetupOptions) =>
      runAction('setup', async (signal) => {
        const settings = readSettings();
        const usual = options.clean ? cleanParts(settings, signal) : setupParts(settings, signal);
        const parts = options.tests && !options.clean ? [...usual, chromiumPart(settings, signal)] : usual;
        await (options.json ? runAsJson(parts) : runAsTasks(parts));
      }),
    );
}

function setupParts(settings: Settings, signal: AbortSignal): Part[] {
  const engine: Part = {
    name: 'engine',
    title: 'Docker Engine',
    work: async (tell) => {
      const answer = await ensureEngine(thisMachine(settings.stateDirectory), settings.installEngine, tell, signal);
      return `${answer.version} answers`;
    },
  };
  const base: Part[] = [
    {
      name: 'node',
      title: 'Node',
      work: async () => {
        requireNode();
        return process.versions.node;
      },
    },
    {
      name: 'packages',
      title: 'npm packages',
      work: async () => {
        await requirePackages(REPOSITORY, signal);
        return 'as package-lock.json says';
      },
    },
    {
      name: 'programs',
      title: 'Programs of the host',
      work: (tell) => ensureHostPrograms(thisMachine(settings.stateDirectory), tell, signal),
    },
    engine,
  ];
  if (settings.profile === 'live') return base;
  return [
    ...base,
    {
      name: 'reference',
      title: 'Reference SUT',
      work: async () => ((await compileReference(REPOSITORY, signal)) ? 'compiled' : 'up to date'),
    },
    {
      name: 'images',
      title: 'Agent images',
      work: async (tell) => {
        let made = 0;
        await callSupply(
          REPOSITORY,
          settings,
          'make',
          (event) => {
            if (event.state === 'done' || event.state === 'reused') return;
            if (event.image !== undefined && event.state === 'progress') made += 1;
            tell(toldByEvent(event));
          },
          signal,
        );
        return made === 0 ? 'all there' : `${made} made`;
      },
    },
    {
      name: 'releases',
      title: 'Releases',
      work: async () => ((await makeReleases(REPOSITORY, signal)) ? 'made' : 'up to date'),
    },
    {
      name: 'private-engine',
      title: 'Private engine',
      work: async (tell) => ((await makePrivateEngine(REPOSITORY, settings, tell, signal)) ? 'made' : 'up to date'),
    },
  ];
}

function chromiumPart(settings: Settings, signal: AbortSignal): Part {
  return {
    name: 'chromium',
    title: "Chromium for the report's test",
    work: (tell) => ensureChromium(thisMachine(settings.stateDirectory), tell, signal),
  };
}

function toldByEvent({ step, text, seconds }: ImageEvent): string {
  return `${step}: ${text}${seconds === undefined ? '' : ` (${seconds} s)`}`;
}

function cleanParts(settings: Settings, signal: AbortSignal): Part[] {
  return [
    {
      name: 'images',
      title: 'Agent images',
      work: async (tell) => {
        const state = await askEngine(thisMachine(settings.stateDirectory), signal);
        if (!state.answers) {
          if (state.why === 'no-cli') return 'none: no Docker here';
          throw new UserError(`no Docker Engine answers, so its images cannot be removed (${state.said})`);
        }
        const events = await callSupply(REPOSITORY, settings, 'clean', (event) => tell(event.text), signal);
        return events.at(-1)?.text ?? 'none';
      },
    },
    { name: 'private-engine', title: 'Private engine', work: () => cleanPrivateEngine(signal) },
    {
      name: 'reference',
      title: 'Compiled reference SUT',
      work: () => remove(['dist', 'dist-releases'].map((name) => path.join(REPOSITORY, 'reference-sut', name))),
    },
    { name: 'caches', title: 'Caches', work: () => removeCaches(settings.cacheDirectory) },
  ];
}

async function remove(paths: readonly string[]): Promise<string> {
  const there = paths.filter((at) => existsSync(at));
  for (const at of there) await rm(at, { recursive: true, force: true });
  return there.length === 0 ? 'none' : `removed ${there.join(', ')}`;
}

/** Only what set-up itself puts there: the user may have pointed PHASE9_CACHE_DIR at a directory with other things. */
async function removeCaches(directory: string): Promise<string> {
  if (!existsSync(directory)) return 'none';
  const ours = (await readdir(directory)).filter((name) => /^(agent-images|private-engine)/.test(name));
  const said = await remove(ours.map((name) => path.join(directory, name)));
  await rmdir(directory).catch(() => undefined);
  return existsSync(directory) ? said : `removed ${directory}`;
}

async function runAsTasks(parts: readonly Part[]): Promise<void> {
  if (process.stdout.isTTY !== true) return runAsLines(parts);
  const { Listr } = await import('listr2');
  const tasks = parts.map(({ title, work }) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }): Promise<void> => {
      const said = await work((text) => {
        task.output = text;
      });
      task.title = `${title}: ${said}`;
    },
  }));
  const rendererOptions = { collapseErrors: true, showErrorMessage: false };
  await new Listr(tasks, { registerSignalListeners: false, rendererOptions }).run();
}

/** Without a terminal: a line for each thing that happens, none twice. */
async function runAsLines(parts: readonly Part[]): Promise<void> {
  for (const { title, work } of parts) {
    const said = await work((text) => process.stdout.write(`${title}: ${text}\n`));
    process.stdout.write(`${title}: ${said}\n`);
  }
}

async function runAsJson(parts: readonly Part[]): Promise<void> {
  const print = (event: Readonly<Record<string, unknown>>): void => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  };
  for (const { name, work } of parts) {
    const start = performance.now();
    try {
      const said = await work((text) => print({ part: name, state: 'progress', text }));
      print({ part: name, state: 'done', text: said, ms: Math.round(performance.now() - start) });
    } catch (error) {
      print({ part: name, state: 'failed', text: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }
}
