import { UserError } from '../../user-error';

/** The oldest Node that requires ES modules without a flag, which the suite's CommonJS counts on. */
export const OLDEST_NODE = [20, 19] as const;

/** Whether a version as in `process.versions.node` will do. */
export function nodeWillDo(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** @throws CommandProblem when this Node is too old. */
export function requireNode(version = process.versions.node): void {
  if (nodeWillDo(version)) return;
  throw new UserError(`Node ${version} is too old: ${OLDEST_NODE.join('.')} or later is needed`);
}
