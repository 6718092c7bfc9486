import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import type { Phase9World } from '../world/world';
import { stopSandbox } from './rebuild';
import { stageRegisteredVersionOnly } from './registry-session';
import { type Look, lookAt } from './sandbox-look';

declare module '../world/scenario-state' {
  interface ScenarioState {
    answers: readonly Answers[];
  }
}

/** What the registry may name as a sandbox's version. */
export const registeredVersions = {
  'the expected version': 'expectedVersion',
  'the old version': 'oldVersion',
  'no version': null,
} as const;
export type Registered = keyof typeof registeredVersions;

/** What NemoClaw answers to every question about a sandbox that changes nothing. */
export interface Answers {
  /** For the record: what the registry named, and whether the sandbox ran. */
  readonly when: string;
  readonly running: boolean;
  /** The version that the agent reported inside; of a stopped sandbox, when it last ran. */
  readonly inside: Observation<string>;
  readonly status: Observation<CommandResult>;
  readonly list: Observation<CommandResult>;
  readonly json: Observation<CommandResult>;
  readonly connect: Observation<CommandResult>;
  readonly looks: readonly [Look, Look];
}

/** Makes the registry name a version, or none, and asks every question about the sandbox. */
export async function askWhileRegistered(world: Phase9World, registered: Registered): Promise<void> {
  const version = registeredVersions[registered];
  stageRegisteredVersionOnly(world, world.get('sandbox'), version === null ? null : world.get(version));
  const inside = await world.sandbox().agentVersion();
  await ask(world, { when: `registered: ${registered}`, running: true, inside });
}

/** Stops the sandbox, makes the registry name a version that does not run in it, and asks. */
export async function askWhileStopped(world: Phase9World): Promise<void> {
  const inside = await world.sandbox().agentVersion();
  world.set({ containerBefore: (await world.sandbox().container()).peek()?.id ?? 'none' });
  await stopSandbox(world);
  stageRegisteredVersionOnly(world, world.get('sandbox'), world.get('oldVersion'));
  await ask(world, { when: 'stopped, registered: the old version', running: false, inside });
}

async function ask(world: Phase9World, about: Pick<Answers, 'when' | 'running' | 'inside'>): Promise<void> {
  const { cli } = world.own;
  const { command: within } = world.profile.bounds;
  const name = world.get('sandbox');
  const before = await lookAt(world, [name]);
  const question = (...words: string[]) => cli.nemoclaw(words, { within });
  const [status, list, json] = await Promise.all([
    question(name, 'status'),
    question('list'),
    question('list', '--json'),
  ]);
  // The product waits for a stopped sandbox as long as this variable says, in seconds.
  const patience = { NEMOCLAW_CONNECT_TIMEOUT: '5' };
  const connect = await cli.nemoclaw([name, 'connect'], { within, input: 'exit\n', env: patience });
  const looks = [before, await lookAt(world, [name])] as const;
  const answers = { ...about, status, list, json, connect, looks };
  world.set({ answers: [...(world.getIfSet('answers') ?? []), answers] });
}
