import type { Phase9World } from '../world/world';
import { named } from './named';
import { changeEngine, type OrdinaryOwner, type UnusableEngine } from './spark-install-machine';
import { type Refusal, runRefused } from './spark-install-runs';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The installer's runs where the engine cannot be used, each for another cause. */
    unusableEngines: readonly UnusableRun[];
  }
}

/** A run of the installer where the engine cannot be used; `cause` is a key of {@link causes}. */
export interface UnusableRun extends Refusal {
  readonly cause: string;
}

interface Cause {
  readonly engine: UnusableEngine;
  readonly owner: OrdinaryOwner | null;
  readonly environment: Readonly<Record<string, string>>;
}

const nobody = { owner: null, environment: {} };

/** Why an engine that is there cannot be used, by the words of the feature. */
export const causes: Readonly<Record<string, Cause>> = {
  'it is not running': { engine: 'stopped', ...nobody },
  'the owner may not use it': {
    engine: 'forbidden',
    owner: { name: 'owner', active: 'owner', registered: 'owner' },
    environment: {},
  },
  'the owner may use it from the next login': {
    engine: 'not yet',
    owner: { name: 'owner', active: 'owner', registered: 'owner docker' },
    environment: {},
  },
  'it is broken': { engine: 'broken', ...nobody },
  'it is too old': { engine: 'old', ...nobody },
  'the owner names another machine’s engine': {
    engine: 'elsewhere',
    owner: null,
    environment: { DOCKER_HOST: 'tcp://192.0.2.7:2375' },
  },
};

/** Runs the installer of a checkout, with consent, on a machine whose engine cannot be used, for each of these causes. */
export async function installForEachCause(world: Phase9World, words: readonly string[]): Promise<void> {
  const { machine, checkout } = world.get('spark');
  const runs: UnusableRun[] = [];
  for (const cause of words) {
    const { engine, owner, environment } = named(causes, cause);
    changeEngine(machine, engine, owner);
    runs.push({ cause, ...(await runRefused(world, { machine, checkout }, 'as root, with consent', environment)) });
  }
  world.set({ unusableEngines: runs });
}
