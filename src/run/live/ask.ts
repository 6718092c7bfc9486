import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bounded } from '../../secrets/redact';
import { endedHow, runCommand } from '../../sut/command';
import type { Profile } from '../../sut/profile';
import { seconds } from '../../sut/until';
import { sutEnvironment } from '../../world/sut-environment';
import type { Ask, Installation } from './look';

const BOUND = seconds(5);

/**
 * Looks at an installation: its programs get the environment of a scenario, and a HOME that is removed at the end, so that nothing of its
 * user's changes.
 */
export async function lookingAt<T>(
  profile: Profile,
  signal: AbortSignal,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'phase9-doctor-'));
  const isolation = {
    token: 'p9-doctor',
    gatewayPort: 0,
    dashboardPort: 0,
    hostsFile: '',
    baseImages: { openclaw: '', hermes: '' },
  };
  const places = { home: directory, temporary: directory, distribution: profile.distribution };
  const environment = sutEnvironment(profile, isolation, places);
  const ask: Ask = async (argv, within = BOUND) => {
    const logs = path.join(directory, 'logs');
    const env = { ...environment, GIT_TERMINAL_PROMPT: '0' };
    const result = await runCommand({ argv, env, cwd: directory, within, signal, logs });
    signal.throwIfAborted();
    const stdout = result.stdout.toString('utf8');
    const last = `${stdout}\n${result.stderr.toString('utf8')}`.trim().split('\n').at(-1) ?? '';
    const how = last === '' ? endedHow(result) : `${endedHow(result)}: ${bounded(last, 300)}`;
    return { ok: result.exit === 0, stdout, how };
  };
  // Everything is asked at once.
  setMaxListeners(0, signal);
  try {
    return await work({ profile, tree: path.join(profile.distribution, profile.tree), environment, ask });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
