import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Change, type Comparison, changes, compareRuns, isWorse } from '../../src/audit/compare/compare';
import type { SubmittedRun, Within } from '../../src/audit/compare/side';
import type { EvidenceRecord, Verdict } from '../../src/evidence/record';
import { parseKnownFailures } from '../../src/spec/known-failures';
import { aRecord, aSummary } from '../evidence/a-record';
import { aSubmission } from '../report/an-audit';
import { someRecords } from '../report/arbitrary';

const SUT = aRecord().sut;
const known = parseKnownFailures(
  'known.yaml',
  `version: 1
known:
  reference:
    v0.0.53:
      - { id: rebuild.openclaw.completes, what: The product does something else., report: NVIDIA/NemoClaw#1980, since: v0.0.53 }
`,
);

let number = 0;
/** A run with a digest of its own. */
const run = (...records: readonly EvidenceRecord[]): SubmittedRun => {
  number += 1;
  return aSubmission(`run-${number}`, records);
};
const compared = (a: readonly SubmittedRun[], b: readonly SubmittedRun[], within?: Within): Comparison =>
  compareRuns({ name: 'before', runs: a }, { name: 'after', runs: b }, known, within);
const having = ({ assertions }: Comparison, change: Change) =>
  assertions[change].map(({ id, variant }) => JSON.stringify([id, variant])).sort();
/** The class of the only assertion. */
const classOf = (comparison: Comparison) => changes.filter((change) => comparison.assertions[change].length > 0);

/** With a planned assertion that has no record. */
const planned = (of: SubmittedRun, id: string): SubmittedRun => {
  const { predicate } = of.bundle;
  const missing = [{ id, variant: null, scenario: 'features/a.feature:7' }];
  const own = { ...predicate['phase9/v1'], missing };
  return { ...of, digest: `${of.digest}+`, bundle: { ...of.bundle, predicate: { ...predicate, 'phase9/v1': own } } };
};

/** Some of them planned an assertion of which they have no record. */
const runs = fc.array(
  fc.tuple(someRecords, fc.constantFrom(null, 'rebuild.openclaw.completes', 'nobody.knows')).map(([records, lost]) => {
    const of = run(...records);
    return lost === null || records.some(({ id, variant }) => id === lost && variant === null) ? of : planned(of, lost);
  }),
  { minLength: 1, maxLength: 3 },
);

const swapped: Readonly<Record<Change, Change>> = {
  'newly-red': 'newly-green',
  'newly-green': 'newly-red',
  'newly-missing': 'newly-made',
  'newly-made': 'newly-missing',
  'newly-applicable': 'no-longer-applicable',
  'no-longer-applicable': 'newly-applicable',
  'still-red': 'still-red',
  'still-missing': 'still-missing',
  'still-green': 'still-green',
  'still-not-applicable': 'still-not-applicable',
};

