import { landlockLauncher } from './landlock';

/** The part of a policy that names the files that a sandbox's programs reach (sut-contract.md, “Inside a sandbox”). */
export interface FilesystemPart {
  readonly filesystem_policy?:
    | {
        readonly include_workdir?: boolean | undefined;
        readonly read_only?: readonly string[] | undefined;
        readonly read_write?: readonly string[] | undefined;
      }
    | undefined;
  readonly landlock?: { readonly compatibility?: string | undefined } | undefined;
}

const WORKDIR = '/sandbox';

/** Devices that every program takes for granted and that lead nowhere. Shared memory is not among them. */
const DEVICES = {
  read_only: ['/dev/random', '/dev/urandom'],
  read_write: ['/dev/null', '/dev/zero', '/dev/full', '/dev/tty', '/dev/pts'],
} as const;

/** Becomes the launcher; without a Python the command runs unconfined where the policy is content with best effort. */
const entry = `
if [ -x /usr/bin/python3 ]; then exec /usr/bin/python3 -I -S -c "$0" "$@"; fi
if [ "$1" = hard_requirement ]; then
  echo "openshell-sandbox: the policy's file system part cannot be enforced: the image has no /usr/bin/python3" >&2
  exit 126
fi
shift 2
exec "$@"
`.trim();

/** The command line that runs `command` in a sandbox so that it reaches only the policy's files. */
export function confined(policy: FilesystemPart, command: readonly string[]): readonly string[] {
  const { include_workdir, read_only = [], read_write = [] } = policy.filesystem_policy ?? {};
  const rules = {
    read_only: [...DEVICES.read_only, ...read_only],
    read_write: [...DEVICES.read_write, ...(include_workdir === true ? [WORKDIR] : []), ...read_write],
  };
  const compatibility = policy.landlock?.compatibility ?? 'best_effort';
  return ['/bin/sh', '-c', entry, landlockLauncher, compatibility, JSON.stringify(rules), ...command];
}
