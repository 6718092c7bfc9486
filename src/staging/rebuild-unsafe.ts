import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Phase9World } from '../world/world';
import { bringBack } from './bring-back';
import { PROVIDER_CREDENTIAL } from './onboarding';
import { blockBackups, rebuild } from './rebuild';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Name of the variable of the provider's credential that the session names, and the environment lacked. */
    missingCredential: string;
  }
}

/** Rebuilds the sandbox while the environment lacks the provider's credential. Its name is noted before: a refused rebuild must not choose it afterwards. */
export async function rebuildWithoutCredential(world: Phase9World): Promise<void> {
  await bringBack(world);
  const { durable, environment } = world.own;
  const variable = durable.session().peek().credentialEnv ?? PROVIDER_CREDENTIAL;
  const whole = { ...environment };
  delete environment[PROVIDER_CREDENTIAL];
  delete environment[variable];
  try {
    await rebuild(world);
  } finally {
    Object.assign(environment, whole);
  }
  world.set({ missingCredential: variable });
}

/** Rebuilds the sandbox while a file stands where the directory for backups belongs. Earlier backups lie elsewhere meanwhile. */
export async function rebuildWithoutPlace(world: Phase9World): Promise<void> {
  await bringBack(world);
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  const backupsBefore = durable.backups(sandbox).peek();
  const place = path.dirname(durable.backupsOf(sandbox));
  const aside = `${place}.aside`;
  if (existsSync(place)) renameSync(place, aside);
  blockBackups(world);
  try {
    await rebuild(world);
  } finally {
    rmSync(place, { recursive: true, force: true });
    if (existsSync(aside)) renameSync(aside, place);
  }
  world.set({ backupsBefore });
}
