import type { Command } from 'commander';
import { reasonOf } from '../../reason';
import { readSettings } from '../../settings';
import { runAction } from '../run-action';
import { chromiumPart, cleanParts, type Part, setupParts } from './parts';

interface SetupOptions {
  readonly clean?: true;
  readonly tests?: true;
  readonly json?: true;
}

/** Adds `phase9 setup`. */
export function registerSetup(program: Command): void {
  program
    .command('setup')
    .description('Makes this machine ready: packages, Docker Engine, reference SUT, images with the real agents.')
    .option('--clean', 'remove the images, the compiled reference SUT and the caches instead')
    .option('--tests', 'also install what only the suite’s own tests need: Chromium, where this machine allows it')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      [
        '',
        'Environment:',
        '  PHASE9_INSTALL_ENGINE=0   never install or start Docker Engine',
        '  PHASE9_BASE_IMAGE=IMAGE   Debian image below the agent images',
        '  PHASE9_CACHE_DIR=DIR      directory in which images are prepared (default ~/.cache/phase9)',
        '  PHASE9_STATE_DIR=DIR      directory of journals and logs (default ~/.local/state/phase9)',
        '',
        'Exit status: 0; 2 for bad input or an unsuitable machine; 130 when interrupted.',
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

async function runAsTasks(parts: readonly Part[]): Promise<void> {
  if (process.stdout.isTTY !== true) return runAsLines(parts);
  const { Listr } = await import('listr2');
  const tasks = parts.map(({ title, work }) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }): Promise<void> => {
      const outcome = await work((text) => {
        task.output = text;
      });
      task.title = `${title}: ${outcome}`;
    },
  }));
  const rendererOptions = { collapseErrors: true, showErrorMessage: false };
  await new Listr(tasks, { registerSignalListeners: false, rendererOptions }).run();
}

/** Without a terminal: one line for each step and each outcome. */
async function runAsLines(parts: readonly Part[]): Promise<void> {
  for (const { title, work } of parts) {
    const outcome = await work((text) => process.stdout.write(`${title}: ${text}\n`));
    process.stdout.write(`${title}: ${outcome}\n`);
  }
}

async function runAsJson(parts: readonly Part[]): Promise<void> {
  const print = (event: Readonly<Record<string, unknown>>): void => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  };
  for (const { name, work } of parts) {
    const start = performance.now();
    try {
      const outcome = await work((text) => print({ part: name, state: 'progress', text }));
      print({ part: name, state: 'done', text: outcome, ms: Math.round(performance.now() - start) });
    } catch (error) {
      print({ part: name, state: 'failed', text: reasonOf(error) });
      throw error;
    }
  }
}
