import { resultOf, subjectOf, testsOf } from '../../evidence/bundle';
import type { Verdict } from '../../evidence/record';
import type { ScenarioSummary } from '../../evidence/scenario-summary';
import { about, aboutRow, besideBundle, type Candidate, type Evidence, key } from '../candidates';
import type { Finding } from '../finding';
import { grouped } from '../grouped';
import { isBefore } from '../instant';
import type { Submission } from '../submission';

/**
 * Evidence gate, of whole bundles: a bundle is consistent in itself. Subject, tests and result follow from the records that it lists; its
 * scenarios are of its own run, each once; and a scenario's summary agrees with its records.
 */
export function statementGate({ input, candidates, rows, bundlesOf }: Evidence): Finding[] {
  const contradictions = new Map(input.submissions.map((one) => [one, contradictionsIn(one, input.now)]));
  const ofRun = grouped(input.submissions, ({ bundle }) => bundle.predicate['phase9/v1'].run);
  const bundles = rows.flatMap(({ kind, row }) =>
    bundlesOf(kind, row).flatMap((one) => {
      const { run } = one.bundle.predicate['phase9/v1'];
      const digests = new Set((ofRun.get(run) ?? []).map(({ digest }) => digest));
      const wrong = [
        ...(contradictions.get(one) ?? []),
        ...(digests.size > 1 ? [`${digests.size} different bundles claim to be of the run ${run}`] : []),
      ];
      return [
        ...wrong.map((sentence) => aboutRow(row, kind, 'evidence', sentence, { where: one.where })),
        ...one.spoilt.map(({ path, problem }) =>
          aboutRow(row, kind, 'evidence', `${path} ${problem}`, {
            missing: 'the file that the bundle lists',
            where: besideBundle(one, path),
          }),
        ),
      ];
    }),
  );
  return [...bundles, ...candidates.flatMap(ofRecord)];
}

function contradictionsIn({ bundle: { subject, predicate } }: Submission, now: string): string[] {
  const own = predicate['phase9/v1'];
  const { run, sut, profile, records, missing, scenarios, startedAt, files } = own;
  const found: string[] = [];
  if (!same(subject, subjectOf(sut))) found.push('the bundle’s subject is not the system under test that it names');
  if ((profile === 'reference') !== (sut.kind === 'reference')) {
    found.push(`the bundle was made with the profile ${profile}, and calls its system under test ${sut.kind}`);
  }
  if (files === undefined) found.push('the bundle does not list the run’s plan and summaries');
  const tests = testsOf(records, missing);
  for (const [name, ids] of Object.entries(tests)) {
    if (!same(predicate[name as keyof typeof tests], ids)) {
      found.push(`the bundle’s ${name} are not those of the records that it lists`);
    }
  }
  const result = resultOf(tests, own);
  if (predicate.result !== result) found.push(`the bundle calls itself ${predicate.result}; its content is ${result}`);
  const listed = new Set(records.map(({ id, variant }) => key(id, variant)));
  for (const { id, variant } of missing) {
    if (listed.has(key(id, variant))) found.push(`the bundle lists ${id} as a record and as missing`);
  }
  for (const path of twice([...records, ...(files ?? [])].map((one) => one.path)))
    found.push(`the bundle lists ${path} twice`);
  for (const scenario of twice(scenarios.map((one) => one.scenario))) {
    found.push(`the bundle lists the end of ${scenario} twice`);
  }
  for (const one of scenarios) {
    if (one.run !== run) found.push(`${one.scenario} ended in the run ${one.run}, and the bundle is of ${run}`);
    if (isBefore(one.startedAt, startedAt)) found.push(`${one.scenario} began before its run (${startedAt})`);
    if (isBefore(one.finishedAt, one.startedAt)) found.push(`${one.scenario} ended before it began`);
    if (isBefore(now, one.finishedAt)) found.push(`${one.scenario} ended in the future (${one.finishedAt})`);
  }
  if (isBefore(now, startedAt)) found.push(`the run began in the future (${startedAt})`);
  return found;
}

/** Compares a record with its own verdict, its place, and the summary of its scenario. */
function ofRecord(candidate: Candidate): Finding[] {
  const { record, scenario, submitted } = candidate;
  const finding = (wrong: string) => about(candidate, 'evidence', wrong);
  const found: Finding[] = [];
  const { id, variant, row, path } = submitted.listed;
  const place = `evidence/${row}/${id}${variant === null ? '' : `--${variant}`}.json`;
  if (path !== place) found.push(finding(`it lies at ${path}; a record of this ID lies at ${place}`));
  if (!record) return found;
  if (record.verdict === 'passed' && record.reason !== null) {
    found.push(finding(`it passes, and has the reason of a failure: ${record.reason}`));
  }
  if (!scenario) return found;
  const verdicts = verdictsIn(scenario).get(key(record.id, record.variant)) ?? [];
  if (verdicts.length === 0 && record.verdict === 'passed') {
    found.push(finding('its scenario ended without a record of it'));
  }
  for (const verdict of verdicts) {
    if (verdict !== record.verdict)
      found.push(finding(`its verdict is ${record.verdict}; its scenario ended with ${verdict}`));
  }
  return found;
}

const known = new WeakMap<ScenarioSummary, ReadonlyMap<string, readonly Verdict[]>>();

/** The verdicts with which a scenario ended, by assertion and variant. */
function verdictsIn(scenario: ScenarioSummary): ReadonlyMap<string, readonly Verdict[]> {
  const before = known.get(scenario);
  if (before) return before;
  const records = grouped(scenario.records, ({ id, variant }) => key(id, variant));
  const verdicts = new Map([...records].map(([name, of]) => [name, of.map(({ verdict }) => verdict)]));
  known.set(scenario, verdicts);
  return verdicts;
}

function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(name).size))];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
