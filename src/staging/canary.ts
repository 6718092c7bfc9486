import { randomBytes } from 'node:crypto';
import { registerSecret } from '../evidence/redact';
import type { Phase9World } from '../world/world';

/** A random secret that stands for one of the owner's: registered, so that it is redacted everywhere and can be searched for. */
export function canary(world: Phase9World): string {
  const secret = `phase9canary${randomBytes(18).toString('hex')}`;
  registerSecret(secret);
  world.learn({ canaries: [...(world.factIfThere('canaries') ?? []), secret] });
  return secret;
}
