import { type as systemOfHost } from 'node:os';
import type { Capability } from '../spec/capability';
import { agentFacts } from '../sut/agents';
import type { Profile } from '../sut/profile';
import type { ReleaseCapability } from '../sut/releases/release';
import type { Phase9World } from './world';

/** Thrown by staging that finds out that a capability is lacking: no failure, but the reason why assertions are not applicable. */
export class MissingCapability extends Error {
  override readonly name = 'MissingCapability';
  constructor(
    readonly capability: Capability,
    reason: string,
  ) {
    super(reason);
  }
}

/** What is known without trying: why it is lacking, or undefined. */
const known: Readonly<Record<Capability, (world: Phase9World) => string | undefined>> = {
  'container-gateway': ({ profile }) =>
    profile.containerGateway === null
      ? `the SUT of the profile ${profile.name} starts its gateway on the host, never in a container`
      : undefined,
  'second-engine': () => undefined,
  linux: () => (systemOfHost() === 'Linux' ? undefined : `this host runs ${systemOfHost()}, not Linux`),
  hermes: (world) => {
    const agent = world.getIfSet('agent');
    return agent === 'hermes' || agent === undefined
      ? undefined
      : `the sandbox runs ${agentFacts[agent].displayName}, which has no Hermes configuration`;
  },
  'credential-demanded': ({ profile }) => lackingIn(profile, 'credential-demanded'),
  'cached-base-image': ({ profile }) => lackingIn(profile, 'cached-base-image'),
};

/** Why the release of the SUT lacks a capability: its own reason, with its name. */
function lackingIn({ release }: Profile, capability: ReleaseCapability): string | undefined {
  const reason = release.lacks[capability];
  return reason === undefined ? undefined : `NemoClaw ${release.name}: ${reason}`;
}

/** The reason why one of `needed` is lacking, or undefined. */
export function lackOf(world: Phase9World, needed: readonly Capability[]): string | undefined {
  for (const capability of needed) {
    const reason = world.lacking.get(capability) ?? known[capability](world);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** The reason why not one assertion of the scenario makes sense here, or undefined. */
export function unableTo(world: Phase9World): string | undefined {
  const assertions = world.own.place.steps.flatMap((step) => step.makes);
  if (assertions.length === 0) return undefined;
  const reasons = assertions.map(({ entry }) => lackOf(world, entry.applies));
  return reasons.every((one) => one !== undefined) ? reasons[0] : undefined;
}
