import { rmSync } from 'node:fs';
import type { Step } from '../shared/pipeline';
import { allContainers, builtImages, removeContainer, removeImage } from './driver/container';
import { removeNetwork } from './driver/network';
import { log } from './log';
import { runOperation } from './operation';
import type { StateDirectory } from './state-directory';

/** A gateway to destroy, whether it runs or not. */
export interface Remains {
  readonly gatewayId: string;
  readonly network: string;
  /** Null where it is a volume, which is removed with the gateway's container. */
  readonly directory: StateDirectory | null;
}

/** Removing a gateway's containers, images, network and state. After a failure it can be repeated. */
export const destruction: readonly Step<Remains>[] = [
  {
    name: 'containers',
    run: async ({ gatewayId }) => {
      await Promise.all((await allContainers(gatewayId)).map(removeContainer));
    },
  },
  {
    name: 'images',
    run: async ({ gatewayId }) => {
      for (const image of await builtImages(gatewayId)) await removeImage(image);
    },
  },
  {
    name: 'network',
    run: async ({ network, gatewayId }) =>
      log('network', { network, outcome: await removeNetwork(network, gatewayId) }),
  },
  {
    name: 'state',
    run: async ({ directory }) => {
      if (directory !== null) rmSync(directory.root, { recursive: true, force: true });
    },
  },
];

/** Destroys everything that a gateway has made. */
export async function destroyRemains(remains: Remains): Promise<void> {
  await runOperation('destroy', destruction, remains);
}
