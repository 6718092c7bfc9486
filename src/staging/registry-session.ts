import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { registrySchema, sessionSchema } from '../sut/durable-documents';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Fields of the sandbox's registry entry that its owner, or an older release, left there beside those of onboarding. */
    registryExtras: Readonly<Record<string, unknown>>;
  }
}

function edit<T>(file: string, read: (json: unknown) => T, change: (value: T) => unknown): void {
  const changed = change(read(JSON.parse(readFileSync(file, 'utf8'))));
  writeFileAtomic.sync(file, `${JSON.stringify(changed, null, 2)}\n`, { mode: 0o600 });
}

/** Makes the registry say that a sandbox runs `version`, or name none; merged into what is there, and the session is left alone. */
export function stageRegisteredVersionOnly(world: Phase9World, name: string, version: string | null): void {
  const { registryPath } = world.own.durable;
  edit(
    registryPath,
    (json) => registrySchema.parse(json),
    (registry) => {
      const { agentVersion, ...entry } = registry.sandboxes[name] ?? { name };
      const changed = version === null ? entry : { ...entry, agentVersion: version };
      return { ...registry, sandboxes: { ...registry.sandboxes, [name]: changed } };
    },
  );
}

/** Registers a sandbox like another one that was onboarded, with a version and a port of its own. */
export function registerLike(world: Phase9World, like: string, name: string, version: string): void {
  edit(
    world.own.durable.registryPath,
    (json) => registrySchema.parse(json),
    (registry) => {
      const entry = registry.sandboxes[like];
      if (!entry) throw new Error(`the registry has no ${like}`);
      const port = typeof entry.dashboardPort === 'number' ? { dashboardPort: entry.dashboardPort + 1 } : {};
      const own = { ...entry, ...port, name, agentVersion: version };
      return { ...registry, sandboxes: { ...registry.sandboxes, [name]: own } };
    },
  );
}

/**
 * Makes registry and session say what they say of a sandbox that was registered when its agent was `version`. Merged into
 * what is there: other sandboxes stay.
 */
export function stageRegistryAndSession(world: Phase9World, version: string): void {
  const { durable } = world.own;
  const name = world.get('sandbox');
  mergeIntoEntry(world, { agentVersion: version }, name);
  edit(
    durable.sessionPath,
    (json) => sessionSchema.parse(json),
    (session) => {
      const complete = new Set(['preflight', 'gateway']);
      const steps = Object.entries(session.steps).map(([step, state]) => [
        step,
        complete.has(step)
          ? { ...state, status: 'complete' }
          : { ...state, status: 'pending', startedAt: null, completedAt: null },
      ]);
      return {
        ...session,
        sandboxName: name,
        status: 'complete',
        resumable: true,
        lastCompletedStep: 'gateway',
        failure: null,
        steps: Object.fromEntries(steps),
      };
    },
  );
  world.staged('registry-session-staging', {
    registry: durable.registryPath,
    session: durable.sessionPath,
    registeredVersion: version,
  });
}

/** Merges fields into a sandbox's registry entry; other fields and other sandboxes stay. */
function mergeIntoEntry(world: Phase9World, fields: Readonly<Record<string, unknown>>, name: string): void {
  const { registryPath } = world.own.durable;
  edit(
    registryPath,
    (json) => registrySchema.parse(json),
    (registry) => {
      const entry = registry.sandboxes[name];
      if (!entry) throw new Error(`${registryPath}: onboarding registered no ${name}`);
      return { ...registry, sandboxes: { ...registry.sandboxes, [name]: { ...entry, ...fields } } };
    },
  );
}

/**
 * What an owner's entry holds beside what today's onboarding writes: the tier that the owner once began with (and then chose presets one by one, so that
 * its other presets are not wanted), a reasoning effort, and a setting that no release knows.
 */
export function stageRegistryExtras(world: Phase9World): void {
  addRegistryExtras(world, [world.get('sandbox')]);
}

/** The same, in the entries of several sandboxes. */
export function addRegistryExtras(world: Phase9World, names: readonly string[]): void {
  const registryExtras = {
    // Not the tier that an onboarding takes by itself.
    policyTier: 'restricted',
    reasoningEffort: 'high',
    phase9Owner: { team: 'builds', budget: 7, notify: ['first', 'second'] },
  };
  for (const name of names) mergeIntoEntry(world, registryExtras, name);
  world.set({ registryExtras });
  world.staged('registry-extras', {
    registry: world.own.durable.registryPath,
    fields: Object.keys(registryExtras).join(', '),
  });
}

/** Makes the session name these presets, and no others. */
export function stageSessionPresets(world: Phase9World, presets: readonly string[] | null): void {
  edit(
    world.own.durable.sessionPath,
    (json) => sessionSchema.parse(json),
    (session) => ({ ...session, policyPresets: presets }),
  );
}

/** Makes the session say that its onboarding broke off in the last step, once its owner had chosen the presets. */
export function stageBrokenOffInLastStep(world: Phase9World): void {
  edit(
    world.own.durable.sessionPath,
    (json) => sessionSchema.parse(json),
    (session) => ({
      ...session,
      status: 'in_progress',
      resumable: true,
      lastStepStarted: 'policies',
      steps: { ...session.steps, policies: { ...session.steps.policies, status: 'in_progress', completedAt: null } },
    }),
  );
}

/** Makes a sandbox the default one, as its owner would have chosen it. */
export function stageDefaultSandbox(world: Phase9World, name: string): void {
  edit(
    world.own.durable.registryPath,
    (json) => registrySchema.parse(json),
    (registry) => ({ ...registry, defaultSandbox: name }),
  );
}
