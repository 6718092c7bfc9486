import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Case, junitXml, placeOf } from '../../report/junit';
import { type Defect, defectDigest } from '../../spec/defects';
import { ledgerEntry } from '../../spec/ledger';
import { loadProofs, type Proof, writeProofs } from '../../spec/proofs';
import { judge } from './judge';
import type { TrialResult } from './results';
import type { PresentState } from './state';

/** A defect that was not seen as declared. */
export interface Fault {
  readonly defect: string;
  /** `file:line` of the scenario. */
  readonly location: string;
  /** Assertions that should have been red, and were not. */
  readonly missed: readonly string[];
  /** Assertions that were red or not run, and are not declared. */
  readonly undeclared: readonly string[];
}

export interface Outcome {
  readonly state: PresentState;
  readonly proofs: readonly Proof[];
  readonly faults: readonly Fault[];
  /** Asked assertions without a proof. */
  readonly unproven: readonly string[];
  /** Duration of all trials, in s. */
  readonly seconds: number;
  readonly trials: number;
  readonly passed: boolean;
}

/**
 * What all trials together show: a proof is an assertion that was red as declared in one of them, and green in another of the same
 * scenario. @param asked the assertions that need a proof
 */
export function outcomeOf(
  results: readonly TrialResult[],
  defects: readonly Defect[],
  asked: readonly string[],
  state: PresentState,
): Outcome {
  const byName = new Map(defects.map((one) => [one.name, one]));
  const green = (id: string, location: string) =>
    results.some((one) => one.location === location && one.verdicts[id] === 'passed');
  const proven = new Map<string, readonly Proof[]>();
  const faults = new Map<string, Fault>();
  // A defect that was tried alone is judged by that alone, for better or worse.
  const ordered = [...results].sort((one, other) => other.defects.length - one.defects.length);
  for (const result of ordered) {
    const { location, scenario, at, verdicts } = result;
    const own = result.defects.flatMap((name) => byName.get(name) ?? []);
    for (const { defect: name, seen, missed, undeclared } of judge(own, verdicts)) {
      const key = `${name}\0${location}`;
      const red = seen.filter((id) => green(id, location));
      const wrong = [...missed, ...seen.filter((id) => !green(id, location))];
      faults.delete(key);
      proven.delete(key);
      if (wrong.length + undeclared.length > 0) {
        faults.set(key, { defect: name, location, missed: wrong, undeclared });
        continue;
      }
      const defect = byName.get(name);
      if (defect === undefined) continue;
      const beside = result.defects.filter((one) => one !== name);
      const common = { defect: name, change: defectDigest(defect), scenario: location, scenarioName: scenario };
      const made = red.map((id): Proof => ({ id, ...common, beside, at, suite: state.suite, sut: state.sut }));
      proven.set(key, made);
    }
  }
  const proofs = [...proven.values()].flat();
  const seen = new Set(proofs.map(({ id }) => id));
  const unproven = asked.filter((id) => !seen.has(id));
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
  const passed = faults.size === 0 && unproven.length === 0;
  return { state, proofs, faults: [...faults.values()], unproven, seconds, trials: results.length, passed };
}

/** Writes the proofs by row, beside those of other assertions that still hold, and the outcome as JSON and JUnit. */
export function writeOutcome(outcome: Outcome, reports: string): void {
  const { state, proofs } = outcome;
  const key = ({ id, defect, scenario }: Proof) => `${id}\0${defect}\0${scenario}`;
  const renewed = new Set(proofs.map(key));
  const holds = (one: Proof) => one.suite === state.suite && one.sut === state.sut && !renewed.has(key(one));
  const rows = new Map<string, Proof[]>();
  for (const one of [...loadProofs().filter(holds), ...proofs]) {
    const { row } = ledgerEntry(one.id);
    rows.set(row, [...(rows.get(row) ?? []), one]);
  }
  for (const [row, some] of rows) writeProofs(row, some);
  mkdirSync(reports, { recursive: true });
  writeFileSync(path.join(reports, 'defects.json'), `${JSON.stringify(outcome, null, 2)}\n`);
  writeFileSync(path.join(reports, 'defects.junit.xml'), junitXml(suites(outcome)));
}

/** A case for each defect and scenario, and one for each assertion without a proof. */
function suites({ proofs, faults, unproven }: Outcome): Parameters<typeof junitXml>[0] {
  const seen = new Map(proofs.map(({ defect, scenario }) => [`${defect}\0${scenario}`, { defect, scenario }]));
  const common = { ms: 0, properties: {} };
  const at = (defect: string, location: string) => ({ name: defect, classname: 'defects', place: placeOf(location) });
  const cases: Case[] = [
    ...[...seen.values()].map(
      ({ defect, scenario }): Case => ({ ...at(defect, scenario), ...common, outcome: { is: 'passed' } }),
    ),
    ...faults.map(({ defect, location, missed, undeclared }): Case => {
      const text = `not red: ${missed.join(', ') || 'none'}\nred or not run, undeclared: ${undeclared.join(', ') || 'none'}`;
      const outcome = { is: 'failure', type: 'defect', message: 'not seen as declared', text } as const;
      return { ...at(defect, location), ...common, outcome };
    }),
    ...unproven.map((id): Case => {
      const outcome = { is: 'failure', type: 'unproven', message: 'no defect turned it red', text: '' } as const;
      return { name: id, classname: 'assertions without a proof', ...common, outcome };
    }),
  ];
  return [{ name: 'defects', startedAt: undefined, cases }];
}
