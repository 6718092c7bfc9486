import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { loadBlueprint } from '../blueprint';
import { CommandFailure, reasonOf } from '../failure';
import { runPipeline, StepFailure } from '../pipeline';
import { complain, say } from '../print';
import type { RebuildContext } from '../rebuild/context';
import { rebuildSteps } from '../rebuild/steps';
import { entryOf, readRegistry } from '../registry';
import { newSession, readSession } from '../session';

export const UNTOUCHED = 'Sandbox is untouched — no data was lost.';

export interface RebuildFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly verbose?: boolean;
}

/** What to tell of a failed rebuild, by how far it came. */
function explain(context: RebuildContext, failure: StepFailure): CommandFailure {
  const lines = failure.cause instanceof CommandFailure ? failure.cause.lines : [reasonOf(failure.cause)];
  const { backup, name } = context;
  if (!context.deleting) {
    const ending = failure.step === 'back-up' ? ['Aborting rebuild to prevent data loss.', UNTOUCHED] : [UNTOUCHED];
    return new CommandFailure([...lines, ...ending]);
  }
  const preserved = [
    `Backup is preserved at: ${backup?.directory}`,
    'To recover:',
    ...(context.recreated ? [] : ['  nemoclaw onboard --resume']),
    `  nemoclaw ${name} snapshot restore "${backup?.manifest.timestamp}"`,
  ];
  if (!context.deleted) {
    return new CommandFailure(['The old sandbox could not be deleted.', ...lines, ...preserved.slice(0, 1)]);
  }
  const what = context.recreated
    ? `The sandbox was recreated, and then the rebuild failed at ${failure.step}.`
    : 'Recreate failed after sandbox was destroyed.';
  return new CommandFailure([what, ...lines, ...preserved]);
}

/** Rebuilds a sandbox with the current agent, keeping its state. @throws CommandFailure that says what is lost: nothing. */
export async function rebuild(name: string, flags: RebuildFlags): Promise<void> {
  const entry = entryOf(name);
  if (!flags.yes && !flags.force && process.env.NEMOCLAW_YES !== '1' && process.env.NEMOCLAW_NON_INTERACTIVE !== '1') {
    throw new CommandFailure([`Rebuilding '${name}' replaces its container; confirm with --yes.`, UNTOUCHED]);
  }
  const context = rebuildContext(name, entry);
  const { agent } = context;
  say(`Rebuild sandbox '${name}'`);
  say(`  Current:  ${agent.display_name} ${entry.agentVersion ? `v${entry.agentVersion}` : '(version unknown)'}`);
  say(`  Target:   ${agent.display_name} v${agent.expected_version}`);
  say();
  const verbose = flags.verbose === true || process.env.NEMOCLAW_REBUILD_VERBOSE === '1';
  const onStep = (pipeline: string, step: string, ms: number): void => complain(`  [${pipeline}] ${step}: ${ms} ms`);
  try {
    await runPipeline('rebuild', rebuildSteps, context, verbose ? { onStep } : {});
  } catch (error) {
    if (error instanceof StepFailure) throw explain(context, error);
    throw error;
  }
  say(`✓ Sandbox '${name}' rebuilt successfully`);
  say(`  Now running: ${agent.display_name} v${context.version}`);
}

function rebuildContext(name: string, entry: RebuildContext['entry']): RebuildContext {
  try {
    return {
      name,
      entry,
      agent: loadAgentManifest(agentNamed(entry.agent)),
      blueprint: loadBlueprint(),
      session: readSession() ?? newSession('non-interactive'),
      wasDefault: readRegistry().defaultSandbox === name,
      deleting: false,
      deleted: false,
      recreated: false,
      baseImage: undefined,
      backup: undefined,
      version: undefined,
    };
  } catch (error) {
    throw new CommandFailure([...(error instanceof CommandFailure ? error.lines : [reasonOf(error)]), UNTOUCHED]);
  }
}
