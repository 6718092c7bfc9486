import { mkdirSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { writeBundle } from '../evidence/bundle';
import { type EvidenceRecord, type StagedFixture, writeRecord } from '../evidence/record';
import { readRunPlan, writeRunPlan } from '../evidence/run-plan';
import type { ScenarioSummary } from '../evidence/scenario-summary';
import { ledgerEntry, loadLedger } from '../spec/ledger';
import { mapConcurrent } from '../sut/map-concurrent';
import { idsFor } from '../world/scenario-steps';
import type { IdTemplate, StepAssertion } from '../world/step-meaning';
import { definedSteps } from '../world/step-registry';
import { type Tags, variantOf } from '../world/tags';
import { makeAssertion, recordOf } from '../world/verdict';
import type { Phase9World } from '../world/world';
import type { Audited } from './auditor';
import { auditOf, traceRows } from './auditor';

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

/** Assertions that are made at the same time: most of them wait for a command. */
const LANES = 4;

/**
 * Makes every assertion of `rows` that speaks of the scenario's agent, here and now, and keeps those that pass: real evidence,
 * though of a scenario that did not start as the rows demand.
 */
async function whatPasses(world: Phase9World, rows: readonly string[]): Promise<EvidenceRecord[]> {
  const tags = [...rows.map((row) => ({ name: `@${row}` })), { name: `@${world.get('agent')}` }];
  const records = await mapConcurrent(
    definedSteps(),
    LANES,
    async ({ meaning, pattern }): Promise<EvidenceRecord[]> => {
      // A sentence with parameters makes sense in its own scenario alone.
      if (meaning.kind !== 'assertion' || meaning.body.length > 2) return [];
      const made = assertionsHere(meaning.id, tags).filter(({ entry }) => rows.includes(entry.row));
      if (made.length === 0) return [];
      const found = await makeAssertion(world, meaning.body, [], 'executed');
      return found.verdict === 'passed' ? made.map((one) => recordOf(world, one, found, pattern)) : [];
    },
  );
  return records.flat();
}

/** The assertions that a step would make in a scenario with these tags; nothing where the ledger knows no such ID. */
function assertionsHere(template: IdTemplate, tags: Tags): StepAssertion[] {
  try {
    return idsFor(template, tags).map((id) => {
      const entry = ledgerEntry(id);
      return { entry, variant: variantOf(entry, tags) };
    });
  } catch {
    return [];
  }
}

const OLD_SANDBOX = 'old-sandbox';

/** The rows that count only with an old sandbox. */
export function rowsAboutOldSandboxes(): string[] {
  return Object.entries(loadLedger().rows)
    .filter(([, { requires_fixtures }]) => requires_fixtures.includes(OLD_SANDBOX))
    .map(([row]) => row);
}

/** A claimant submits every check that passes here and now. @throws when none of them belongs to one of the rows. */
export async function claimAsItIs(world: Phase9World): Promise<void> {
  const rows = rowsAboutOldSandboxes();
  const records = await whatPasses(world, rows);
  for (const row of rows) {
    if (!records.some((record) => record.row === row)) throw new Error(`no check of ${row} passes here`);
  }
  await claim(world, 'as-it-is', records);
}

/** The claimant relabels the same records as those of the scenarios that start from an old sandbox. */
export async function claimRelabelled(world: Phase9World): Promise<void> {
  const rows = await traceRows(world);
  const records = world.get('claimed').records.flatMap((record): EvidenceRecord[] => {
    const real = rows.find(({ id, variant }) => id === record.id && variant === record.variant);
    if (!real) return [];
    const fixtures = record.fixtures.map((one) => ({ ...one, scenario: real.location }));
    return [{ ...record, scenario: real.location, step: real.step, fixtures }];
  });
  if (records.length === 0) throw new Error('there is nothing to relabel');
  await claim(world, 'relabelled', records);
}

/** The claimant adds an old sandbox to every record, which another scenario staged. */
export async function claimBorrowed(world: Phase9World): Promise<void> {
  const borrowed = ({ run, startedAt: stagedAt }: EvidenceRecord): StagedFixture => ({
    ...{ fixture: OLD_SANDBOX, run, stagedAt },
    scenario: 'features/phase9/9.1-rebuild-and-upgrade/rebuild-lifecycle.feature:1',
    proof: { version: '0.0.1', expected: '9.9.9' },
  });
  const records = world.get('claimed').records.map((one) => ({ ...one, fixtures: [...one.fixtures, borrowed(one)] }));
  await claim(world, 'borrowed', records);
}

/** The claimant submits a dry run of every scenario instead. */
export async function claimDryRun(world: Phase9World): Promise<void> {
  const [example] = world.get('claimed').records;
  if (!example) throw new Error('there is no claim to begin with');
  const rows = rowsAboutOldSandboxes();
  const records = (await traceRows(world))
    .filter(({ row }) => rows.includes(row))
    .map(
      ({ id, variant, row, level, boundary, location, step }): EvidenceRecord => ({
        ...example,
        ...{ id, variant, row, level, boundary, step },
        scenario: location,
        execution: 'dry-run',
        trace: [],
        fixtures: [],
      }),
    );
  await claim(world, 'dry-run', records);
}

/** Writes the claim, and has the auditor judge it. */
async function claim(world: Phase9World, name: string, records: readonly EvidenceRecord[]): Promise<void> {
  const places = [...new Set(records.map(({ scenario }) => scenario))];
  const scenarios = places.map((place) => flawless(world, place, records));
  const claimed = { records, scenarios };
  const directory = writeClaim(world, name, claimed);
  world.set({ claimed, audited: await auditOf(world, [directory], rowsAboutOldSandboxes()) });
}

/** The summary of a scenario in which, by the claim, all went well and everything was restored. */
function flawless(world: Phase9World, scenario: string, records: readonly EvidenceRecord[]): ScenarioSummary {
  return {
    run: world.own.run,
    token: scenario.replaceAll(/[^\w-]/g, '_'),
    scenario,
    name: world.own.place.name,
    startedAt: world.own.begunAt,
    finishedAt: new Date().toISOString(),
    failure: null,
    fixtures: records.find((record) => record.scenario === scenario)?.fixtures ?? [],
    wallMs: 1,
    sutMs: 1,
    restore: 'complete',
    obligations: [],
    records: records
      .filter((record) => record.scenario === scenario)
      .map(({ id, variant, verdict }) => ({ id, variant, verdict })),
  };
}

/** Writes a claim into the scenario's directory as a run writes its evidence, with a bundle over it. @returns its directory. */
function writeClaim(world: Phase9World, name: string, { records, scenarios }: Claim): string {
  const directory = path.join(world.own.directory, 'claims', name);
  mkdirSync(path.join(directory, 'scenarios'), { recursive: true });
  writeRunPlan(directory, { ...readRunPlan(world.own.reports), scenarios: [] });
  for (const record of records) writeRecord(directory, record);
  for (const one of scenarios)
    writeFileAtomic.sync(path.join(directory, 'scenarios', `${one.token}.json`), `${JSON.stringify(one)}\n`);
  writeBundle(directory);
  return directory;
}
