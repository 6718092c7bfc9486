import type { Audited } from './auditor';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { writeBundle } from '../evidence/bundle';
import { type EvidenceRecord, type StagedFixture, writeRecord } from '../evidence/record';
import { readRunPlan, writeRunPlan } from '../evidence/run-plan';
import type { ScenarioSummary } from '../evidence/scenario-summary';
import { ledgerEntry } from '../spec/ledger';
import { idsFor } from '../world/scenario-steps';
import type { IdTemplate, OwedAssertion } from '../world/step-meaning';
import { type Tags, variantOf } from '../world/tags';
import { definedSteps } from '../world/step-registry';
import { makeAssertion, recordOf } from '../world/verdict';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Evidence that somebody offers, and what the auditor said of it. */
    claimed: Claim;
    audited: Audited;
  }
}


/** Evidence that somebody offers to an auditor. */
export interface Claim {
  readonly records: readonly EvidenceRecord[];
  /** The scenarios that it says it comes from. */
  readonly scenarios: readonly ScenarioSummary[];
}

/**
 * Makes every assertion of `rows` that speaks of the scenario's agent, here and now, and keeps those that hold: real evidence,
 * though of a scenario that did not start as the rows demand.
 */
export async function whatHolds(world: Phase9World, rows: readonly string[]): Promise<EvidenceRecord[]> {
  const tags = [...rows.map((row) => ({ name: `@${row}` })), { name: `@${world.get('agent')}` }];
  const records: EvidenceRecord[] = [];
  for (const { meaning, pattern } of definedSteps()) {
    // A sentence with parameters makes sense in its own scenario alone.
    if (meaning.kind !== 'assertion' || meaning.body.length > 2) continue;
    const owed = owedHere(meaning.id, tags).filter(({ entry }) => rows.includes(entry.row));
    if (owed.length === 0) continue;
    const found = await makeAssertion(world, meaning.body, [], 'executed');
    if (found.verdict === 'passed') records.push(...owed.map((one) => recordOf(world, one, found, pattern)));
  }
  return records;
}

/** What a step would owe in a scenario with these tags; nothing where the ledger knows no such ID. */
function owedHere(template: IdTemplate, tags: Tags): OwedAssertion[] {
  try {
    return idsFor(template, tags).map((id) => {
      const entry = ledgerEntry(id);
      return { entry, variant: variantOf(entry, tags) };
    });
  } catch {
    return [];
  }
}

/** What a claimant says of a scenario at its end: that all went well, and that everything was put back. */
export function flawless(
  world: Phase9World,
  scenario: string,
  { run, fixtures }: { readonly run: string; readonly fixtures: readonly StagedFixture[] },
): ScenarioSummary {
  return {
    run,
    token: scenario.replaceAll(/[^\w-]/g, '_'),
    scenario,
    name: world.own.place.name,
    startedAt: world.own.begunAt,
    finishedAt: new Date().toISOString(),
    failure: null,
    fixtures: [...fixtures],
    wallMs: 1,
    sutMs: 1,
    restore: 'complete',
    obligations: [],
    records: [],
  };
}

/** Writes a claim into the scenario's directory as a run writes its evidence, with a bundle over it. @returns its directory. */
export function writeClaim(world: Phase9World, name: string, { records, scenarios }: Claim): string {
  const directory = path.join(world.own.directory, 'claims', name);
  mkdirSync(path.join(directory, 'scenarios'), { recursive: true });
  writeRunPlan(directory, { ...readRunPlan(world.own.reports), scenarios: [] });
  for (const record of records) writeRecord(directory, record);
  for (const one of scenarios) {
    const own = records.filter(({ scenario }) => scenario === one.scenario);
    const said = { ...one, records: own.map(({ id, variant, verdict }) => ({ id, variant, verdict })) };
    writeFileAtomic.sync(path.join(directory, 'scenarios', `${one.token}.json`), `${JSON.stringify(said)}\n`);
  }
  writeBundle(directory);
  return directory;
}
