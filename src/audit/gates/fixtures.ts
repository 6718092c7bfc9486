import type { StagedFixture } from '../../evidence/record';
import type { ScenarioSummary } from '../../evidence/scenario-summary';
import { about, type Candidate } from '../candidates';
import type { Finding } from '../finding';
import { isBefore } from '../instant';

/** Evidence gate, of a record's fixtures: its own scenario staged them in this run, before the record was made, with a proof. */
export function fixtureFindings(candidate: Candidate): Finding[] {
  const { record, scenario, assertion } = candidate;
  if (!record) return [];
  const finding = (wrong: string, missing: string) => about(candidate, 'evidence', wrong, missing);
  const found: Finding[] = [];
  const own = record.fixtures.filter((one) => isOwn(one, record));
  for (const { fixture, scenario: from, run } of record.fixtures.filter((one) => !isOwn(one, record))) {
    const owner = run === record.run ? `another scenario's (${from})` : `another run's (${run})`;
    found.push(finding(`the fixture ${fixture} is ${owner}`, fixture));
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
  if (record.verdict === 'not-run') return found;
  // The old sandbox is the subject of the phase's own gate.
  const needs = (assertion?.needs ?? []).filter((one) => one !== 'old-sandbox');
  const lacking = needs.filter((need) => !own.some(({ fixture }) => fixture === need));
  return [...found, ...lacking.map((need) => finding(`its scenario did not stage the fixture ${need}`, need))];
}

/** Whether a fixture was staged by the record's own scenario, in the record's own run. */
export function isOwn(staged: StagedFixture, record: { readonly run: string; readonly scenario: string }): boolean {
  return staged.run === record.run && staged.scenario === record.scenario;
}

const texts = new WeakMap<object, string>();

/** An object as JSON; objects that records share are serialised once. */
export function textOf(value: object): string {
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
