import { onPath } from '../../on-path';
import { installPackages, type Report } from './distribution';
import type { Machine } from './machine';

/** Programs of this host that the installer scenarios call and a small Debian may lack, each with its package. */
const PACKAGES: Readonly<Record<string, string>> = {
  curl: 'curl',
  strings: 'binutils',
  tar: 'tar',
  gzip: 'gzip',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
};
const OTHERWISE = 'the installer scenarios (AQ-051, AQ-052, AQ-055) cannot run without';

/** The programs that are there, the missing ones, and the packages of these. */
export function hostPrograms(env: NodeJS.ProcessEnv): {
  readonly there: readonly string[];
  readonly missing: readonly string[];
  readonly packages: readonly string[];
} {
  const names = Object.keys(PACKAGES);
  const missing = names.filter((name) => onPath(name, env) === undefined);
  const packages = [...new Set(missing.flatMap((name) => PACKAGES[name] ?? []))];
  return { there: names.filter((name) => !missing.includes(name)), missing, packages };
}

/** Advice for a machine without these packages. */
export function adviceFor(packages: readonly string[]): string {
  return `${OTHERWISE}: apt-get install ${packages.join(' ')}`;
}

/** Installs missing programs where this machine allows it; most scenarios need none of them, so that set-up goes on without. */
export async function ensureHostPrograms(machine: Machine, report: Report, signal: AbortSignal): Promise<string> {
  const { missing, packages } = hostPrograms(machine.env);
  if (missing.length === 0) return 'all there';
  report(`there is no ${missing.join(', ')}`);
  return installPackages(machine, { packages, otherwise: OTHERWISE }, report, signal);
}
