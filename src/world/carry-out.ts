import { bounded } from '../secrets/redact';
import { lackOf, MissingCapability, unableTo } from './capabilities';
import { interruption } from './interruption';
import type { StepAssertion, StepMeaning } from './step-meaning';
import { AssertionsFailed, judge, recordUnseen } from './verdict';
import type { Phase9World } from './world';

/** What Cucumber calls for every step; `meaning` comes from the step's definition. */
export async function carryOut(
  world: Phase9World,
  meaning: StepMeaning<Phase9World>,
  args: readonly unknown[],
): Promise<void> {
  interruption.throwIfAborted();
  switch (meaning.kind) {
    case 'action':
      return act(world, async () => meaning.body(world, ...(args as never[])));
    case 'check':
      return checked(world, async () => meaning.body(world, ...(args as never[])));
    case 'assertion': {
      const { makes } = world.step;
      const records = await judgeStep(world, makes, meaning, args, 'executed');
      const failed = records.filter(({ verdict }) => verdict === 'failed');
      if (failed.length > 0 && !world.moreActionsToCome) throw new AssertionsFailed(failed);
      return;
    }
    case 'cleanup':
  }
}

/** Where nothing that the scenario asserts makes sense here, there is nothing to do either. */
async function act(world: Phase9World, body: () => Promise<void>): Promise<void> {
  if (unableTo(world)) return;
  try {
    await body();
  } catch (error) {
    if (error instanceof MissingCapability) return world.lacks(error.capability, error.message);
    world.actionFailure ??= `"${world.step.text}" could not be carried out: ${reasonOf(error)}`;
    throw error;
  }
}

async function checked(world: Phase9World, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    world.checkFailure = `"${world.step.text}": ${reasonOf(error)}`;
    throw error;
  }
}

/** Makes the assertions of one step: the applicable ones by one look, the others with the reason why they are not applicable. */
export async function judgeStep(
  world: Phase9World,
  assertions: readonly StepAssertion[],
  { body }: Extract<StepMeaning<Phase9World>, { kind: 'assertion' }>,
  args: readonly unknown[],
  execution: 'executed' | 'judged-at-end',
) {
  const lacks = new Map(assertions.map((one) => [one, lackOf(world, one.entry.applies)] as const));
  const records = assertions.flatMap((one) => {
    const reason = lacks.get(one);
    return reason === undefined ? [] : [recordUnseen(world, one, 'not-applicable', reason, execution)];
  });
  const applicable = assertions.filter((one) => lacks.get(one) === undefined);
  return applicable.length === 0 ? records : [...records, ...(await judge(world, applicable, body, args, execution))];
}

function reasonOf(error: unknown): string {
  return bounded(error instanceof Error ? error.message : String(error));
}
