import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { CommandOptions } from './child';
import type { Engine } from './engine';
import { certificateBundle, networkArguments } from './machine';

/** Where the machine's certificates lie inside a work container. */
export const BUNDLE_INSIDE = '/usr/local/share/phase9-machine-ca.pem';

export interface WorkContainer {
  readonly name: string;
  /** Copies a file or directory of this machine into the container. */
  copyIn(from: string, to: string): Promise<void>;
  /** Packs a file or directory of the container into a tar archive of this machine. */
  copyOut(from: string, archive: string): Promise<void>;
  /** Runs the container's command to its end. */
  start(options: Partial<CommandOptions>): Promise<void>;
}

/**
 * A container that does a piece of work with the network and the trust of this machine, and is removed after it.
 * Files go in and out by `docker cp`, so that an engine on another machine will do.
 */
export async function withContainer<T>(
  engine: Engine,
  image: string,
  command: readonly string[],
  work: (container: WorkContainer) => Promise<T>,
): Promise<T> {
  const name = `phase9-supply-${process.pid}-${randomBytes(4).toString('hex')}`;
  const bundle = certificateBundle();
  const network = networkArguments(bundle === undefined ? undefined : BUNDLE_INSIDE);
  const label = ['--label', 'phase9.supply=work'];
  await engine.docker(['create', '--name', name, '--user', '0', ...label, ...network, image, ...command]);
  try {
    const copyIn = async (from: string, to: string): Promise<void> => {
      await engine.docker(['cp', '--quiet', '--follow-link', from, `${name}:${to}`]);
    };
    const copyOut = async (from: string, archive: string): Promise<void> => {
      const stdoutTo = openSync(archive, 'w', 0o600);
      try {
        await engine.docker(['cp', `${name}:${from}`, '-'], { stdoutTo, within: 120_000 });
      } finally {
        closeSync(stdoutTo);
      }
    };
    if (bundle !== undefined) await copyIn(bundle, BUNDLE_INSIDE);
    const start = async (options: Partial<CommandOptions>): Promise<void> => {
      await engine.docker(['start', '--attach', name], options);
    };
    return await work({ name, copyIn, copyOut, start });
  } finally {
    await engine.removeContainer(name);
  }
}
