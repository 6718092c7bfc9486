import type { ScenarioSummary } from '../../evidence/scenario-summary';
import type { Ledger } from '../../spec/ledger';
import { about, aboutRow, type Candidate, type Evidence } from '../candidates';
import type { Finding } from '../finding';
import { isBefore } from '../instant';
import type { Submission } from '../submission';

/**
 * Cleanup gate: every scenario behind a row restored all that it registered; and an assertion that something was restored counts only
 * with proof that it had been changed.
 */
export function cleanupGate({ input, candidates, rows, ofRow, bundlesOf }: Evidence): Finding[] {
  const scenarios = rows.flatMap(({ kind, row }) => {
    const behind = new Map<ScenarioSummary, string>();
    for (const { scenario, submission } of ofRow(kind, row)) if (scenario) behind.set(scenario, submission.where);
    return [...behind].flatMap(([scenario, where]) =>
      faultsOf(scenario).map(({ wrong, missing }) => aboutRow(row, kind, 'cleanup', wrong, { missing, where })),
    );
  });
  const bundles = rows.flatMap(({ kind, row }) =>
    bundlesOf(kind, row).flatMap((one) =>
      openIn(one, row, input.ledger.byId).map((wrong) =>
        aboutRow(row, kind, 'cleanup', wrong, { missing: 'a complete restore', where: one.where }),
      ),
    ),
  );
  return [...scenarios, ...bundles, ...candidates.flatMap(withoutProof)];
}

/** A record that something was restored, without proof that it had been changed. */
function withoutProof(candidate: Candidate): Finding[] {
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
      about(candidate, 'cleanup', `“${owed}” was the case already before the restore`, 'a mutation that lasted'),
    );
}

/**
 * What a bundle leaves open for a row: scenarios of the row without a summary, which an extended assertion that was not run may hide;
 * scenarios without records whose restore is incomplete; and a bundle whose own verdict on the restore differs from its scenarios'.
 */
function openIn({ bundle }: Submission, row: string, ledger: Ledger['byId']): string[] {
  const { restore, scenarios, records, missing, startedAt } = bundle.predicate['phase9/v1'];
  const ended = new Set(scenarios.map(({ scenario }) => scenario));
  const all = [...records, ...missing];
  const withoutEnd = all.filter(({ scenario }) => !ended.has(scenario));
  const behind = new Set(all.map(({ scenario }) => scenario));
  // A verdict without an ended scenario is a finding of the no-cheat gate.
  const unseen = withoutEnd.filter(
    (one) => ledger.get(one.id)?.row === row && (!('verdict' in one) || one.verdict === 'not-run'),
  );
  const found = [...new Set(unseen.map(({ scenario }) => scenario))].map(
    (scenario) => `${scenario} did not run to its end, and nothing shows what it restored`,
  );
  // A scenario that itself began before its run is a finding of the evidence gate.
  const own = scenarios.filter((one) => behind.has(one.scenario) && !isBefore(one.startedAt, startedAt));
  const early = own.flatMap(({ scenario, obligations }) =>
    obligations
      .filter(({ owedAt }) => isBefore(owedAt, startedAt))
      .map(({ owed }) => `${scenario}: “${owed}” was registered before the run began (${startedAt})`),
  );
  found.push(...early);
  const withoutRecords = scenarios.filter(({ scenario }) => !behind.has(scenario));
  found.push(...withoutRecords.flatMap(faultsOf).map(({ wrong }) => wrong));
  const incomplete = scenarios.some((one) => one.restore !== 'complete');
  if (restore !== 'complete' && withoutEnd.length === 0 && !incomplete) {
    found.push('the bundle states that its restore is incomplete; its scenarios do not');
  }
  if (restore === 'complete' && (withoutEnd.length > 0 || incomplete)) {
    found.push('the bundle states that its restore is complete; its scenarios do not');
  }
  return found;
}

interface Fault {
  readonly wrong: string;
  readonly missing: string;
}

/** What a scenario did not restore, or restored at an impossible time. */
function faultsOf({ scenario, restore, obligations, finishedAt }: ScenarioSummary): Fault[] {
  const open = obligations
    .filter(({ dischargedAt, refusal }) => dischargedAt === null || refusal !== null)
    .map(({ owed, fixture, refusal }) => ({
      wrong: `${scenario} did not restore “${owed}” (${fixture})${refusal === null ? '' : `: ${refusal}`}`,
      missing: 'a restore',
    }));
  if (open.length === 0 && restore !== 'complete') {
    return [{ wrong: `${scenario} states that its restore is incomplete`, missing: 'a complete restore' }];
  }
  const reversed = obligations
    .filter(({ owedAt, mutatedAt, dischargedAt }) =>
      [mutatedAt, dischargedAt].some((at) => at !== null && isBefore(at, owedAt)),
    )
    .map(({ owed }) => ({
      wrong: `${scenario}: “${owed}” was mutated or restored before it was registered`,
      missing: 'a journal that was written first',
    }));
  const misplaced = obligations
    .filter(({ mutatedAt, dischargedAt }) => dischargedAt !== null && isBefore(dischargedAt, mutatedAt ?? dischargedAt))
    .map(({ owed }) => ({
      wrong: `${scenario}: “${owed}” was restored before it was mutated`,
      missing: 'a restore after the mutation',
    }));
  const late = obligations
    .filter(({ dischargedAt }) => dischargedAt !== null && isBefore(finishedAt, dischargedAt))
    .map(({ owed }) => ({
      wrong: `${scenario}: “${owed}” was restored after the scenario had ended (${finishedAt})`,
      missing: 'a restore within the scenario',
    }));
  return [...open, ...reversed, ...misplaced, ...late];
}
