import type { Observation } from '../evidence/observation';
import { textOf } from '../sut/host-cli';
import type { PolicyDocument } from '../sut/openshell-output';
import { type PolicyShown, policiesShown } from '../sut/policy-list';
import type { Phase9World } from '../world/world';

/** A sandbox as its owner set it up: what a rebuild must leave as it is. */
export interface Instance {
  readonly policy: PolicyDocument;
  /** Its entry in the registry, every field. */
  readonly entry: Readonly<Record<string, unknown>> | null;
  readonly session: Readonly<Record<string, unknown>>;
  /** What NemoClaw's own list shows of each policy, by name. */
  readonly shown: Readonly<Record<string, PolicyShown>>;
  /** Type of each provider of the gateway, by name. */
  readonly providers: Readonly<Record<string, string>>;
}

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The sandbox just before the action. */
    instanceBefore: Instance;
  }
}

/** Notes how the sandbox is set up, so that it can be compared afterwards. */
export async function noteInstance(world: Phase9World): Promise<void> {
  const { durable, gateway } = world.own;
  const sandbox = world.get('sandbox');
  world.set({
    instanceBefore: {
      policy: (await gateway.policyDocument(sandbox)).peek(),
      entry: durable.registryEntry(sandbox).peek(),
      session: durable.session().peek(),
      shown: (await policyList(world)).peek(),
      providers: (await gateway.providers()).peek(),
    },
  });
}

/** What `policy-list` shows of the sandbox's policies. */
export async function policyList(world: Phase9World): Promise<Observation<Instance['shown']>> {
  const { cli } = world.own;
  const argv = [world.get('sandbox'), 'policy-list'];
  const call = await cli.must(cli.nemoclaw(argv, { within: world.profile.bounds.command }));
  return call.map(({ stdout }) => policiesShown(textOf(stdout)));
}
