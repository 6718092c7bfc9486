import type Docker from 'dockerode';
import { z } from 'zod';
import { engine, ifThere } from './engine';
import { sutTime } from './sut-time';
import { until } from './until';

/** Bound for an engine's start, in ms. It takes about two seconds; a loaded machine takes longer. */
const START_BOUND = 60_000;

/** How an engine stores images and containers, as `docker info` reports it. */
export interface EngineStorage {
  readonly driver: string;
  /** `driver-type` of its DriverStatus; names containerd's snapshotter where the engine stores by it. */
  readonly type: string | null;
}

const infoSchema = z.looseObject({
  Driver: z.string().min(1),
  DriverStatus: z.array(z.tuple([z.string(), z.string()])).nullish(),
});

/** Reads the answer of `docker info`. @throws when it names no driver, as while the engine is still starting. */
export function storageIn(info: unknown): EngineStorage {
  const { Driver, DriverStatus } = infoSchema.parse(info);
  return { driver: Driver, type: DriverStatus?.find(([name]) => name === 'driver-type')?.[1] ?? null };
}

function clientOf(socketPath: string): Docker {
  const Engine = require('dockerode') as typeof Docker;
  return new Engine({ socketPath });
}

/** Waits until the engine behind `socket` answers. @throws with the end of its log when its container ended. */
export async function engineStorage(socket: string, container: string): Promise<EngineStorage> {
  const answer = await until(
    `the engine in ${container} to answer`,
    async () => {
      const state = (await ifThere(() => engine().getContainer(container).inspect()))?.State;
      if (!state?.Running) throw new Error(`the engine in ${container} ended: ${await lastLogLines(container)}`);
      return clientOf(socket)
        .info()
        .then(storageIn)
        .catch(() => undefined);
    },
    { within: START_BOUND, every: 100 },
  );
  if (!answer) throw new Error(`the engine in ${container} does not answer`);
  return answer;
}

async function lastLogLines(container: string): Promise<string> {
  const log = await ifThere(() => engine().getContainer(container).logs({ stdout: true, stderr: true, tail: 3 }));
  // Each frame of the log begins with eight bytes of header; only printable characters are kept.
  return (log?.toString('utf8') ?? 'no log').replace(/[^\x20-\x7e\n]+/g, '').trim();
}

/** Restarts the engine in `container`, so that it reads its configuration again. */
export async function restartEngine(socket: string, container: string): Promise<EngineStorage> {
  // Three seconds suffice: containers inside end with the engine, and none needs to end gracefully.
  await sutTime.of(() => engine().getContainer(container).restart({ t: 3 }));
  return sutTime.of(() => engineStorage(socket, container));
}

/** Whether there is a container of that name, running or not. */
export async function containerThere(container: string): Promise<boolean> {
  return (await ifThere(() => engine().getContainer(container).inspect())) !== undefined;
}
