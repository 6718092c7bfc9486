import type { Step } from '../../shared/pipeline';
import { reasonOf } from '../../shared/reason';
import type { PolicySetView, PolicyText } from '../api/messages';
import { log } from '../log';
import { runOperation } from '../operation';
import { nextRevision, type PolicyRevision } from '../policy/revision';
import { type Policy, parsePolicy } from '../policy/schema';
import { Problem } from '../problem';
import type { GatewayWorld } from '../world';
import { policyView, requireSandbox } from './views';

interface PolicyChange {
  readonly world: GatewayWorld;
  readonly sandbox: string;
  readonly submitted: PolicyText;
  policy?: Policy;
  next?: PolicyRevision;
}

/** Setting a sandbox's policy, step by step. The egress proxy reads the record at each request, so loading takes no time. */
export const policyChange: readonly Step<PolicyChange>[] = [
  {
    name: 'validate',
    run: async (change) => {
      try {
        change.policy = parsePolicy(change.submitted.text, change.submitted.file);
      } catch (error) {
        throw new Problem(400, reasonOf(error));
      }
    },
  },
  {
    name: 'submit',
    run: async (change) => {
      if (!change.policy) return;
      const { revision } = requireSandbox(change.world, change.sandbox);
      try {
        const next = nextRevision(revision, change.policy, Date.now());
        if (next) change.next = next;
      } catch (error) {
        throw new Problem(409, reasonOf(error));
      }
    },
  },
  {
    name: 'load',
    run: async ({ world, sandbox, next }) => {
      if (!next) return;
      const record = requireSandbox(world, sandbox);
      world.store.putSandbox({ ...record, revision: next, resourceVersion: record.resourceVersion + 1 });
      log('policy loaded', { sandbox, version: next.version, hash: next.hash.slice(0, 12) });
    },
  },
];

/** Sets a sandbox's policy. Unchanged content keeps its version. @throws {Problem} when it is no policy. */
export async function setPolicy(world: GatewayWorld, sandbox: string, submitted: PolicyText): Promise<PolicySetView> {
  requireSandbox(world, sandbox);
  const change: PolicyChange = { world, sandbox, submitted };
  await runOperation(`policy ${sandbox}`, policyChange, change);
  return { ...policyView(requireSandbox(world, sandbox).revision), changed: change.next !== undefined };
}
