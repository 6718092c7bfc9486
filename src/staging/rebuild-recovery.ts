import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { agentFile } from '../sut/agent-files';
import type { CommandResult } from '../sut/command';
import { type ContainerEvent, type ContainerFilter, onContainer } from '../sut/container-events';
import { textOf } from '../sut/host-cli';
import { fileAsItIs } from '../world/obligations/obligation';
import type { Phase9World } from '../world/world';
import { bringBack } from './bring-back';
import { runOnboarding } from './onboarding';
import { askForStatus, rebuild } from './rebuild';
import { type Break, type BreakName, breaks, linesOf } from './rebuild-recovery-breaks';
import { waysBackIn } from './way-back';

/** A rebuild that something ended behind the delete, and how its owner went on. */
export interface Interruption {
  readonly outcome: Observation<CommandResult>;
  /** What its owner reads: the rebuild's own output, or that of `status` where the command was killed. */
  readonly told: Observation<CommandResult>;
  readonly wayBack: readonly Observation<CommandResult>[];
}

declare module '../world/scenario-state' {
  interface ScenarioState {
    interruptions: Readonly<Partial<Record<BreakName, Interruption>>>;
    /** What was run to bring back a sandbox whose container is gone. */
    wayBackFromLoss: readonly Observation<CommandResult>[];
  }
}

/** Rebuilds the sandbox, and lets something end that once the old sandbox is gone; then puts right what was made wrong. */
export async function interruptRebuild(world: Phase9World, name: BreakName): Promise<void> {
  const broken: Break = breaks[name];
  const { obligations, tree } = world.own;
  await bringBack(world);
  const old = world.get('containerBefore');
  const lines = broken.dockerfile?.(world);
  const file = path.join(tree, agentFile(tree, world.get('agent'), 'dockerfile'));
  const owed = lines && (await obligations.register(fileAsItIs(file), 'interruption'));
  let group: number | undefined;
  const react = () => {
    if (lines) appendFileSync(file, linesOf(world, lines));
    else if (group !== undefined) process.kill(-group, 'SIGKILL');
  };
  const watch = await onContainer(...eventOf(world, broken), react);
  try {
    await rebuild(world, {
      started: (pid) => {
        group = pid;
      },
    });
  } finally {
    watch.end();
    if (owed !== undefined) await obligations.restoreNow(owed);
  }
  const outcome = world.get('outcome');
  const { ended } = outcome.peek();
  watch.mustHaveReacted();
  if (!lines && ended !== 'signalled') throw new Error(`the rebuild ended (${ended}) before it could be killed`);
  await broken.repair?.(world);
  if (!lines) await askForStatus(world);
  note(world, name, { outcome, told: world.get('outcome'), wayBack: [] });
  world.staged('interruption', { interruption: name, container: old });
}

/** The event of the engine at which a break comes. */
function eventOf(world: Phase9World, { when }: Break): [ContainerEvent, ContainerFilter] {
  if (when === 'old-removed') return ['destroy', { container: [world.get('containerBefore')] }];
  return ['start', { label: [`${world.profile.release.containers.label}=${world.get('sandbox')}`] }];
}

function note(world: Phase9World, name: BreakName, interruption: Interruption): void {
  world.set({ interruptions: { ...world.getIfSet('interruptions'), [name]: interruption } });
}

/** Runs, in their order, the commands by which a text says the sandbox comes back. */
export async function follow(world: Phase9World, told: CommandResult): Promise<readonly Observation<CommandResult>[]> {
  const sandbox = world.get('sandbox');
  const results: Observation<CommandResult>[] = [];
  for (const words of waysBackIn(`${textOf(told.stdout)}\n${textOf(told.stderr)}`, sandbox)) {
    const consent = words[1] === 'rebuild' && !words.includes('--yes') ? ['--yes'] : [];
    results.push(
      await world.own.cli.nemoclaw([...words, ...consent], {
        within: world.profile.bounds.rebuild,
        env: { NEMOCLAW_SANDBOX_NAME: sandbox, NEMOCLAW_AGENT: world.get('agent') },
      }),
    );
  }
  return results;
}

/** Does what the owner was told. Where the rebuild found a way past the break, there is nothing to do. */
export async function goWayBack(world: Phase9World, name: BreakName): Promise<void> {
  const interruption = world.get('interruptions')[name];
  if (interruption === undefined) throw new Error(`no rebuild was ended by ${name}`);
  if (interruption.outcome.peek().exit === 0) return;
  note(world, name, { ...interruption, wayBack: await follow(world, interruption.told.peek()) });
}

/** Onboards a sandbox of the same name, and asks for it to be made anew. */
export async function makeAnew(world: Phase9World): Promise<void> {
  await bringBack(world);
  world.set({ outcome: await runOnboarding(world, { NEMOCLAW_RECREATE_SANDBOX: '1' }) });
}
