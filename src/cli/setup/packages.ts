import path from 'node:path';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';

export interface PackagesState {
  readonly fresh: boolean;
  /** The state in a few words. */
  readonly report: string;
}

/** Whether node_modules is as package-lock.json says; bootstrap.cjs decides that. */
export async function packagesState(repository: string, signal: AbortSignal): Promise<PackagesState> {
  const bootstrap = path.join(repository, 'scripts', 'bootstrap.cjs');
  const end = await callProgram(process.execPath, [bootstrap, '--check-packages'], { within: 30_000, signal });
  const fresh = end.status === 0;
  return { fresh, report: fresh ? end.stdout.trim() : describeEnd(end, 2) };
}

/**
 * Does not install: this program runs on the very packages that would be replaced.
 * @throws UserError when they differ.
 */
export async function requirePackages(repository: string, signal: AbortSignal): Promise<void> {
  const { fresh, report } = await packagesState(repository, signal);
  if (!fresh) throw new UserError(`${report}. Run: npm run setup`);
}
