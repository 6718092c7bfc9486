import { type as systemOfHost } from 'node:os';
import type { Capability } from '../spec/capability';
import { agentFacts } from '../sut/agents';
import type { Profile } from '../sut/profile';
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

/** Why the system of `profile`, or this host, lacks a capability, as far as that is known without a scenario; undefined otherwise. */
export function lackOn({ name, containerGateway, release }: Profile, capability: Capability): string | undefined {
  const lacks: Readonly<Partial<Record<Capability, string>>> = release.lacks;
  if (capability === 'container-gateway' && containerGateway === null) {
    return `the SUT of the profile ${name} starts its gateway on the host, never in a container`;
  }
  if (capability === 'linux' && systemOfHost() !== 'Linux') return `this host runs ${systemOfHost()}, not Linux`;
  const reason = lacks[capability];
  return reason === undefined ? undefined : `NemoClaw ${release.name}: ${reason}`;
}

/** Why the scenario lacks a capability that its sandbox decides. */
function lackIn(world: Phase9World, capability: Capability): string | undefined {
  const agent = world.getIfSet('agent');
  if (capability !== 'hermes' || agent === undefined || agent === 'hermes') return undefined;
  return `the sandbox runs ${agentFacts[agent].displayName}, which has no Hermes configuration`;
}

/** The reason why one of `needed` is lacking, or undefined. */
export function lackOf(world: Phase9World, needed: readonly Capability[]): string | undefined {
  for (const capability of needed) {
    const reason = world.lacking.get(capability) ?? lackOn(world.profile, capability) ?? lackIn(world, capability);
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
