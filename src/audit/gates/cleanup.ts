import type { ScenarioSummary } from '../../evidence/scenario-summary';
import type { Ledger } from '../../spec/ledger';
import { about, aboutRow, type Evidence } from '../evidence';
import type { Finding } from '../finding';
import { isBefore } from '../instant';
import type { Submission } from '../submission';

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
  const bundles = input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) =>
      [...new Set(ofRow(kind, row).map(({ submission }) => submission))].flatMap((one) =>
        notShown(row, one, input.ledger.byId).map((wrong) =>
          aboutRow(row, kind, 'cleanup', wrong, { missing: 'a complete restore', where: one.where }),
        ),
      ),
    ),
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
  return [...scenarios, ...bundles, ...proofs];
}

/**
 * What a bundle leaves open: scenarios of the row that never told what they put back, as an extended assertion that was not run may hide;
 * scenarios of nobody's that say so; and that something was not put back where no scenario says what.
 */
function notShown(row: string, { bundle }: Submission, ledger: Ledger['byId']): string[] {
  const { restore, scenarios, records, missing, startedAt } = bundle.predicate['phase9/v1'];
  const ended = new Set(scenarios.map(({ scenario }) => scenario));
  const silent = [...records, ...missing].filter(({ scenario }) => !ended.has(scenario));
  const behind = new Set([...records, ...missing].map(({ scenario }) => scenario));
  // Of a verdict without an ended scenario the no-cheat gate tells.
  const unseen = silent.filter(
    (one) => ledger.get(one.id)?.row === row && (!('verdict' in one) || one.verdict === 'not-run'),
  );
  const found = [...new Set(unseen.map(({ scenario }) => scenario))].map(
    (scenario) => `${scenario} did not run to its end, and nothing shows what it put back`,
  );
  // Of a scenario that itself began before its run the evidence gate tells.
  const own = scenarios.filter((one) => behind.has(one.scenario) && !isBefore(one.startedAt, startedAt));
  const early = own.flatMap(({ scenario, obligations }) =>
    obligations
      .filter(({ owedAt }) => isBefore(owedAt, startedAt))
      .map(({ owed }) => `${scenario}: “${owed}” was owed before the run began (${startedAt})`),
  );
  found.push(...early);
  const unowned = scenarios.filter(({ scenario }) => !behind.has(scenario)).flatMap(notPutBack);
  found.push(...unowned.map(({ wrong }) => wrong));
  if (restore !== 'complete' && silent.length === 0 && scenarios.every((one) => one.restore === 'complete')) {
    found.push('the bundle says that not everything was put back');
  }
  if (restore === 'complete' && (silent.length > 0 || scenarios.some((one) => one.restore !== 'complete'))) {
    found.push('the bundle says that everything was put back; its scenarios do not');
  }
  return found;
}

function notPutBack({
  scenario,
  restore,
  obligations,
  finishedAt,
}: ScenarioSummary): { wrong: string; missing: string }[] {
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
  const misplaced = obligations
    .filter(({ mutatedAt, dischargedAt }) => dischargedAt !== null && isBefore(dischargedAt, mutatedAt ?? dischargedAt))
    .map(({ owed }) => ({
      wrong: `${scenario}: “${owed}” was discharged before it was mutated`,
      missing: 'a discharge of what was mutated',
    }));
  const beyond = obligations
    .filter(({ dischargedAt }) => dischargedAt !== null && isBefore(finishedAt, dischargedAt))
    .map(({ owed }) => ({
      wrong: `${scenario}: “${owed}” was discharged after the scenario had ended (${finishedAt})`,
      missing: 'a discharge within the scenario',
    }));
  return [...open, ...reversed, ...misplaced, ...beyond];
}
