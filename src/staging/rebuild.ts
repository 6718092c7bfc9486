import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { engine } from '../sut/engine';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    backupsBefore: readonly string[];
    /** SHA-256 over each of them, by name. */
    backupDigestsBefore: Readonly<Record<string, string>>;
    /** Text of the registry. */
    registryBefore: string;
  }
}

/** How the command of a rebuild is run, apart from the usual. */
export interface RebuildManner {
  /** A command that runs the rebuild's as its last arguments. */
  readonly through?: readonly [string, ...string[]] | undefined;
  /** Gets the pid of the command's process group once it runs. */
  readonly started?: ((group: number) => void) | undefined;
}

/** Rebuilds the sandbox as its owner would, and remembers backups and registry as they were just before. */
export async function rebuild(world: Phase9World, { through, started }: RebuildManner = {}): Promise<void> {
  const { durable, cli } = world.own;
  const sandbox = world.get('sandbox');
  world.set({
    backupsBefore: durable.backups(sandbox).peek(),
    backupDigestsBefore: durable.backupDigests(sandbox).peek(),
    registryBefore: readFileSync(durable.registryPath, 'utf8'),
  });
  const options = { within: world.profile.bounds.rebuild, ...(started && { started }) };
  const args = [sandbox, 'rebuild', '--yes', '--verbose'];
  if (through === undefined) return world.set({ outcome: await cli.nemoclaw(args, options) });
  const source = `nemoclaw ${args.join(' ')}`;
  world.set({ outcome: await cli.run([...through, ...world.profile.nemoclaw, ...args], options, source) });
}

/** Asks for the sandbox's status. */
export async function askForStatus(world: Phase9World): Promise<void> {
  const { command: within } = world.profile.bounds;
  world.set({ outcome: await world.own.cli.nemoclaw([world.get('sandbox'), 'status'], { within }) });
}

/** Connects to the sandbox, and leaves it at once. */
export async function connect(world: Phase9World): Promise<void> {
  const options = { within: world.profile.bounds.command, input: 'exit\n' };
  world.set({ outcome: await world.own.cli.nemoclaw([world.get('sandbox'), 'connect'], options) });
}

export async function backUpAll(world: Phase9World): Promise<void> {
  const { cli } = world.own;
  await cli.must(cli.nemoclaw(['backup-all'], { within: world.profile.bounds.command }));
}

/** Stops the sandbox's container. */
export async function stopSandbox(world: Phase9World): Promise<void> {
  await stopContainer(world.get('containerBefore'));
}

/** @throws when the container still runs afterwards. */
export async function stopContainer(id: string): Promise<void> {
  const container = engine().getContainer(id);
  await container.stop({ t: 2 });
  if ((await container.inspect()).State.Running) throw new Error(`the container ${id} did not stop`);
}

/** Puts a file where the directory for backups belongs: that stops even root, whom no mode stops. */
export function blockBackups(world: Phase9World): void {
  const place = path.dirname(world.own.durable.backupsOf(world.get('sandbox')));
  if (existsSync(place)) throw new Error(`${place} is there already; a file cannot stand in its way`);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, 'in the way\n');
}
