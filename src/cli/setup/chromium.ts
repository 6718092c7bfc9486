import { onPath } from '../../on-path';
import { installPackages, type Report } from './distribution';
import type { Machine } from './machine';

/** Its names in distributions and on CI machines. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Chromium on PATH: the name and path of the first that is there; undefined when none is. */
export function findChromium(env: NodeJS.ProcessEnv): { readonly name: string; readonly file: string } | undefined {
  return NAMES.flatMap((name) => {
    const file = onPath(name, env);
    return file === undefined ? [] : [{ name, file }];
  })[0];
}

/**
 * Looks for Chromium, and installs the distribution's where there is none and this machine allows it. Scenarios do not need it,
 * so that set-up goes on without.
 * @returns the outcome in a few words.
 */
export async function ensureChromium(
  machine: Machine,
  report: Report,
  signal: AbortSignal,
  within?: number,
): Promise<string> {
  const found = findChromium(machine.env);
  if (found !== undefined) return `${found.name} is there`;
  const wanted = {
    packages: ['chromium'],
    otherwise: 'the test of the report’s page will fail until there is one',
  };
  return installPackages(machine, wanted, report, signal, within);
}
