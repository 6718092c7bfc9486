import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { tryDocker } from '../../shared/docker';

const InfoSchema = z.object({
  Driver: z.string(),
  DriverStatus: z.array(z.tuple([z.string(), z.string()])).nullable(),
});

/** How an engine stores images and containers, as `docker info` reports it. */
export type EngineStorage = z.infer<typeof InfoSchema>;

/** The machine, as far as the conflict depends on it. */
export interface Machine {
  readonly platform: string;
  readonly wsl: boolean;
}

/** @throws with the engine's reason when it does not answer. */
export async function engineStorage(): Promise<EngineStorage> {
  const result = await tryDocker(['info', '--format', '{{json .}}']);
  if (result.status !== 0) throw new Error(result.stderr.trim() || `docker info exit ${result.status}`);
  return InfoSchema.parse(JSON.parse(result.stdout));
}

export function thisMachine(): Machine {
  const { platform } = process;
  if (platform !== 'linux') return { platform, wsl: false };
  return { platform, wsl: /microsoft/i.test(readFileSync('/proc/sys/kernel/osrelease', 'utf8')) };
}

/**
 * Whether containers lie on an overlay by containerd's snapshotter: a cluster in one cannot mount its own on top. Docker's
 * version does not matter.
 */
export function conflicts({ Driver, DriverStatus }: EngineStorage, { platform, wsl }: Machine): boolean {
  const snapshotter = (DriverStatus ?? []).some((pair) => pair.includes('io.containerd.snapshotter.v1'));
  return platform === 'linux' && !wsl && Driver === 'overlayfs' && snapshotter;
}
