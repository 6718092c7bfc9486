import type { Finding } from '../../src/audit/finding';
import type { EvidenceRecord } from '../../src/evidence/record';
import type { Audited } from '../../src/report/model';
import { loadLedger } from '../../src/spec/ledger';
import { aRecord, aSummary } from '../evidence/a-record';
import { aFinding, anAudited, aSubmission } from './an-audit';

const SCENARIOS: Readonly<Record<string, { readonly scenario: string; readonly scenarioName: string }>> = {
  'AQ-050': {
    scenario: 'features/phase9/9.1-rebuild-and-upgrade/rebuild-openclaw.feature:12',
    scenarioName: 'The owner rebuilds a sandbox that runs an old OpenClaw',
  },
  'AQ-051': {
    scenario: 'features/phase9/9.1-rebuild-and-upgrade/upgrade-gateway-survivor.feature:14',
    scenarioName: 'The operator upgrades a gateway under a running sandbox',
  },
  'AQ-052': {
    scenario: 'features/phase9/9.1-rebuild-and-upgrade/rebuild-upgrade-suite.feature:11',
    scenarioName: 'The owner rebuilds, then the operator upgrades',
  },
};

/** Output of a system under test that tries to take over the page. */
export const HOSTILE =
  '</pre><script>console.error("taken over")</script><img src=x onerror="console.error(1)"> \u001b[31mred\u0000 ‮ ]]> &amp;';

const otherwise: Readonly<Record<string, Partial<EvidenceRecord>>> = {
  'rebuild.openclaw.marker-preserved': {
    verdict: 'failed',
    expected: 'bytes of the marker file: 6f70656e636c6177\ncontainer is another one than before: true',
    observed: 'bytes of the marker file: none, the file is not there\ncontainer is another one than before: true',
    reason: 'bytes of the marker file: expected 6f70656e636c6177, observed none, the file is not there',
  },
  'rebuild.openclaw.completes': { observed: HOSTILE },
  'rebuild.openclaw.presets-live-before': {
    verdict: 'not-applicable',
    reason: 'the system has no policy presets',
  },
};

/** An audit with everything: blocking and amended findings, two kinds of systems, evidence that nobody asked for. */
export function representative(): Audited {
  const rows = ['AQ-050', 'AQ-051', 'AQ-052'];
  const ledger = loadLedger();
  const records = rows.flatMap((row) =>
    (ledger.rows[row]?.assertions ?? []).flatMap(({ id, level, boundary, variants, expect }) =>
      (variants.length > 0 ? variants : [null]).map((variant) => {
        const [reading] = aRecord().trace;
        return aRecord({
          id,
          variant,
          row,
          level,
          boundary,
          trace: reading ? [{ ...reading, boundary }] : [],
          expected: expect,
          observed: expect,
          ...SCENARIOS[row],
          ...otherwise[id],
        });
      }),
    ),
  );
  const lost = records.find(({ row }) => row === 'AQ-052');
  const submitted = [...records.filter((one) => one !== lost), aRecord({ id: 'nobody.asked', row: 'AQ-099' })];
  const at = '2026-01-02T03:05:00.000Z';
  const scenarios = Object.values(SCENARIOS).map(({ scenario, scenarioName }) =>
    aSummary({
      run: 'a-run',
      scenario,
      name: scenarioName,
      wallMs: 41_234,
      sutMs: 40_321,
      obligations: [
        {
          fixture: 'blueprint-min-version',
          owed: 'file agents/openclaw/blueprint.yaml as it was, sha256 4be1…',
          owedAt: at,
          mutatedAt: at,
          during: 'the minimum is 2026.4.24',
          settledAt: at,
          dischargedAt: at,
          changed: true,
          after: 'sha256 4be1…, mode 0644',
          refusal: null,
        },
      ],
    }),
  );
  const findings: Finding[] = [
    aFinding({
      id: 'rebuild.openclaw.marker-preserved',
      wrong: 'the assertion failed',
      where: 'reports/a-run/evidence/AQ-050/rebuild.openclaw.marker-preserved.json',
    }),
    aFinding({
      id: 'rebuild.openclaw.presets-live-before',
      wrong: 'the assertion is not applicable (amended: audit/amendments/one.yaml)',
      effect: 'amended',
    }),
    ...(lost
      ? [
          aFinding({
            row: 'AQ-052',
            id: lost.id,
            variant: lost.variant,
            gate: 'completeness',
            wrong: 'no bundle has a record of it',
          }),
        ]
      : []),
    ...records.map(({ row, id, variant }) =>
      aFinding({ row, id, variant, sut: 'product', gate: 'completeness', wrong: 'no bundle has a record of it' }),
    ),
    aFinding({ row: 'AQ-051', effect: 'tells', wrong: 'an extended check failed', gate: 'executable' }),
  ];
  return anAudited([aSubmission('20260102-030405-abcd', submitted, scenarios)], {
    rows,
    kinds: ['reference', 'product'],
    findings,
    amended: ['rebuild.openclaw.presets-live-before'],
  });
}
