import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { registrySchema, sessionSchema } from '../sut/durable-documents';
import type { Phase9World } from '../world/world';

function edit<T>(file: string, read: (json: unknown) => T, change: (value: T) => unknown): void {
  const changed = change(read(JSON.parse(readFileSync(file, 'utf8'))));
  writeFileAtomic.sync(file, `${JSON.stringify(changed, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Makes registry and session say what they say of a sandbox that was registered when its agent was `version`. Merged into
 * what is there: other sandboxes stay.
 */
export function stageRegistryAndSession(world: Phase9World, version: string): void {
  const { durable } = world.own;
  const name = world.get('sandbox');
  edit(
    durable.registryPath,
    (json) => registrySchema.parse(json),
    (registry) => {
      const entry = registry.sandboxes[name];
      if (!entry) throw new Error(`${durable.registryPath}: onboarding registered no ${name}`);
      return { ...registry, sandboxes: { ...registry.sandboxes, [name]: { ...entry, agentVersion: version } } };
    },
  );
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
