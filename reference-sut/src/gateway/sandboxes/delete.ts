import type { Step } from '../../shared/pipeline';
import { removeContainer, removeImage } from '../driver/container';
import { runOperation } from '../operation';
import type { SandboxRecord } from '../records';
import type { GatewayWorld } from '../world';
import { requireSandbox } from './views';

interface Deletion {
  readonly world: GatewayWorld;
  readonly record: SandboxRecord;
}

/** Deleting a sandbox, step by step. It is forgotten last: a deletion that failed midway can be repeated. */
export const deletion: readonly Step<Deletion>[] = [
  { name: 'mark', run: async ({ world, record }) => world.store.putSandbox({ ...record, phase: 'Deleting' }) },
  { name: 'connections', run: async ({ world, record }) => world.proxy.drop(record.name) },
  { name: 'container', run: async ({ record }) => removeContainer(record.container) },
  {
    name: 'image',
    run: async ({ record }) => {
      if (record.ownsImage) await removeImage(record.image);
    },
  },
  { name: 'forget', run: async ({ world, record }) => world.store.dropSandbox(record.name) },
];

/** Deletes a sandbox, its container and the image built for it. @throws {Problem} 404 when there is none. */
export async function deleteSandbox(world: GatewayWorld, name: string): Promise<void> {
  const record = requireSandbox(world, name);
  await runOperation(`delete ${name}`, deletion, { world, record });
}