describe('a comparison of runs', () => {
  it('puts every assertion, in every variant, into exactly one class', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const comparison = compared(a, b);
        const placed = changes.flatMap((change) => having(comparison, change));
        const all = [...a, ...b].flatMap(({ records, bundle }) =>
          [...records.map(({ listed }) => listed), ...bundle.predicate['phase9/v1'].missing].map(({ id, variant }) =>
            JSON.stringify([id, variant]),
          ),
        );
        expect(placed.sort()).to.deep.equal([...new Set(all)].sort());
      }),
    );
  });

  it('of a side with itself has no change, and nothing that is slower', () => {
    fc.assert(
      fc.property(runs, (a) => {
        const comparison = compared(a, a);
        const changed = changes.filter((change) => !change.startsWith('still-'));
        expect(changed.flatMap((change) => having(comparison, change))).to.deep.equal([]);
        expect([comparison.worse, comparison.times.total?.difference ?? 0]).to.deep.equal([0, 0]);
        expect(comparison.times.scenarios.filter(({ is }) => is !== 'same')).to.deep.equal([]);
      }),
    );
  });

  it('mirrors every class when the sides are swapped', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const [there, back] = [compared(a, b), compared(b, a)];
        for (const change of changes) expect(having(back, swapped[change])).to.deep.equal(having(there, change));
      }),
    );
  });

  it('does not depend on the order of runs, or on one that is given twice', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const again = compared([...a].reverse().concat(a.slice(0, 1)), [...b].reverse());
        expect(JSON.stringify(again)).to.equal(JSON.stringify(compared(a, b)));
      }),
    );
  });

  const verdicts: readonly (readonly [was: Verdict | null, is: Verdict | null, change: Change, worse: boolean])[] = [
    ['passed', 'failed', 'newly-red', true],
    ['passed', 'not-run', 'newly-red', true],
    ['failed', 'passed', 'newly-green', false],
    ['not-run', 'failed', 'still-red', false],
    ['passed', 'not-applicable', 'no-longer-applicable', false],
    ['failed', 'not-applicable', 'no-longer-applicable', false],
    ['not-applicable', 'passed', 'newly-applicable', false],
    ['not-applicable', 'failed', 'newly-applicable', true],
    ['passed', null, 'newly-missing', true],
    ['failed', null, 'newly-missing', true],
    [null, 'passed', 'newly-made', false],
    [null, 'failed', 'newly-made', true],
    ['passed', 'passed', 'still-green', false],
    ['not-applicable', 'not-applicable', 'still-not-applicable', false],
  ];
  for (const [was, is, change, worse] of verdicts) {
    it(`calls ${was ?? 'none'} → ${is ?? 'none'} ${change}${worse ? ', and worse' : ''}`, () => {
      const of = (verdict: Verdict | null) => (verdict === null ? run() : run(aRecord({ verdict, reason: null })));
      const comparison = compared([of(was)], [of(is)]);
      expect(classOf(comparison)).to.deep.equal([change]);
      expect(comparison.worse).to.equal(worse ? 1 : 0);
    });
  }

  it('takes what was planned and has no record for missing', () => {
    const id = 'rebuild.openclaw.completes';
    const [whole, lost] = [run(aRecord({ id })), planned(run(), id)];
    expect(classOf(compared([whole], [lost]))).to.deep.equal(['newly-missing']);
    expect(classOf(compared([lost], [run()]))).to.deep.equal(['still-missing']);
  });

  it('compares each variant for itself', () => {
    const [one, other] = [aRecord({ variant: 'one' }), aRecord({ variant: 'other' })];
    const comparison = compared([run(one, other)], [run(one, { ...other, verdict: 'failed', reason: 'no' })]);
    expect(comparison.assertions['newly-red'].map(({ variant }) => variant)).to.deep.equal(['other']);
    expect(comparison.assertions['still-green'].map(({ variant }) => variant)).to.deep.equal(['one']);
  });

  it('lets the worst verdict of several runs count, and shows in how many it was', () => {
    const good = () => run(aRecord());
    const bad = run(aRecord({ verdict: 'failed', reason: 'it differs' }));
    const comparison = compared([good(), good()], [good(), bad, good()]);
    const [red] = comparison.assertions['newly-red'];
    expect([red?.b.runs, red?.b.of, red?.b.reason]).to.deep.equal([1, 3, 'it differs']);
    expect(red && isWorse(red)).to.equal(true);
  });

  it('takes a record that cannot be read for missing, and a bundle alone at its word', () => {
    const of = run(aRecord(), aRecord({ id: 'rebuild.openclaw.marker-preserved' }));
    const [first, second] = of.records;
    if (!first || !second) throw new Error('two records were submitted');
    const without = (...records: SubmittedRun['records'][number][]) => ({ ...of, digest: `${of.digest}-`, records });
    const lost = { listed: second.listed, found: { problem: 'it is not there' } };
    const one = compared([of], [without(first, lost)]);
    expect(one.assertions['newly-missing'].map(({ id, b }) => [id, b.reason])).to.deep.equal([
      [second.listed.id, 'it is not there'],
    ]);
    const alone = compared([of], [without({ ...lost, listed: first.listed }, lost)]);
    expect(alone.worse).to.equal(0);
    expect(alone.warnings.join()).to.match(/B: no record lies beside/);
  });
});

