import { runPipeline, type StepEvent, StepFailure } from '../../shared/pipeline';
import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { loadBlueprint } from '../blueprint';
import { CommandFailure, linesOf } from '../failure';
import { complain, say } from '../print';
import type { RebuildContext } from '../rebuild/context';
import { type Resumption, resumption } from '../rebuild/pending';
import { rebuildSteps, remainingSteps } from '../rebuild/steps';
import { entryOf, readRegistry } from '../registry';
import { newSession, readSession } from '../session';
import { stalenessOf } from '../staleness';

const UNTOUCHED = 'Sandbox is untouched — no data was lost.';

export interface RebuildFlags {
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly verbose?: boolean;
}

/** The message of a failed rebuild depends on how far it came. */
function explain(context: RebuildContext, failure: StepFailure): CommandFailure {
  const lines = linesOf(failure.cause);
  const { backup, name } = context;
  if (!context.deleting) {
    const ending = failure.step === 'back-up' ? ['Aborting rebuild to prevent data loss.', UNTOUCHED] : [UNTOUCHED];
    return new CommandFailure([...lines, ...ending]);
  }
  const preserved = [
    `Backup is preserved at: ${backup?.directory}`,
    'To recover:',
    // Either goes on with the pending rebuild to its end, restore and policies included.
    context.recreated
      ? `  nemoclaw ${name} snapshot restore "${backup?.manifest.timestamp}"`
      : '  nemoclaw onboard --resume',
  ];
  if (!context.deleted) {
    return new CommandFailure(['The old sandbox could not be deleted.', ...lines, ...preserved.slice(0, 1)]);
  }
  const what = context.recreated
    ? `The sandbox was recreated, and then the rebuild failed at ${failure.step}.`
    : 'Recreate failed after sandbox was destroyed.';
  return new CommandFailure([what, ...lines, ...preserved]);
}

/** Rebuilds a sandbox with the current agent, keeping its state. @throws CommandFailure with the way to recover: no data is lost. */
export async function rebuild(name: string, flags: RebuildFlags): Promise<void> {
  const entry = entryOf(name);
  if (!flags.yes && !flags.force && process.env.NEMOCLAW_YES !== '1' && process.env.NEMOCLAW_NON_INTERACTIVE !== '1') {
    throw new CommandFailure([`Rebuilding '${name}' replaces its container; confirm with --yes.`, UNTOUCHED]);
  }
  const resumed = await resumption({ ...entry, name });
  // What somebody wrote into the registry once is not what runs inside.
  const current = resumed === undefined ? (await stalenessOf(name, entry)).version : undefined;
  const context = rebuildContext(name, entry, resumed, current);
  const { agent } = context;
  say(`Rebuild sandbox '${name}'`);
  say(
    `  Current:  ${agent.display_name} ${current === undefined ? '(version unknown: it could not be asked)' : `v${current}`}`,
  );
  say(`  Target:   ${agent.display_name} v${agent.expected_version}`);
  if (resumed !== undefined) {
    say('Going on with the rebuild that was interrupted.');
    say(`  Backup: ${resumed.backup.directory}`);
  }
  say();
  const verbose = flags.verbose === true || process.env.NEMOCLAW_REBUILD_VERBOSE === '1';
  const onStep = (event: StepEvent): void => {
    if (event.outcome === 'done') complain(`  [${event.pipeline}] ${event.step}: ${event.ms} ms`);
  };
  try {
    const steps = resumed === undefined ? rebuildSteps : remainingSteps(resumed.recreated);
    await runPipeline('rebuild', steps, context, verbose ? onStep : undefined);
  } catch (error) {
    if (error instanceof StepFailure) throw explain(context, error);
    throw error;
  }
  say(`✓ Sandbox '${name}' rebuilt successfully`);
  say(`  Now running: ${agent.display_name} v${context.version}`);
}

function rebuildContext(
  name: string,
  entry: RebuildContext['entry'],
  resumed: Resumption | undefined,
  current: string | undefined,
): RebuildContext {
  try {
    return {
      name,
      entry,
      agent: loadAgentManifest(agentNamed(entry.agent)),
      blueprint: loadBlueprint(),
      session: readSession() ?? newSession('non-interactive'),
      current,
      wasDefault: readRegistry().defaultSandbox === name,
      deleting: resumed !== undefined,
      deleted: resumed !== undefined,
      recreated: resumed?.recreated ?? false,
      baseImage: undefined,
      backup: resumed?.backup,
      version: undefined,
    };
  } catch (error) {
    throw new CommandFailure([...linesOf(error), UNTOUCHED]);
  }
}
