import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { agentState } from '../sut/agent-state';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';

/** More than OpenShell hands to one command on standard input, in bytes: what is moved in one piece is lost. */
const LARGE = 8 * 1024 * 1024 + 1;

const seenSchema = z.strictObject({
  /** By path below the state directory: what lies there. */
  seen: z.record(
    z.string(),
    z.strictObject({
      kind: z.string(),
      /** Permissions, octal; of files and directories. */
      mode: z.string().optional(),
      /** Whether the sandbox's user owns it. */
      own: z.boolean().optional(),
      /** SHA-256 of a file; target of a link; how many of the owner's rows a database has. */
      content: z.string().optional(),
    }),
  ),
  /** By path: why the sandbox's user could not change it. */
  fixed: z.record(z.string(), z.string()),
});
export type StateSeen = z.infer<typeof seenSchema>;

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What the owner keeps in the agent's state, as it lay there before the action. */
    stateBefore: StateSeen['seen'];
    /** The value of the owner's row in each database. */
    stateRow: string;
    /** The same places after the action: read, and then tried to be changed. */
    stateAfter: Observation<StateSeen>;
  }
}

const FIXTURE = 'state-witnesses';
const script = readFileSync(inRepository('fixtures/state-witnesses/witnesses.py'), 'utf8');

/** In every directory, and as every file, that the tree declares as the agent's state: what its owner keeps there. */
export async function stageStateWitnesses(world: Phase9World): Promise<void> {
  world.set({ stateRow: randomBytes(24).toString('hex') });
  const { seen } = (await run(world, true)).peek();
  world.set({ stateBefore: seen });
  const { directories, files } = agentState(world.own.tree, world.get('agent'));
  world.staged(FIXTURE, {
    directories: directories.join(', '),
    files: files.map(({ path }) => path).join(', ') || 'none',
    witnesses: String(Object.keys(seen).length),
  });
}

/** What now lies where the owner kept something, and whether the sandbox's user can change it. Read once a scenario: trying changes it. */
export async function stateAfter(world: Phase9World): Promise<Observation<StateSeen>> {
  const read = world.getIfSet('stateAfter') ?? (await run(world, false));
  world.set({ stateAfter: read });
  return read;
}

async function run(world: Phase9World, stage: boolean): Promise<Observation<StateSeen>> {
  const agent = world.get('agent');
  const { root, directories, files } = agentState(world.own.tree, agent);
  const plan = {
    root,
    directories,
    files,
    large: [directories[0], LARGE],
    links: world.profile.release.stateLinks[agent].filter(({ path }) => directories.includes(path.split('/')[0] ?? '')),
    row: world.get('stateRow'),
    stage,
  };
  // A JSON string is a string of Python, too.
  const program = `PLAN = ${JSON.stringify(JSON.stringify(plan))}\n${script}`;
  const call = await world.own.cli.must(world.sandbox().exec(['python3', '-'], program));
  return call.map(({ stdout }) => seenSchema.parse(JSON.parse(textOf(stdout))));
}
