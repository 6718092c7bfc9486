import { readRecords, writeRecord } from '../evidence/record';
import type { RunPlan } from '../evidence/run-plan';
import { ledgerEntry } from '../spec/ledger';
import { interruption } from '../world/interruption';

/** Gives the verdict not-run to every assertion of the plan that has no record. */
export function recordNotRun(runDirectory: string, plan: RunPlan): void {
  const there = new Set(readRecords(runDirectory).map(({ record }) => `${record.id}/${record.variant}`));
  const now = new Date().toISOString();
  for (const scenario of plan.scenarios) {
    for (const { id, variant, step } of scenario.assertions) {
      if (there.has(`${id}/${variant}`)) continue;
      const { row, level, boundary } = ledgerEntry(id);
      writeRecord(runDirectory, {
        id,
        variant,
        row,
        level,
        verdict: 'not-run',
        execution: 'not-executed',
        boundary,
        trace: [],
        expected: '',
        observed: '',
        reason: interruption.aborted
          ? 'the run was interrupted'
          : 'the scenario did not reach its end: its worker died, or could not begin it',
        startedAt: now,
        finishedAt: now,
        run: plan.run,
        scenario: scenario.location,
        scenarioName: scenario.name,
        step,
        fixtures: [],
        sut: plan.sut,
      });
    }
  }
}
