import path from 'node:path';
import { UserError } from '../../user-error';
import { callProgram, toldBy } from './program';

/** Whether node_modules holds what package-lock.json says; the judgement is bootstrap's own. */
export async function packagesState(
  repository: string,
  signal: AbortSignal,
): Promise<{ fresh: boolean; said: string }> {
  const bootstrap = path.join(repository, 'scripts', 'bootstrap.cjs');
  const call = { env: process.env, within: 30_000, signal };
  const end = await callProgram(process.execPath, [bootstrap, '--check-packages'], call);
  return { fresh: end.status === 0, said: end.status === 0 ? end.stdout.trim() : toldBy(end, 2) };
}

/**
 * Not repaired from here: the packages that would be replaced are the ones this program runs on.
 * @throws CommandProblem when they differ.
 */
export async function requirePackages(repository: string, signal: AbortSignal): Promise<void> {
  const { fresh, said } = await packagesState(repository, signal);
  if (!fresh) throw new UserError(`${said}. Run: npm run setup`);
}
