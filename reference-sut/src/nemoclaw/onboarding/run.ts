import { runPipeline, type Step, StepFailure } from '../../shared/pipeline';
import { reasonOf } from '../../shared/reason';
import { CommandFailure, linesOf } from '../failure';
import { say } from '../print';
import { beginStep, endSession, endStep, failStep, isDone, type SessionStep, saveSession } from '../session';
import type { OnboardContext } from './context';
import { PHASES, type Phase } from './phases';

/** The session's step of a phase; agent set-up is recorded under one of two names. */
function sessionStep(phase: Phase, context: OnboardContext): SessionStep | null {
  if (phase.name !== 'agent-setup') return phase.session;
  return context.manifest.name === 'openclaw' ? 'openclaw' : 'agent_setup';
}

async function reasonToSkip(
  phase: Phase,
  step: SessionStep | null,
  context: OnboardContext,
): Promise<string | undefined> {
  if (!context.resume) return undefined;
  // In a rebuild its own step restores the presets.
  if (phase.name === 'policies' && context.rebuilding !== null) return 'policy presets (the rebuild restores them)';
  if (phase.name === 'provider-selection' && context.inference !== undefined) return phase.skip?.(context);
  if (step === null || !isDone(context.session, step)) return undefined;
  return phase.skip?.(context);
}

function asStep(phase: Phase, index: number): Step<OnboardContext> {
  return {
    name: phase.name,
    run: async (context) => {
      const step = sessionStep(phase, context);
      say(`[${index + 1}/${PHASES.length}] ${phase.title(context)}`);
      const reason = await reasonToSkip(phase, step, context);
      if (reason !== undefined) {
        say(`  [resume] Skipping ${reason}`);
        if (step !== null && !isDone(context.session, step)) await endStep(context.session, step, 'complete');
        return;
      }
      if (step !== null) await beginStep(context.session, step);
      try {
        await phase.run(context);
      } catch (error) {
        await failStep(context.session, step ?? 'sandbox', reasonOf(error));
        throw error;
      }
      if (step === null) await saveSession(context.session);
      else await endStep(context.session, step, 'complete');
    },
  };
}

/** The onboarding pipeline: eight named phases, each recorded in the session, so that `--resume` continues where it failed. */
export const onboardSteps: readonly Step<OnboardContext>[] = PHASES.map(asStep);

/** @throws CommandFailure that names the phase. */
export async function runOnboarding(context: OnboardContext): Promise<void> {
  try {
    await runPipeline('onboard', onboardSteps, context);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const lines = linesOf(error.cause);
    throw new CommandFailure([`Onboarding failed at ${error.step}.`, ...lines]);
  }
  await endSession(context.session);
}
