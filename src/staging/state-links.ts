import { randomBytes } from 'node:crypto';
import { agentState } from '../sut/agent-state';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What stands in the files outside the state that links within it lead to. */
    linkedContent: string;
  }
}

/** Links a file and a directory from outside the agent's state into it, by absolute and by relative links, and backs up all sandboxes. */
export async function backUpWithLinks(world: Phase9World): Promise<void> {
  const { cli, durable } = world.own;
  const { root, directories } = agentState(world.own.tree, world.get('agent'));
  const content = `linked from outside ${randomBytes(24).toString('hex')}`;
  const script = [
    'set -e; outside=$(mktemp -d); cat > "$outside/file"; cp "$outside/file" /sandbox/phase9-outside',
    'mkdir -p "$1/links"; ln -s "$outside/file" "$1/links/absolute"; ln -s "$outside" "$1/links/directory"',
    'ln -s ../../../phase9-outside "$1/links/relative"; [ -f "$1/links/relative" ]',
  ].join('; ');
  await cli.must(world.sandbox().exec(['sh', '-c', script, 'link', `${root}/${directories[0]}`], content));
  world.set({ linkedContent: content, backupsBefore: durable.backups(world.get('sandbox')).peek() });
  world.set({ outcome: await cli.nemoclaw(['backup-all'], { within: world.profile.bounds.command }) });
}
