import type { EvidenceRecord } from '../../src/evidence/record';
import type { RunPlan } from '../../src/evidence/run-plan';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';

export const AT = '2026-01-02T03:04:05.678Z';
const SUT = { kind: 'reference', version: '0.0.53', commit: null, treeDigest: 'a'.repeat(64), dirty: null } as const;

/** A record of an assertion that passed, with what a test wants otherwise. */
export function aRecord(otherwise: Partial<EvidenceRecord> = {}): EvidenceRecord {
  return {
    id: 'rebuild.openclaw.completes',
    variant: null,
    row: 'AQ-050',
    level: 'core',
    verdict: 'passed',
    execution: 'executed',
    boundary: 'host-cli',
    trace: [
      {
        boundary: 'host-cli',
        source: 'nemoclaw archive rebuild --yes',
        kind: 'command',
        startedAt: AT,
        finishedAt: AT,
        seen: { exit: 0, stdout: 'done', error: null, there: true },
      },
    ],
    expected: 'exit status: 0',
    observed: 'exit status: 0',
    reason: null,
    startedAt: AT,
    finishedAt: AT,
    run: 'a-run',
    scenario: 'features/a.feature:7',
    scenarioName: 'The owner rebuilds',
    step: 'the rebuild succeeds',
    fixtures: [
      {
        fixture: 'old-sandbox',
        run: 'a-run',
        scenario: 'features/a.feature:7',
        stagedAt: AT,
        proof: { image: 'sha256:1' },
      },
    ],
    sut: SUT,
    ...otherwise,
  };
}

/** The plan of a run that owes those assertions, all in one scenario. */
export function aPlan(owed: readonly (readonly [id: string, variant: string | null])[]): RunPlan {
  return {
    run: 'a-run',
    producer: 'ci',
    startedAt: AT,
    profile: 'reference',
    sut: SUT,
    scenarios: [
      {
        location: 'features/a.feature:7',
        name: 'The owner rebuilds',
        agent: 'openclaw',
        assertions: owed.map(([id, variant]) => ({ id, variant, step: 'a step' })),
      },
    ],
    configuration: [{ name: 'audit/assertions.yaml', sha256: 'b'.repeat(64) }],
  };
}

/** What a scenario leaves that put everything back. */
export function aSummary(otherwise: Partial<ScenarioSummary> = {}): ScenarioSummary {
  return {
    run: 'a-run',
    token: 'p9-test-01',
    scenario: 'features/a.feature:7',
    name: 'The owner rebuilds',
    startedAt: AT,
    finishedAt: AT,
    failure: null,
    fixtures: [],
    wallMs: 1000,
    sutMs: 950,
    restore: 'complete',
    obligations: [],
    records: [],
    ...otherwise,
  };
}
