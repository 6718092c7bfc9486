import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { REPOSITORY } from '../../repository';
import type { Settings } from '../../settings';
import { UserError } from '../../user-error';
import { ensureChromium } from './chromium';
import type { Report } from './distribution';
import { ensureEngine } from './engine';
import { askEngine } from './engine-answer';
import { ensureHostPrograms } from './host-programs';
import { callSupply, type ImageEvent } from './images';
import { thisMachine } from './machine';
import { requireNode } from './node-version';
import { requirePackages } from './packages';
import { cleanPrivateEngine, makePrivateEngine } from './private-engine-image';
import { compileReference } from './reference';
import { makeReleases } from './releases';

/** One part of set-up; its work returns the outcome in a few words. */
export interface Part {
  readonly name: string;
  readonly title: string;
  readonly work: (report: Report) => Promise<string>;
}

/** The parts of set-up for the profile of `settings`, in their order. */
export function setupParts(settings: Settings, signal: AbortSignal): Part[] {
  const engine: Part = {
    name: 'engine',
    title: 'Docker Engine',
    work: async (report) => {
      const answer = await ensureEngine(thisMachine(settings.stateDirectory), settings.installEngine, report, signal);
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
      work: (report) => ensureHostPrograms(thisMachine(settings.stateDirectory), report, signal),
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
      work: async (report) => {
        let made = 0;
        await callSupply(
          REPOSITORY,
          settings,
          'make',
          (event) => {
            if (event.state === 'done' || event.state === 'reused') return;
            if (event.image !== undefined && event.state === 'progress') made += 1;
            report(lineFor(event));
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
      work: async (report) => ((await makePrivateEngine(REPOSITORY, settings, report, signal)) ? 'made' : 'up to date'),
    },
  ];
}

/** The part that only the suite’s own tests need. */
export function chromiumPart(settings: Settings, signal: AbortSignal): Part {
  return {
    name: 'chromium',
    title: "Chromium for the report's test",
    work: (report) => ensureChromium(thisMachine(settings.stateDirectory), report, signal),
  };
}

function lineFor({ step, text, seconds }: ImageEvent): string {
  return `${step}: ${text}${seconds === undefined ? '' : ` (${seconds} s)`}`;
}

/** The parts that remove what set-up made. */
export function cleanParts(settings: Settings, signal: AbortSignal): Part[] {
  return [
    {
      name: 'images',
      title: 'Agent images',
      work: async (report) => {
        const state = await askEngine(thisMachine(settings.stateDirectory), signal);
        if (!state.answers) {
          if (state.why === 'no-cli') return 'none: no Docker here';
          throw new UserError(`no Docker Engine answers, so its images cannot be removed (${state.output})`);
        }
        const events = await callSupply(REPOSITORY, settings, 'clean', (event) => report(event.text), signal);
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

/** Removes only files of set-up itself: PHASE9_CACHE_DIR may be a directory with other things. */
async function removeCaches(directory: string): Promise<string> {
  if (!existsSync(directory)) return 'none';
  const ours = (await readdir(directory)).filter((name) => /^(agent-images|private-engine)/.test(name));
  const outcome = await remove(ours.map((name) => path.join(directory, name)));
  await rmdir(directory).catch(() => undefined);
  return existsSync(directory) ? outcome : `removed ${directory}`;
}
