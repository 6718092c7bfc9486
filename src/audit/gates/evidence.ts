import type { StagedFixture } from '../../evidence/record';
import type { ScenarioSummary } from '../../evidence/scenario-summary';
import type { Ledger } from '../../spec/ledger';
import { about, aboutRow, type Candidate, type Evidence, featureOf, owedBy } from '../evidence';
import type { Finding } from '../finding';
import { isBefore } from '../instant';
import type { Submission } from '../submission';

/**
 * Evidence gate: every record is a file under its stable ID that is byte for byte the one its bundle lists; it says of itself what
 * bundle and ledger say; its times can be; its fixtures are its own scenario's.
 */
export function evidenceGate(evidence: Evidence): Finding[] {
  const { candidates, input } = evidence;
  const configurations = new Map(input.submissions.map((one) => [one, changedSince(one, input.checkout)]));
  return [
    ...candidates.flatMap((candidate) => {
      const finding = (wrong: string, missing: string | null = null) => about(candidate, 'evidence', wrong, missing);
      return [
        ...fileFindings(candidate, finding),
        ...identityFindings(candidate, finding),
        ...configurationFindings(candidate, finding),
        ...timeFindings(candidate, input.now, finding),
        ...fixtureFindings(candidate, finding),
      ];
    }),
    ...bundleFindings(evidence, configurations),
    ...missingVariants(evidence),
  ];
}

const LEDGER = 'audit/assertions.yaml';

type Find = (wrong: string, missing?: string | null) => Finding;

function fileFindings({ submitted: { found, listed } }: Candidate, finding: Find): Finding[] {
  if ('problem' in found) return [finding(found.problem, 'the record’s file')];
  if (found.sha256 !== listed.sha256) {
    return [
      finding(
        `its digest does not match: the bundle lists ${listed.sha256}, the file has ${found.sha256}`,
        'the record that the bundle lists',
      ),
    ];
  }
  return [];
}

function identityFindings({ record, submitted, submission, assertion }: Candidate, finding: Find): Finding[] {
  if (!record) return [];
  const { listed } = submitted;
  const { run, sut } = submission.bundle.predicate['phase9/v1'];
  const differing = (['id', 'variant', 'row', 'level', 'verdict', 'scenario'] as const)
    .filter((field) => record[field] !== listed[field])
    .map((field) => finding(`the record says ${field} ${record[field]}, its bundle ${listed[field]}`));
  const found = [...differing];
  if (record.run !== run) found.push(finding(`it is of the run ${record.run}, its bundle of ${run}`));
  if (textOf(record.sut) !== textOf(sut)) {
    found.push(finding('it was made on another system under test than its bundle says'));
  }
  if (!assertion) found.push(finding('the ledger has no assertion of this ID', 'an entry in audit/assertions.yaml'));
  else {
    if (record.row !== assertion.row)
      found.push(finding(`it names the row ${record.row}; the ledger says ${assertion.row}`));
    if (record.level !== assertion.level) {
      found.push(finding(`it calls itself ${record.level}; the ledger says ${assertion.level}`));
    }
    const known: readonly (string | null)[] = assertion.variants.length === 0 ? [null] : assertion.variants;
    if (!known.includes(record.variant) && record.verdict === 'passed') {
      found.push(finding(`it passes in the variant ${record.variant}, in which the ledger does not ask for it`));
    }
  }
  return found;
}

const named = new WeakMap<Submission, ReadonlySet<string>>();

/** What decides what a record means: the ledger, its feature, the definition of its step, its contract. Its bundle names them by digest. */
function configurationFindings({ submission, submitted, contract, step }: Candidate, finding: Find): Finding[] {
  const { configuration } = submission.bundle.predicate;
  // That it names nothing at all is told once.
  if (configuration.length === 0) return [];
  const there = named.get(submission) ?? new Set(configuration.map(({ name }) => name));
  named.set(submission, there);
  return [LEDGER, featureOf(submitted.listed.scenario), contract?.file, step?.definition.replace(/:\d+$/, '')]
    .filter((file): file is string => file !== undefined && !there.has(file))
    .map((file) => finding(`its bundle does not say which ${file} it was made with`, file));
}

function timeFindings({ record, scenario }: Candidate, now: string, finding: Find): Finding[] {
  if (!record) return [];
  const found: Finding[] = [];
  const check = (what: string, startedAt: string, finishedAt: string) => {
    if (isBefore(finishedAt, startedAt)) {
      found.push(finding(`${what} ended (${finishedAt}) before it began (${startedAt})`));
    } else if (isBefore(now, finishedAt)) found.push(finding(`${what} lies in the future (${finishedAt})`));
    else if (scenario && (isBefore(startedAt, scenario.startedAt) || isBefore(scenario.finishedAt, finishedAt))) {
      const own = `${scenario.startedAt} to ${scenario.finishedAt}`;
      found.push(finding(`${what} (${startedAt} to ${finishedAt}) lies outside its scenario (${own})`));
    }
  };
  check('it', record.startedAt, record.finishedAt);
  for (const { source, startedAt, finishedAt } of record.trace)
    check(`its reading of ${source}`, startedAt, finishedAt);
  return found;
}

