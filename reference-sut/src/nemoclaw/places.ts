import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home } from '../shared/home';

/** NemoClaw's own state: `~/.nemoclaw`. */
export function stateDirectory(): string {
  return join(home(), '.nemoclaw');
}

export function registryFile(): string {
  return join(stateDirectory(), 'sandboxes.json');
}

export function sessionFile(): string {
  return join(stateDirectory(), 'onboard-session.json');
}

export function usageNoticeFile(): string {
  return join(stateDirectory(), 'usage-notice.json');
}

/** Versions seen inside base images, by image ID: an ID's content never changes, a tag's does. */
export function imageVersionsFile(): string {
  return join(stateDirectory(), 'cache', 'image-versions.json');
}

export function backupsDirectory(sandbox: string): string {
  return join(stateDirectory(), 'rebuild-backups', sandbox);
}

/** The source tree that this program belongs to: the parent of its bin directory, unless NEMOCLAW_ROOT names another. */
export function sourceRoot(): string {
  return process.env.NEMOCLAW_ROOT || dirname(dirname(realpathSync(__filename)));
}
