import { CommandFailure } from './failure';

/** Words that are commands of their own, and so can't be a sandbox's name. */
export const GLOBAL_COMMANDS = [
  'onboard',
  'list',
  'upgrade-sandboxes',
  'backup-all',
  'setup',
  'setup-spark',
  'help',
] as const;

/** @throws CommandFailure for a name that neither a container nor a host alias could bear. */
export function checkSandboxName(name: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,51}[a-z0-9])?$/.test(name)) {
    throw new CommandFailure(
      `'${name}' can't be a sandbox name: lower-case letters, digits and hyphens, at most 53, starting and ending with a letter or digit.`,
    );
  }
  if ((GLOBAL_COMMANDS as readonly string[]).includes(name)) {
    throw new CommandFailure(`'${name}' can't be a sandbox name: it is a command of nemoclaw.`);
  }
  return name;
}