/** Fixtures are lent by nobody: neither another scenario of the row nor an earlier run. */
function fixtureFindings({ record, scenario, assertion }: Candidate, finding: Find): Finding[] {
  if (!record) return [];
  const found: Finding[] = [];
  const own = record.fixtures.filter((one) => isOwn(one, record));
  for (const { fixture, scenario: from, run } of record.fixtures.filter((one) => !isOwn(one, record))) {
    found.push(
      finding(
        run === record.run
          ? `the fixture ${fixture} is another scenario's (${from})`
          : `the fixture ${fixture} is another run's (${run})`,
        fixture,
      ),
    );
  }
  const staged = scenario && stagedBy(scenario);
  for (const one of own) {
    if (staged && !staged.has(textOf(one))) {
      found.push(finding(`the fixture ${one.fixture} is not among those that its scenario staged`, one.fixture));
    }
    if (Object.values(one.proof).every((value) => value.trim() === '')) {
      found.push(finding(`the fixture ${one.fixture} has no proof that it stood`, `proof of ${one.fixture}`));
    }
  }
  for (const { fixture, stagedAt } of own) {
    if (isBefore(record.finishedAt, stagedAt)) {
      found.push(finding(`the fixture ${fixture} was staged (${stagedAt}) after the record was made`, fixture));
    } else if (scenario && isBefore(stagedAt, scenario.startedAt)) {
      found.push(finding(`the fixture ${fixture} was staged (${stagedAt}) before its scenario began`, fixture));
    }
  }
  // Rebuilds from an old sandbox are the phase's own gate.
  const needs = (assertion?.needs ?? []).filter((one) => one !== 'old-sandbox');
  if (record.verdict !== 'not-run') {
    for (const need of needs) {
      if (!own.some(({ fixture }) => fixture === need)) {
        found.push(finding(`its scenario did not stage the fixture ${need}`, need));
      }
    }
  }
  return found;
}

const texts = new WeakMap<object, string>();

/** An object as text; objects that records share are written once. */
function textOf(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}

const fixturesOf = new WeakMap<ScenarioSummary, ReadonlySet<string>>();

function stagedBy(scenario: ScenarioSummary): ReadonlySet<string> {
  const known = fixturesOf.get(scenario);
  if (known) return known;
  const staged = new Set(scenario.fixtures.map(textOf));
  fixturesOf.set(scenario, staged);
  return staged;
}

export function isOwn(staged: StagedFixture, record: { readonly run: string; readonly scenario: string }): boolean {
  return staged.run === record.run && staged.scenario === record.scenario;
}

/** Files of the suite that are not now what they were then; the suite as a whole last, where a file came or went. */
function changedSince({ bundle }: Submission, checkout: ReadonlyMap<string, string>): string[] {
  return bundle.predicate.configuration
    .filter(({ name, digest }) => checkout.get(name) !== digest.sha256)
    .map(({ name }) => name);
}

function rowOf(file: string, ledger: Ledger): string | undefined {
  const row = file.split('/')[1] ?? '';
  return Object.hasOwn(ledger.rows, row) ? row : undefined;
}

function bundleFindings({ input, ofRow }: Evidence, changed: ReadonlyMap<Submission, readonly string[]>): Finding[] {
  return input.kinds.flatMap((kind) => {
    const identities = new Map<string, string[]>();
    for (const one of new Set(input.rows.flatMap((row) => ofRow(kind, row).map(({ submission }) => submission)))) {
      const { version, treeDigest } = one.bundle.predicate['phase9/v1'].sut;
      const identity = `${version} ${treeDigest}`;
      identities.set(identity, [...(identities.get(identity) ?? []), one.where]);
    }
    return input.rows.flatMap((row) => {
      const submissions = [...new Set(ofRow(kind, row).map(({ submission }) => submission))];
      const found = submissions.flatMap(({ where, unlisted, bundle }) => [
        // One that lies with no row may be of any.
        ...unlisted
          .filter((file) => file.startsWith(`evidence/${row}/`) || !rowOf(file, input.ledger))
          .map((file) =>
            aboutRow(row, kind, 'evidence', 'a record lies beside the bundle, which does not list it', {
              where: `${where.replace(/[^/]*$/, '')}${file}`,
            }),
          ),
        ...(bundle.predicate.configuration.length === 0
          ? [
              aboutRow(row, kind, 'evidence', 'the bundle does not say which ledger and features it was made with', {
                where,
                missing: 'configuration',
              }),
            ]
          : []),
      ]);
      for (const one of submissions) {
        const files = changed.get(one) ?? [];
        if (files.length === 0) continue;
        const others = files.length > 1 ? ` (and ${files.length - 1} more)` : '';
        found.push(
          aboutRow(row, kind, 'evidence', `${files[0]}${others} is not as it was when the run was made`, {
            where: one.where,
            missing: 'evidence of the specification as it is now',
          }),
        );
      }
      if (submissions.length > 0 && identities.size > 1) {
        found.push(
          aboutRow(row, kind, 'evidence', 'the bundles are about different systems under test', {
            where: [...identities.values()].flat().sort().join(', '),
            missing: 'evidence about one and the same',
          }),
        );
      }
      return found;
    });
  });
}

/** Where an assertion has a record in one variant, a missing other one is told as such. */
function missingVariants({ input, of }: Evidence): Finding[] {
  return input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) => {
      const owed = owedBy(input, row).filter(({ variant }) => variant !== null);
      return owed.flatMap(({ assertion, variant }): Finding[] => {
        if (of(kind, assertion.id, variant).length > 0) return [];
        const others = assertion.variants.filter((other) => of(kind, assertion.id, other).length > 0);
        if (others.length === 0) return [];
        return [
          {
            ...aboutRow(row, kind, 'evidence', `there is a record for ${others.join(', ')} and none for ${variant}`, {
              missing: `the variant ${variant}`,
            }),
            id: assertion.id,
            variant,
            effect: assertion.level === 'core' ? 'blocks' : 'tells',
          },
        ];
      });
    }),
  );
}
