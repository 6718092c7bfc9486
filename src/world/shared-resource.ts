import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { stateDirectory } from '../run-context';
import { minutes, until } from '../sut/until';
import { interruption } from './interruption';

/**
 * Holds something that this machine has once (a live checkout, an engine) for one scenario at a time, across all runs. The
 * lock of a process that died is free after ten seconds.
 * @returns the release
 * @throws WaitError when another scenario does not let go of it within half an hour.
 */
export async function holdShared(name: string): Promise<() => Promise<void>> {
  const directory = path.join(stateDirectory(), 'locks');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, name.replace(/[^A-Za-z0-9]+/g, '-'));
  writeFileSync(file, '', { flag: 'a' });
  const release = await until(
    `the shared ${name}, which another scenario holds`,
    () =>
      lockfile.lock(file, { stale: 10_000 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ELOCKED') return undefined;
        throw error;
      }),
    { within: minutes(30), every: 500, signal: interruption },
  );
  return release ?? (async () => undefined);
}
