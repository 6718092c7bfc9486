import { resultOf, subjectOf, testsOf } from '../../evidence/bundle';
import type { Verdict } from '../../evidence/record';
import type { ScenarioSummary } from '../../evidence/scenario-summary';
import { about, aboutRow, type Candidate, type Evidence } from '../evidence';
import type { Finding } from '../finding';
import { isBefore } from '../instant';
import type { Submission } from '../submission';

/**
 * Evidence gate, of whole bundles: a bundle agrees with itself. Subject, tests and result follow from what it lists; its scenarios are its own
 * run's, once each; and what a scenario says of its records, the records say.
 */
export function statementGate({ input, candidates, ofRow }: Evidence): Finding[] {
  const known = new Map<Submission, readonly string[]>();
  const contradictionsOf = (one: Submission): readonly string[] => {
    const found = known.get(one) ?? contradictions(one, input.now);
    known.set(one, found);
    return found;
  };
  const alike = runsOf(input.submissions);
  const bundles = input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) =>
      [...new Set(ofRow(kind, row).map(({ submission }) => submission))].flatMap((one) => {
        const { run } = one.bundle.predicate['phase9/v1'];
        const others = alike.get(run)?.size ?? 1;
        return [
          ...contradictionsOf(one),
          ...(others > 1 ? [`${others} different bundles say that they are of the run ${run}`] : []),
        ].map((wrong) => aboutRow(row, kind, 'evidence', wrong, { where: one.where }));
      }),
    ),
  );
  return [...bundles, ...candidates.flatMap(ofRecord)];
}

function runsOf(submissions: readonly Submission[]): Map<string, Set<string>> {
  const runs = new Map<string, Set<string>>();
  for (const { bundle, digest } of submissions) {
    const { run } = bundle.predicate['phase9/v1'];
    runs.set(run, (runs.get(run) ?? new Set()).add(digest));
  }
  return runs;
}

function contradictions({ bundle: { subject, predicate } }: Submission, now: string): string[] {
  const own = predicate['phase9/v1'];
  const { run, sut, profile, records, missing, scenarios, startedAt } = own;
  const found: string[] = [];
  if (!same(subject, subjectOf(sut))) found.push('the bundle’s subject is not the system under test that it names');
  if ((profile === 'reference') !== (sut.kind === 'reference')) {
    found.push(`the bundle was made with the profile ${profile}, and calls its system under test ${sut.kind}`);
  }
  const tests = testsOf(records, missing);
  for (const [name, ids] of Object.entries(tests)) {
    if (!same(predicate[name as keyof typeof tests], ids)) {
      found.push(`the bundle’s ${name} are not those of the records that it lists`);
    }
  }
  const result = resultOf(tests, own);
  if (predicate.result !== result)
    found.push(`the bundle calls itself ${predicate.result}; its content says ${result}`);
  const listed = new Set(records.map(({ id, variant }) => `${id}\0${variant}`));
  for (const { id, variant } of missing) {
    if (listed.has(`${id}\0${variant}`)) found.push(`the bundle lists a record of ${id}, and says that there is none`);
  }
  for (const path of twice(records.map((one) => one.path))) found.push(`the bundle lists ${path} twice`);
  for (const scenario of twice(scenarios.map((one) => one.scenario))) {
    found.push(`the bundle tells twice how ${scenario} ended`);
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

/** A record against its own verdict, its place, and what its scenario said of it at its end. */
function ofRecord(candidate: Candidate): Finding[] {
  const { record, scenario, submitted } = candidate;
  const finding = (wrong: string) => about(candidate, 'evidence', wrong);
  const found: Finding[] = [];
  const { id, variant, row, path } = submitted.listed;
  const place = `evidence/${row}/${id}${variant === null ? '' : `--${variant}`}.json`;
  if (path !== place) found.push(finding(`it lies at ${path}; a record of this ID lies at ${place}`));
  if (!record) return found;
  if (record.verdict === 'passed' && record.reason !== null) {
    found.push(finding(`it passes, and says why it does not: ${record.reason}`));
  }
  if (!scenario) return found;
  const said = saidBy(scenario).get(`${record.id}\0${record.variant}`) ?? [];
  if (said.length === 0 && record.verdict === 'passed') {
    found.push(finding('its scenario ended without a record of it'));
  }
  for (const verdict of said) {
    if (verdict !== record.verdict)
      found.push(finding(`it says ${record.verdict}; its scenario ended with ${verdict}`));
  }
  return found;
}

const verdictsOf = new WeakMap<ScenarioSummary, ReadonlyMap<string, readonly Verdict[]>>();

/** The verdicts with which a scenario ended, by assertion and variant. */
function saidBy(scenario: ScenarioSummary): ReadonlyMap<string, readonly Verdict[]> {
  const known = verdictsOf.get(scenario);
  if (known) return known;
  const said = new Map<string, Verdict[]>();
  for (const { id, variant, verdict } of scenario.records) {
    const at = `${id}\0${variant}`;
    said.set(at, [...(said.get(at) ?? []), verdict]);
  }
  verdictsOf.set(scenario, said);
  return said;
}

function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => seen.size === seen.add(name).size))];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
