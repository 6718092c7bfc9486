import { installPackages } from './distribution';
import { onPath } from './engine';
import type { Machine } from './machine';

/** Names under which distributions and CI machines have it; the report's test looks for the same. */
export const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/**
 * Looks for Chromium, and installs the distribution's where there is none and this machine lets us. Scenarios do not need it,
 * so that set-up goes on without.
 * @returns how it ended, in a few words.
 */
export async function ensureChromium(
  machine: Machine,
  tell: (text: string) => void,
  signal: AbortSignal,
  within?: number,
): Promise<string> {
  const there = CHROMIUM_NAMES.find((name) => onPath(name, machine.env));
  if (there !== undefined) return `${there} is there`;
  const wanted = {
    packages: ['chromium'],
    otherwise: 'the test of the report’s page will fail until there is one',
  };
  return installPackages(machine, wanted, tell, signal, within);
}
