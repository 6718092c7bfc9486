import { runPipeline, StepFailure } from '../../shared/pipeline';
import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { type Backup, listBackups } from '../backup/manifest';
import type { Blueprint } from '../blueprint';
import { CommandFailure, linesOf } from '../failure';
import { ensureGateway } from '../gateway-process';
import { checkMachine } from '../onboarding/phases';
import { sandboxPhases } from '../openshell';
import { say } from '../print';
import { readRegistry, type SandboxEntry } from '../registry';
import { newSession, readSession } from '../session';
import type { RebuildContext } from './context';
import { beginAnew, resumption } from './pending';
import { remainingSteps } from './steps';

/** A sandbox that is registered and backed up, but on no gateway: replacing a gateway leaves such sandboxes. */
interface Survivor {
  readonly name: string;
  readonly entry: SandboxEntry;
  readonly backup: Backup;
  /** Whether it exists, and lacks its state: its recreation was interrupted. */
  readonly recreated: boolean;
}

function backedUp(): Survivor[] {
  return Object.entries(readRegistry().sandboxes).flatMap(([name, entry]) => {
    const backup = listBackups(name).at(-1);
    return backup === undefined ? [] : [{ name, entry: { ...entry, name }, backup, recreated: false }];
  });
}

/** What of a candidate is to be done: nothing where the gateway has it and its recreation was not interrupted. */
async function toRecreate(candidate: Survivor, phases: ReadonlyMap<string, string>): Promise<Survivor[]> {
  const begun = await resumption(candidate.entry);
  if (begun !== undefined) return [{ ...candidate, ...begun }];
  return phases.has(candidate.name) ? [] : [candidate];
}

async function recreate({ name, entry, backup, recreated }: Survivor, blueprint: Blueprint): Promise<void> {
  const { manifest, directory } = backup;
  const agent = loadAgentManifest(agentNamed(entry.agent));
  say(`Sandbox '${name}' is registered and not on this gateway; recreating it from its backup.`);
  say(`  Backup: ${directory}`);
  const context: RebuildContext = {
    name,
    entry,
    agent,
    blueprint,
    session: readSession() ?? newSession('non-interactive'),
    current: undefined,
    wasDefault: readRegistry().defaultSandbox === name,
    deleting: true,
    deleted: true,
    recreated,
    baseImage: undefined,
    backup,
    version: undefined,
  };
  await beginAnew(name, backup);
  try {
    await runPipeline('recreate', remainingSteps(recreated), context);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const lines = linesOf(error.cause);
    throw new CommandFailure([
      `Sandbox '${name}' could not be recreated (${error.step}):`,
      ...lines,
      `Backup is preserved at: ${directory}`,
      context.recreated
        ? `To restore it: nemoclaw ${name} snapshot restore "${manifest.timestamp}"`
        : 'Put that right and run `nemoclaw onboard` again: it is still registered.',
    ]);
  }
  say(`✓ Sandbox '${name}' recreated from its backup of ${manifest.timestamp}`);
  say(`  Now running: ${agent.display_name} v${context.version}`);
}

/**
 * Recreates every registered sandbox that has a backup and is on no gateway any more, from its newest backup, and goes on where that was
 * interrupted; starts a gateway first where none runs. Does nothing where no registered sandbox has a backup.
 * @returns the names of those recreated.
 * @throws CommandFailure at the first that cannot be recreated; it stays registered, with its backup.
 */
export async function recreateSurvivors(blueprint: Blueprint): Promise<readonly string[]> {
  const candidates = backedUp();
  if (candidates.length === 0) return [];
  await checkMachine({ blueprint });
  await ensureGateway();
  const phases = await sandboxPhases();
  const names: string[] = [];
  for (const candidate of candidates) {
    for (const survivor of await toRecreate(candidate, phases)) {
      await recreate(survivor, blueprint);
      names.push(survivor.name);
    }
  }
  return names;
}
