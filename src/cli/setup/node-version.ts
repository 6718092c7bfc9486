import { UserError } from '../../user-error';

/** The oldest Node that can require ES modules without a flag; the suite is CommonJS and needs that. */
export const OLDEST_NODE = [20, 19] as const;

/** Whether a version, in the form of `process.versions.node`, is new enough. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** @throws UserError when this Node is too old. */
export function requireNode(version = process.versions.node): void {
  if (isSupported(version)) return;
  throw new UserError(`Node ${version} is too old: ${OLDEST_NODE.join('.')} or later is needed`);
}
