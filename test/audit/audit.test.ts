import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Amendment } from '../../src/audit/amendment';
import { audit } from '../../src/audit/audit';
import { mergeBundles } from '../../src/audit/merge';
import type { AuditInput, Submission } from '../../src/audit/submission';
import type { EvidenceRecord } from '../../src/evidence/record';
import { healthy, healthyRun, NOW, ROWS, submissionOf } from './healthy';

const whole = healthyRun();
const recordsOf = (run: Submission) => run.records.flatMap(({ found }) => ('record' in found ? [found.record] : []));
const every = recordsOf(whole);
const scenarios = whole.bundle.predicate['phase9/v1'].scenarios;
const anyRecord = fc.constantFrom(...every);
const label = ({ id, variant }: Pick<EvidenceRecord, 'id' | 'variant'>) => `${id}/${variant}`;
const runs = { numRuns: 40 };

/** The result of an audit for one assertion: its row, and every finding that names it. */
function resultFor(input: AuditInput, record: EvidenceRecord) {
  const result = audit(input);
  return {
    row: result.rows.find(({ row }) => row === record.row),
    others: result.rows.filter(({ row }) => row !== record.row),
    findings: result.findings.filter((one) => one.id === record.id && one.variant === record.variant),
  };
}

describe('an audit', () => {
  it('finds any record that was removed', () => {
    fc.assert(
      fc.property(anyRecord, (gone) => {
        const left = every.filter((one) => label(one) !== label(gone));
        const { row, others, findings } = resultFor(healthy([submissionOf('a-run', left, scenarios)]), gone);
        expect(row?.evidence).to.equal(gone.level === 'core' ? 'unresolved' : 'evidence-complete');
        expect(findings.map(({ missing }) => missing)).to.include('a passing record');
        expect(others.every(({ evidence }) => evidence === 'evidence-complete')).to.equal(true);
      }),
      runs,
    );
  });

  it('finds any record whose file was removed or changed by a byte', () => {
    fc.assert(
      fc.property(anyRecord, fc.boolean(), (hit, gone) => {
        const records = whole.records.map((one) => {
          if (!('record' in one.found) || label(one.found.record) !== label(hit)) return one;
          return { ...one, found: gone ? { problem: 'it is gone' } : { ...one.found, sha256: '0'.repeat(64) } };
        });
        const { row, findings } = resultFor(healthy([{ ...whole, records }]), hit);
        expect(row?.evidence).to.equal('unresolved');
        expect(findings.map(({ gate }) => gate)).to.include('evidence');
      }),
      runs,
    );
  });

  it('is not made good by a second record that passes, nor by a second run', () => {
    fc.assert(
      fc.property(anyRecord, (hit) => {
        const failed = every.map(
          (one): EvidenceRecord =>
            label(one) === label(hit) ? { ...one, verdict: 'failed', reason: 'it does not hold' } : one,
        );
        const both = healthy([submissionOf('a-run', failed, scenarios), healthyRun(ROWS, 'another-run')]);
        const { row, findings } = resultFor(both, hit);
        expect(row?.evidence).to.equal(hit.level === 'core' ? 'unresolved' : 'evidence-complete');
        expect(findings.map(({ wrong }) => wrong).join()).to.match(
          /fails this (core|extended) assertion: it does not hold/,
        );
      }),
      runs,
    );
  });

  it('has the same result for one run and for a job for each row, in any order, and merges them to the same bytes', () => {
    const jobs = ROWS.map((row) => healthyRun([row], `job-${row}`));
    fc.assert(
      fc.property(fc.shuffledSubarray(jobs, { minLength: jobs.length }), (order) => {
        const result = audit(healthy(order));
        expect(result.complete).to.equal(true);
        expect(JSON.stringify(result)).to.equal(JSON.stringify(audit(healthy(jobs))));
        expect(JSON.stringify(mergeBundles([...order, ...order.slice(0, 2)]))).to.equal(
          JSON.stringify(mergeBundles(jobs)),
        );
        expect(result.rows.map(({ row, evidence }) => [row, evidence])).to.deep.equal(
          audit(healthy()).rows.map(({ row, evidence }) => [row, evidence]),
        );
      }),
      runs,
    );
  });

  it('judges only the rows that it was asked for', () => {
    const result = audit({ ...healthy([healthyRun(['AQ-053'])]), rows: ['AQ-053'] });
    expect(result.complete).to.equal(true);
    expect(result.rows.map(({ row }) => row)).to.deep.equal(['AQ-053']);
  });

  it('never counts evidence about the reference for the product', () => {
    const result = audit({ ...healthy(), kinds: ['reference', 'product'] });
    expect(result.rows.filter(({ evidence }) => evidence === 'evidence-complete').map(({ sut }) => sut)).to.deep.equal(
      ROWS.map(() => 'reference'),
    );
    expect(result.complete).to.equal(false);
  });

  it('refuses bundles about different systems, in whatever order and for every row', () => {
    const one = healthyRun(['AQ-050'], 'one');
    const sut = { ...one.bundle.predicate['phase9/v1'].sut, treeDigest: 'd'.repeat(64) };
    const records = recordsOf(one).map((record) => ({ ...record, sut }));
    const other = submissionOf('one', records, one.bundle.predicate['phase9/v1'].scenarios);
    const bundles = [other, healthyRun(['AQ-051'], 'two'), healthyRun(['AQ-051'], 'three')];
    const judged = (order: readonly Submission[]) => audit({ ...healthy(order), rows: ['AQ-050', 'AQ-051'] });
    const { rows, findings } = judged(bundles);
    expect(rows.map(({ evidence }) => evidence)).to.deep.equal(['unresolved', 'unresolved']);
    expect([...new Set(findings.map(({ wrong }) => wrong))]).to.deep.equal([
      'the bundles are about different systems under test',
    ]);
    expect(JSON.stringify(judged([...bundles].reverse()))).to.equal(JSON.stringify(judged(bundles)));
  });

  it('has the same result for a bundle and its altered copy, whichever comes first', () => {
    const copy = {
      ...whole,
      where: 'reports/copy/bundle.json',
      records: whole.records.map((one, index) => (index === 0 ? { ...one, found: { problem: 'it is gone' } } : one)),
    };
    const [a, b] = [audit(healthy([whole, copy])), audit(healthy([copy, whole]))];
    expect(a.complete).to.equal(false);
    expect(JSON.stringify(a)).to.equal(JSON.stringify(b));
    const moved = { ...whole, where: 'reports/moved/bundle.json' };
    expect(JSON.stringify(audit(healthy([whole, moved])))).to.equal(JSON.stringify(audit(healthy([moved, whole]))));
    expect(audit(healthy([whole, moved])).complete).to.equal(true);
  });
});

