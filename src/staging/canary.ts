import { randomBytes } from 'node:crypto';
import { registerSecret } from '../secrets/redact';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Random secrets that this scenario staged; none of them may turn up anywhere. */
    canaries: string[];
  }
}

/** A random secret that stands for one of the owner's: registered, so that it is redacted everywhere and can be searched for. */
export function canary(world: Phase9World): string {
  const secret = `phase9canary${randomBytes(18).toString('hex')}`;
  registerSecret(secret);
  world.set({ canaries: [...(world.getIfSet('canaries') ?? []), secret] });
  return secret;
}
