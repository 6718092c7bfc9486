import { Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import type { EvidenceRecord, StagedFixture } from '../evidence/record';
import { loadLedger } from '../spec/ledger';
import { auditOf, traceRows } from '../staging/auditor';
import { type Claim, flawless, whatHolds, writeClaim } from '../staging/fresh-rebuild-stays-unresolved';
import { action, check } from '../world/step-registry';
import type { Phase9World } from '../world/world';

const OLD_SANDBOX = 'old-sandbox';

function rowsAboutOldSandboxes(): string[] {
  return Object.entries(loadLedger().rows)
    .filter(([, { requires_fixtures }]) => requires_fixtures.includes(OLD_SANDBOX))
    .map(([row]) => row);
}

/** Writes the claim, and has the auditor judge it. */
async function claim(world: Phase9World, name: string, claimed: Claim): Promise<void> {
  const directory = writeClaim(world, name, claimed);
  world.set({ claimed, audited: await auditOf(world, [directory], rowsAboutOldSandboxes()) });
}

function summaries(world: Phase9World, records: readonly EvidenceRecord[]): Claim['scenarios'] {
  const places = [...new Set(records.map(({ scenario }) => scenario))];
  return places.map((scenario) =>
    flawless(world, scenario, {
      run: world.own.run,
      fixtures: records.find((record) => record.scenario === scenario)?.fixtures ?? [],
    }),
  );
}

When(
  'what then holds is claimed as evidence for every row about old sandboxes',
  action(async (world) => {
    const rows = rowsAboutOldSandboxes();
    const records = await whatHolds(world, rows);
    for (const row of rows) {
      if (!records.some((record) => record.row === row)) throw new Error(`nothing that holds here speaks of ${row}`);
    }
    await claim(world, 'as-it-is', { records, scenarios: summaries(world, records) });
  }),
);

When(
  'the claim is relabelled as that of the scenarios that start from an old sandbox',
  action(async (world) => {
    const rows = await traceRows(world);
    const records = world.get('claimed').records.flatMap((record): EvidenceRecord[] => {
      const real = rows.find(({ id, variant }) => id === record.id && variant === record.variant);
      if (!real) return [];
      const fixtures = record.fixtures.map((one) => ({ ...one, scenario: real.location }));
      return [{ ...record, scenario: real.location, step: real.step, fixtures }];
    });
    if (records.length === 0) throw new Error('there is nothing to relabel');
    await claim(world, 'relabelled', { records, scenarios: summaries(world, records) });
  }),
);

When(
  'the claim is given an old sandbox that another scenario staged',
  action(async (world) => {
    const { records } = world.get('claimed');
    const lent = (record: EvidenceRecord): StagedFixture => ({
      fixture: OLD_SANDBOX,
      run: record.run,
      scenario: 'features/phase9/9.1-rebuild-and-upgrade/rebuild-lifecycle.feature:1',
      stagedAt: record.startedAt,
      proof: { version: '0.0.1', expected: '9.9.9' },
    });
    const borrowed = records.map((record) => ({ ...record, fixtures: [...record.fixtures, lent(record)] }));
    await claim(world, 'borrowed', { records: borrowed, scenarios: summaries(world, borrowed) });
  }),
);

When(
  'the claim is made from a dry run of every scenario instead',
  action(async (world) => {
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
    await claim(world, 'dry-run', { records, scenarios: summaries(world, records) });
  }),
);

Then(
  'the auditor leaves every row unresolved, and misses the old sandbox in each',
  check((world) => {
    const { exit, result } = world.get('audited');
    const rows = rowsAboutOldSandboxes();
    expect(exit, "the audit's exit status").to.equal(1);
    expect(result.rows.map(({ row, evidence }) => `${row} ${evidence}`)).to.deep.equal(
      rows.map((row) => `${row} unresolved`),
    );
    const missing = result.findings.filter((one) => one.missing === OLD_SANDBOX && one.effect === 'blocks');
    for (const row of rows) {
      expect(
        missing.filter((one) => one.row === row && one.id === null).map(({ gate }) => gate),
        `what misses the old sandbox in ${row}`,
      ).to.deep.equal(['phase']);
    }
  }),
);