describe('a comparison of some rows', () => {
  it('has exactly the assertions that are asked for, each in its class of the whole', () => {
    const asked: fc.Arbitrary<Within> = fc.nat(2).map(
      (rest) =>
        ({ id }) =>
          id.length % 3 === rest,
    );
    fc.assert(
      fc.property(runs, runs, asked, (a, b, within) => {
        const [whole, part] = [compared(a, b), compared(a, b, within)];
        for (const change of changes) {
          expect(part.assertions[change]).to.deep.equal(whole.assertions[change].filter(within));
        }
        expect(part.worse).to.equal(changes.flatMap((change) => part.assertions[change]).filter(isWorse).length);
      }),
    );
  });

  it('times only the scenarios that make one of them', () => {
    const scenario = (line: number) => `features/a.feature:${line}`;
    const records = [aRecord({ scenario: scenario(7) }), aRecord({ id: 'b.c', row: 'AQ-053', scenario: scenario(9) })];
    const summaries = [7, 9].map((line) => aSummary({ scenario: scenario(line), name: `at ${line}` }));
    const of = () => {
      number += 1;
      return [aSubmission(`run-${number}`, records, summaries)];
    };
    const names = (within?: Within) => compared(of(), of(), within).times.scenarios.map(({ name }) => name);
    expect(names()).to.deep.equal(['at 7', 'at 9']);
    expect(names(({ row }) => row === 'AQ-053')).to.deep.equal(['at 9']);
  });
});

describe('known failures in a comparison', () => {
  const failed = run(aRecord({ verdict: 'failed', reason: 'no' }));

  it('are shown with what is still red, and stay red', () => {
    const [still] = compared([failed], [failed]).assertions['still-red'];
    expect(still?.b.known?.report).to.equal('NVIDIA/NemoClaw#1980');
    expect(compared([run(aRecord())], [failed]).worse).to.equal(1);
  });

  it('that passed are named, also where they passed before', () => {
    for (const before of [failed, run(aRecord())]) {
      expect(compared([before], [run(aRecord())]).turnedGreen.map(({ id }) => id)).to.deep.equal([
        'rebuild.openclaw.completes',
      ]);
    }
    expect(compared([failed], [failed]).turnedGreen).to.deep.equal([]);
  });

  it('of one release are none of another, nor where one of the runs is of another', () => {
    const other = run(aRecord({ verdict: 'failed', reason: 'no', sut: { ...SUT, version: '0.0.54' } }));
    for (const b of [[other], [other, failed]]) {
      expect(compared([failed], b).assertions['still-red'][0]?.b.known).to.equal(null);
    }
  });
});

describe('warnings of a comparison', () => {
  const suite = (of: SubmittedRun, sha256: string): SubmittedRun => {
    const configuration = [{ name: 'suite', digest: { sha256 } }];
    const predicate = { ...of.bundle.predicate, configuration };
    return { ...of, digest: `${of.digest}${sha256}`, bundle: { ...of.bundle, predicate } };
  };
  const [one, other] = ['1'.repeat(64), '2'.repeat(64)];

  it('name suites that differ, or that a bundle does not record', () => {
    const of = run(aRecord());
    expect(compared([suite(of, one)], [suite(of, one)]).warnings).to.deep.equal([]);
    expect(compared([suite(of, one)], [suite(of, other)]).warnings.join()).to.match(
      /suites differ \(A: 1{12}; B: 2{12}\)/,
    );
    expect(compared([suite(of, one)], [of]).warnings.join()).to.match(/suites differ .*not recorded/);
  });

  it('name systems of another kind, several systems on a side, and sides without anything in common', () => {
    const product = run(aRecord({ sut: { ...SUT, kind: 'product' } }));
    expect(compared([run(aRecord())], [product]).warnings.join('\n')).to.match(/kinds of system differ/);
    expect(compared([run(aRecord())], [run(aRecord()), product]).warnings.join('\n')).to.match(
      /side B mixes 2 systems/,
    );
    expect(compared([run(aRecord())], [run(aRecord({ id: 'another' }))]).warnings.join('\n')).to.match(
      /no assertion in common/,
    );
  });

  it('name a run that did not restore everything, and records that are not those of the bundle', () => {
    const of = run(aRecord());
    const { predicate } = of.bundle;
    const own = { ...predicate['phase9/v1'], restore: 'incomplete' as const };
    const left = { ...of, bundle: { ...of.bundle, predicate: { ...predicate, 'phase9/v1': own } } };
    expect(compared([of], [left]).warnings.join('\n')).to.match(/B: .*did not restore everything/);
    const [record] = of.records;
    if (!record || !('record' in record.found)) throw new Error('a record was submitted');
    const spoilt = { ...of, records: [{ ...record, found: { ...record.found, sha256: 'f'.repeat(64) } }] };
    expect(compared([of], [spoilt]).warnings.join('\n')).to.match(/B: 1 of the records .* not those that the bundle/);
  });
});
