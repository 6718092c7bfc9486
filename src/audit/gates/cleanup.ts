import type { ScenarioSummary } from '../../evidence/scenario-summary';
import { about, aboutRow, type Evidence } from '../evidence';
import type { Finding } from '../finding';
import { isBefore } from '../instant';

/**
 * Cleanup gate: every scenario behind a row put back what it owed; and an assertion that something was put back counts only with
 * proof that it had been changed.
 */
export function cleanupGate({ input, candidates, ofRow }: Evidence): Finding[] {
  const scenarios = input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) => {
      const seen = new Map<ScenarioSummary, string>();
      for (const { scenario, submission } of ofRow(kind, row)) if (scenario) seen.set(scenario, submission.where);
      return [...seen].flatMap(([scenario, where]) =>
        notPutBack(scenario).map(({ wrong, missing }) => aboutRow(row, kind, 'cleanup', wrong, { missing, where })),
      );
    }),
  );
  const proofs = candidates.flatMap((candidate) => {
    const { record, scenario, step } = candidate;
    if (record?.verdict !== 'passed' || !scenario || step?.cleansUp == null) return [];
    const { cleansUp: fixture } = step;
    const made = scenario.obligations.filter((one) => one.fixture === fixture && one.mutatedAt !== null);
    if (made.length === 0) {
      return [about(candidate, 'cleanup', `the journal shows no mutation of the fixture ${fixture}`, 'a mutation')];
    }
    return made
      .filter(({ changed }) => changed !== true)
      .map(({ owed }) =>
        about(candidate, 'cleanup', `${owed}: was so already when it was to be put back`, 'a mutation that lasted'),
      );
  });
  return [...scenarios, ...proofs];
}

function notPutBack({ scenario, restore, obligations }: ScenarioSummary): { wrong: string; missing: string }[] {
  const open = obligations
    .filter(({ dischargedAt, refusal }) => dischargedAt === null || refusal !== null)
    .map(({ owed, fixture, refusal }) => ({
      wrong: `${scenario} did not put back “${owed}” (${fixture})${refusal === null ? '' : `: ${refusal}`}`,
      missing: 'a discharge',
    }));
  if (open.length === 0 && restore !== 'complete') {
    return [{ wrong: `${scenario} says that not everything was put back`, missing: 'a complete restore' }];
  }
  const reversed = obligations
    .filter(({ owedAt, mutatedAt, dischargedAt }) =>
      [mutatedAt, dischargedAt].some((at) => at !== null && isBefore(at, owedAt)),
    )
    .map(({ owed }) => ({
      wrong: `${scenario}: “${owed}” was mutated or discharged before it was owed`,
      missing: 'a journal that was written first',
    }));
  return [...open, ...reversed];
}
