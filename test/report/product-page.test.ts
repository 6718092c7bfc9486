import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Bundle } from '../../src/evidence/bundle';
import type { EvidenceRecord } from '../../src/evidence/record';
import { code, prose, reportLink } from '../../src/report/plain-markdown';
import { type ProductPage, type ProductRun, productPage } from '../../src/report/product-page';
import { NO_NOTES, parseEnvironmentNotes } from '../../src/spec/environment';
import { parseKnownFailures } from '../../src/spec/known-failures';
import { AT, aRecord } from '../evidence/a-record';
import { anyText } from './arbitrary';

const FAILS = 'rebuild.openclaw.completes';
const OTHER = 'rebuild.openclaw.marker-preserved';
const known = parseKnownFailures(
  'known.yaml',
  `version: 1\nknown:\n  reference:\n    v0.0.53:\n      - { id: ${FAILS}, what: The product does something else., report: NVIDIA/NemoClaw#1980, since: v0.0.50 }\n`,
);

/** A run with these records, and these planned assertions without one. */
function aRun(
  records: readonly EvidenceRecord[],
  otherwise: Partial<ProductRun> = {},
  missing: string[] = [],
): ProductRun {
  const { sut } = aRecord();
  const plain = {
    ...{ run: 'a-run', sut, startedAt: AT, restore: 'complete' },
    missing: missing.map((id) => ({ id, variant: null, scenario: 'features/a.feature:7' })),
  };
  const bundle = {
    predicate: { configuration: [{ name: 'suite', digest: { sha256: 'd'.repeat(64) } }], 'phase9/v1': plain },
  } as unknown as Bundle;
  return { ...{ bundle, records, sha256: 'c'.repeat(64), restored: ['everything'], seconds: 12 }, ...otherwise };
}

const page = (runs: readonly ProductRun[], otherwise: Partial<ProductPage> = {}) =>
  productPage({ runs, known, environment: NO_NOTES, rowOf: () => 'AQ-050', ...otherwise });
const notes = (entry: string) => parseEnvironmentNotes('notes.yaml', `version: 1\nassertions:\n  - ${entry}\n`);

describe('the page of a product', () => {
  it('counts the verdicts of each row of each run, and how many failures are known', () => {
    const failed = [FAILS, OTHER].map((id) => aRecord({ id, verdict: 'failed', reason: 'it differs' }));
    const text = page([aRun([...failed, aRecord({ id: 'rebuild.openclaw.backup-present' })], {}, ['a.b'])]);
    expect(text).to.include('| AQ-050 | 1 | 2 | 1 | 0 | 1 | `a-run` | 12 |');
    expect(page([aRun([aRecord()])])).to.match(/## Failed\n\nNone\./);
  });

  it('shows of each red one what was expected and seen, and the known failure with its report, or that it is new', () => {
    const values = {
      verdict: 'failed',
      reason: 'exit: expected 0; observed exit `1`\nlist: expected []; observed [\n 1\n]',
    } as const;
    const text = page([aRun([aRecord({ id: FAILS, ...values }), aRecord({ id: OTHER, ...values })])]);
    const [, one = '', two = ''] = text.split('\n- `rebuild');
    for (const item of [one, two])
      expect(item)
        .to.include('exit: expected `0`, observed `` exit `1` ``')
        .and.include('list: expected `[]`, observed `[ 1 ]`');
    expect(one).to.include(
      'known since v0.0.50: The product does something else. ([NVIDIA/NemoClaw\\#1980](https://github.com/NVIDIA/NemoClaw/issues/1980))',
    );
    expect(two).to.include('**new**');
  });

  it('gives the reason of what was not run and of what is not applicable, once for all that share it', () => {
    const records = [FAILS, OTHER].map((id) => aRecord({ id, verdict: 'not-run', reason: 'no release 0.0.36' }));
    const text = page([aRun(records, {}, ['a.b'])]);
    expect(text).to.include(`- \`no release 0.0.36\`: 2 assertions\n  - \`${FAILS}\`\n  - \`${OTHER}\``);
    expect(text).to.include('- `The run left no record of it.`: 1 assertion\n  - `a.b`');
    const lacks = page([aRun([aRecord({ verdict: 'not-applicable', reason: 'no container' })])]);
    expect(lacks).to.include(`## Not applicable\n\n- \`no container\`: 1 assertion\n  - \`${FAILS}\``);
  });

  it('counts neither as passed nor as failed what tells of the machine, and names it with the reason', () => {
    const environment = notes(`{ id: ${FAILS}, why: Its release is a placeholder here. }`);
    for (const verdict of ['passed', 'failed'] as const) {
      const text = page([aRun([aRecord({ verdict })])], { environment });
      expect(text).to.include('| AQ-050 | 0 | 0 | 0 | 0 | 0 | 1 | `a-run` | 12 |');
      expect(text).to.include(`- \`Its release is a placeholder here.\`: 1 assertion\n  - \`${FAILS}\``);
    }
  });

  it('repeats what each run printed of the machine before and after', () => {
    const restored = ['all that was registered; these differ', 'image <none>: new'];
    const text = page([aRun([], { restored })]);
    expect(text).to.include('these differ: `image <none>: new`');
    expect(text).to.include(`(suite \`${'d'.repeat(12)}\`, bundle \`${'c'.repeat(12)}\`)`);
    expect(page([aRun([], { restored: undefined })])).to.include('not compared; the restore was complete');
  });

  it('shows at most so much of a value', () => {
    const text = page([
      aRun([aRecord({ verdict: 'failed', reason: `a: expected 1; observed ${'é'.repeat(100_000)}` })]),
    ]);
    expect(Buffer.byteLength(text)).to.be.lessThan(5_000);
    const printed = page([aRun([aRecord({ verdict: 'failed', reason: 'output: expected b; observed \na\nb\nc' })])]);
    expect(printed).to.include('output: expected `b`, observed 3 lines of text');
    const list = `[\n${Array.from({ length: 7 }, (_, at) => ` "${at}"`).join(',\n')}\n]`;
    const long = page([
      aRun([aRecord({ verdict: 'failed', reason: `hosts: expected nothing of ${list}; observed ${list}` })]),
    ]);
    expect(long).to.include('hosts: expected a list of 7, in the record, observed a list of 7, in the record');
  });
});

describe('text in a page that is also read unrendered', () => {
  it('is no markup as code: its fence is longer than any inside, and it has no line of its own', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = code(text);
        expect(shown).to.not.match(/[\n\r]/);
        const [fence = ''] = /^`+/.exec(shown) ?? [];
        if (fence === '') expect(shown).to.equal('(nothing)');
        else expect(shown.slice(fence.length, -fence.length).split(/[^`]+/)).to.not.include(fence);
      }),
    );
  });

  it('is no markup as prose', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(prose(text).replace(/\\[\\`*_[\]<>|#&~]/g, '')).to.not.match(/[\\`*_[\]<>|#&~\n\r]/);
      }),
    );
  });

  it('links a public report', () => {
    expect(reportLink(null)).to.equal('no public report');
    expect(reportLink('https://a.example/1')).to.equal('<https://a.example/1>');
  });
});

describe('notes on the machine', () => {
  it('name assertions of the ledger, with a reason', () => {
    expect(() => notes('{ id: a.b, why: A reason that is long enough. }')).to.throw('the ledger has no assertion a.b');
    expect(() => notes(`{ id: ${FAILS}, variant: x, why: A reason that is long enough. }`)).to.throw('no variant x');
    expect(() => notes(`{ id: ${FAILS}, why: no }`)).to.throw('notes.yaml:3:');
  });
});