describe('an amendment', () => {
  const amendment: Amendment = {
    amends: 'AQ-054',
    sut: 'reference',
    reason: 'This machine cannot run a second engine.',
    reviewer: 'release manager',
    date: '2026-05-01',
    expires: '2026-06-30',
  };
  const withoutRow = submissionOf(
    'a-run',
    every.filter(({ row }) => row !== 'AQ-054'),
    scenarios,
  );
  const amended = (otherwise: Partial<Amendment> = {}, submissions = [withoutRow], now = NOW) =>
    audit({
      ...healthy(submissions),
      now,
      amendments: [{ file: 'audit/amendments/a.yaml', amendment: { ...amendment, ...otherwise } }],
    });
  const row = (result: ReturnType<typeof audit>) => result.rows.find((one) => one.row === 'AQ-054');

  it('applies to a row, and is shown wherever the row is', () => {
    const found = row(amended());
    expect(found?.evidence).to.equal('evidence-complete');
    expect(found?.amendments).to.deep.equal(['audit/amendments/a.yaml']);
    expect(found?.reasons.join()).to.contain('amended: audit/amendments/a.yaml');
    expect(found?.assertions.every((one) => one.level === 'extended' || one.amendment !== null)).to.equal(true);
  });

  it('applies to one assertion, and to no other', () => {
    const id = 'overlayfs.fix.onboards';
    const one = submissionOf(
      'a-run',
      every.filter((record) => record.id !== id),
      scenarios,
    );
    expect(row(amended({ amends: id }, [one]))?.evidence).to.equal('evidence-complete');
    expect(row(amended({ amends: 'overlayfs.fix.log-clean' }, [one]))?.evidence).to.equal('unresolved');
  });

  for (const [condition, otherwise, message] of [
    ['has expired', { expires: '2026-05-31' }, /it expired on 2026-05-31/],
    ['is dated in the future', { date: '2026-06-02' }, /in the future/],
    ['is the producer’s own', { reviewer: 'ci' }, /produced a bundle/],
    ['is the producer’s own, spelled differently', { reviewer: ' CI' }, /produced a bundle/],
    ['is for another kind of system', { sut: 'product' }, /^$/],
    ['names no known row', { amends: 'AQ-099' }, /AQ-099 is neither a row nor an assertion/],
    ['names no known assertion', { amends: 'overlayfs.nothing' }, /overlayfs\.nothing is neither/],
  ] as const) {
    it(`does not count when it ${condition}`, () => {
      const withProducer = submissionOf(
        'a-run',
        every.map(
          (record): EvidenceRecord =>
            record.row === 'AQ-054' ? { ...record, verdict: 'not-applicable', reason: 'no engine' } : record,
        ),
        scenarios,
      );
      const result = amended(otherwise, [withProducer]);
      expect(row(result)?.evidence).to.equal('unresolved');
      expect(
        result.findings
          .filter(({ wrong }) => wrong.includes('amendment'))
          .map(({ wrong }) => wrong)
          .join(),
      ).to.match(message);
    });
  }

  it('does not count when the producer wrote it for a row without records in the bundle', () => {
    expect(row(amended({ reviewer: 'ci' }))?.evidence).to.equal('unresolved');
  });

  it('never applies to forged evidence, to a leak, or to an incomplete restore', () => {
    const forged = {
      ...whole,
      records: whole.records.map((one) =>
        'record' in one.found && one.found.record.row === 'AQ-054'
          ? { ...one, found: { ...one.found, sha256: '0'.repeat(64) } }
          : one,
      ),
    };
    const leaked = { ...whole, secrets: [{ file: 'junit.xml', line: 1, secret: 'a canary (hex)' }] };
    const dirty = submissionOf(
      'a-run',
      every,
      scenarios.map((one) => ({ ...one, restore: 'incomplete' as const })),
    );
    for (const one of [forged, leaked, dirty]) expect(row(amended({}, [one]))?.evidence).to.equal('unresolved');
  });
});
