import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { onContainer } from '../sut/container-events';
import type { Registry } from '../sut/durable-documents';
import { killGroup } from '../sut/process-group';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';
import { startSecond } from './upgrade-gateway-survivor-openshell';
import { attempt, consentingRun } from './upgrade-gateway-survivor-runs';

/** Looks for the place where the installer is to be killed; ends with the run. */
interface Watch {
  readonly end: () => void;
}

/** A place in the upgrade, found by what happens at a boundary. */
interface Place {
  readonly words: string;
  readonly watch: (world: Phase9World, kill: () => void) => Promise<Watch>;
}

/** A kill: its words in a feature, and its name in records. */
export const kills = {
  'in-backup': { words: 'a kill during the backup', watch: watchBackups },
  'gateway-gone': {
    words: 'a kill right after the old gateway went',
    watch: (world, kill) => onContainer('destroy', { container: [world.get('oldGateway').id] }, kill),
  },
  'sandbox-begun': {
    words: 'a kill while the first sandbox is made anew',
    watch: (world, kill) =>
      onContainer('start', { label: [`${world.profile.release.containers.label}=${world.get('sandbox')}`] }, kill),
  },
} as const satisfies Readonly<Record<string, Place>>;
export type KillName = keyof typeof kills;

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The runs of the installer that were to be killed. */
    killedRuns: Readonly<Partial<Record<KillName, Observation<CommandResult>>>>;
    /** The registry before the first of them. */
    registryBeforeKills: Registry;
  }
}

/** The name of the kill that a feature calls so. @throws when there is none */
export function killNamed(words: string): KillName {
  const found = (Object.keys(kills) as KillName[]).find((name) => kills[name].words === words);
  if (found === undefined) throw new Error(`there is no kill "${words}"`);
  return found;
}

/** A pattern for the words of all kills. */
export const killWords = new RegExp(
  Object.values(kills)
    .map(({ words }) => words)
    .join('|'),
);

/** A backup has begun as soon as a sandbox has one more directory for it. */
async function watchBackups(world: Phase9World, kill: () => void): Promise<Watch> {
  const count = () =>
    world.get('survivors').reduce((sum, { name }) => sum + world.own.durable.backups(name).peek().length, 0);
  const before = count();
  let over = false;
  const begun = async () => over || count() > before;
  void until('a backup to begin', begun, { within: world.profile.bounds.install, orElse: 'give-up' }).then((seen) => {
    if (seen && !over) kill();
  });
  return {
    end: () => {
      over = true;
    },
  };
}

/** Runs the current installer with consent, and kills it with all that it started when it comes to that place. */
export async function killInstaller(world: Phase9World, name: KillName): Promise<void> {
  if (world.getIfSet('killedRuns') === undefined) {
    await startSecond(world);
    world.set({ registryBeforeKills: world.own.durable.registry().peek() });
  }
  let group: number | undefined;
  const kill = () => {
    if (group !== undefined) killGroup(group);
  };
  const watch = await kills[name].watch(world, kill);
  const run = () =>
    consentingRun(world, {}, (pid) => {
      group = pid;
    });
  const note = async () => {
    const outcome = await run();
    world.set({ killedRuns: { ...world.getIfSet('killedRuns'), [name]: outcome } });
    return outcome;
  };
  try {
    // Only the old installation can be looked at whole: later there is none.
    if (name === 'in-backup') await attempt(world, note);
    else await note();
  } finally {
    watch.end();
  }
}

/** Runs the current installer with consent once more, to its end. */
export async function endUpgrade(world: Phase9World): Promise<void> {
  world.set({ registryBeforeUpgrade: world.get('registryBeforeKills'), outcome: await consentingRun(world) });
}
