import type { Policy } from './schema';

/** The policy of a sandbox that was created without one: its own files, and no network but inference. */
export function defaultPolicy(): Policy {
  return {
    version: 1,
    filesystem_policy: {
      include_workdir: true,
      read_only: ['/usr', '/lib', '/lib64', '/bin', '/sbin', '/etc', '/opt', '/proc', '/dev/urandom'],
      read_write: ['/sandbox', '/tmp', '/dev/null'],
    },
    landlock: { compatibility: 'best_effort' },
    process: { run_as_user: 'sandbox', run_as_group: 'sandbox' },
    network_policies: {},
  };
}
