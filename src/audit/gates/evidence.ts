import { about, aboutRow, besideBundle, type Candidate, type Evidence, requiredBy } from '../candidates';
import type { Finding } from '../finding';
import { grouped } from '../grouped';
import { isBefore } from '../instant';
import { changedConfigurations, configurationFindings } from './configuration';
import { fixtureFindings, textOf } from './fixtures';

/**
 * Evidence gate: every record is a file under its stable ID that is byte for byte the one its bundle lists; it agrees with bundle and
 * ledger; its times are possible; its fixtures are its own scenario's.
 */
export function evidenceGate(evidence: Evidence): Finding[] {
  const { candidates, input } = evidence;
  return [
    ...candidates.flatMap((candidate) => [
      ...fileFindings(candidate),
      ...identityFindings(candidate),
      ...configurationFindings(candidate),
      ...timeFindings(candidate, input.now),
      ...fixtureFindings(candidate),
    ]),
    ...unlistedRecords(evidence),
    ...changedConfigurations(evidence),
    ...differentSystems(evidence),
    ...missingVariants(evidence),
  ];
}

function fileFindings(candidate: Candidate): Finding[] {
  const { found, listed } = candidate.submitted;
  if ('problem' in found) return [about(candidate, 'evidence', found.problem, 'the record’s file')];
  if (found.sha256 === listed.sha256) return [];
  const wrong = `its digest does not match: the bundle lists ${listed.sha256}, the file has ${found.sha256}`;
  return [about(candidate, 'evidence', wrong, 'the record that the bundle lists')];
}

function identityFindings(candidate: Candidate): Finding[] {
  const { record, submitted, submission, assertion } = candidate;
  if (!record) return [];
  const finding = (wrong: string, missing: string | null = null) => about(candidate, 'evidence', wrong, missing);
  const { listed } = submitted;
  const { run, sut } = submission.bundle.predicate['phase9/v1'];
  const found = (['id', 'variant', 'row', 'level', 'verdict', 'scenario'] as const)
    .filter((field) => record[field] !== listed[field])
    .map((field) => finding(`the record has the ${field} ${record[field]}, its bundle ${listed[field]}`));
  if (record.run !== run) found.push(finding(`it is of the run ${record.run}, its bundle of ${run}`));
  if (textOf(record.sut) !== textOf(sut)) {
    found.push(finding('it was made on another system under test than its bundle states'));
  }
  if (!assertion) {
    found.push(finding('the ledger has no assertion of this ID', 'an entry in audit/assertions.yaml'));
    return found;
  }
  if (record.row !== assertion.row) {
    found.push(finding(`it names the row ${record.row}; the ledger names ${assertion.row}`));
  }
  if (record.level !== assertion.level) {
    found.push(finding(`it has the level ${record.level}; the ledger has ${assertion.level}`));
  }
  const known: readonly (string | null)[] = assertion.variants.length === 0 ? [null] : assertion.variants;
  if (!known.includes(record.variant) && record.verdict === 'passed') {
    found.push(finding(`it passes in the variant ${record.variant}, which the ledger does not ask for`));
  }
  return found;
}

function timeFindings(candidate: Candidate, now: string): Finding[] {
  const { record, scenario } = candidate;
  if (!record) return [];
  const faultOf = (startedAt: string, finishedAt: string): string | undefined => {
    if (isBefore(finishedAt, startedAt)) return `ended (${finishedAt}) before it began (${startedAt})`;
    if (isBefore(now, finishedAt)) return `lies in the future (${finishedAt})`;
    if (!scenario || !(isBefore(startedAt, scenario.startedAt) || isBefore(scenario.finishedAt, finishedAt))) {
      return undefined;
    }
    const own = `${scenario.startedAt} to ${scenario.finishedAt}`;
    return `(${startedAt} to ${finishedAt}) lies outside its scenario (${own})`;
  };
  const found: Finding[] = [];
  const check = (what: string, startedAt: string, finishedAt: string) => {
    const fault = faultOf(startedAt, finishedAt);
    if (fault !== undefined) found.push(about(candidate, 'evidence', `${what} ${fault}`));
  };
  check('it', record.startedAt, record.finishedAt);
  for (const one of record.trace) check(`its reading of ${one.source}`, one.startedAt, one.finishedAt);
  return found;
}

/** Evidence beside a bundle that does not list it; what lies with no row may be of any. */
function unlistedRecords({ input, rows, bundlesOf }: Evidence): Finding[] {
  const ofKnownRow = (file: string) => Object.hasOwn(input.ledger.rows, file.split('/')[1] ?? '');
  return rows.flatMap(({ kind, row }) =>
    bundlesOf(kind, row).flatMap((one) =>
      one.unlisted
        .filter((file) => file.startsWith(`evidence/${row}/`) || !ofKnownRow(file))
        .map((file) =>
          aboutRow(row, kind, 'evidence', 'evidence lies beside the bundle, which does not list it', {
            where: besideBundle(one, file),
          }),
        ),
    ),
  );
}

/** All bundles of one kind of system, of whatever rows, are about the very same system. */
function differentSystems({ rows, bundlesOf }: Evidence): Finding[] {
  return [...grouped(rows, ({ kind }) => kind).values()].flatMap((ofKind) => {
    const bundles = [...new Set(ofKind.flatMap(({ kind, row }) => bundlesOf(kind, row)))];
    const identities = grouped(bundles, ({ bundle }) => {
      const { version, treeDigest } = bundle.predicate['phase9/v1'].sut;
      return `${version} ${treeDigest}`;
    });
    if (identities.size < 2) return [];
    const where = bundles
      .map((one) => one.where)
      .sort()
      .join(', ');
    return ofKind
      .filter(({ kind, row }) => bundlesOf(kind, row).length > 0)
      .map(({ kind, row }) =>
        aboutRow(row, kind, 'evidence', 'the bundles are about different systems under test', {
          where,
          missing: 'evidence about one and the same',
        }),
      );
  });
}

/** Where an assertion has a record in one variant, each other variant without a record is a finding. */
function missingVariants({ input, rows, of }: Evidence): Finding[] {
  return rows.flatMap(({ kind, row }) => {
    const required = requiredBy(input, row).filter(({ variant }) => variant !== null);
    return required.flatMap(({ assertion, variant }): Finding[] => {
      if (of(kind, assertion.id, variant).length > 0) return [];
      const others = assertion.variants.filter((other) => of(kind, assertion.id, other).length > 0);
      if (others.length === 0) return [];
      const wrong = `there is a record for ${others.join(', ')} and none for ${variant}`;
      const finding = aboutRow(row, kind, 'evidence', wrong, { missing: `the variant ${variant}` });
      return [
        { ...finding, id: assertion.id, variant, effect: assertion.level === 'core' ? 'blocks' : ('tells' as const) },
      ];
    });
  });
}
