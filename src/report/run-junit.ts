import { readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Bundle } from '../evidence/bundle';
import { type EvidenceRecord, recordSchema } from '../evidence/record';
import { type KnownFailure, knownFailure } from '../spec/known-failures';
import { loadLedger } from '../spec/ledger';
import { type Case, classNameOf, junitXml, placeOf, type Suite } from './junit';
import { knownProperties, markedKnown } from './known-junit';
import { outcomeOf, took } from './outcome';
import { label } from './words';

/** Name of the file in a run's directory; Cucumber's own, with a testcase for each scenario, is junit.xml. */
export const RUN_JUNIT = 'assertions.junit.xml';

/** A run's records, and the planned assertions without one, as JUnit suites: one for each row, in the rows' order. Pure. */
export function suitesOfRun(
  bundle: Bundle,
  records: readonly EvidenceRecord[],
  rowOf: (id: string) => string | undefined,
  known: readonly KnownFailure[] = [],
): Suite[] {
  const { missing, sut } = bundle.predicate['phase9/v1'];
  const listed = new Map(bundle.predicate['phase9/v1'].records.map((one) => [label(one), one]));
  const rows = new Map<string, { starts: string[]; cases: Case[] }>();
  const of = (row: string) => {
    const there = rows.get(row) ?? { starts: [], cases: [] };
    rows.set(row, there);
    return there;
  };
  for (const record of records) {
    const { path: evidence = '', sha256 = '' } = listed.get(label(record)) ?? {};
    const suite = of(record.row);
    const failure = knownFailure(known, sut, record);
    suite.starts.push(record.startedAt);
    suite.cases.push({
      name: label(record),
      classname: classNameOf(record.row, record.scenarioName),
      place: placeOf(record.scenario),
      ms: took(record),
      outcome: markedKnown(outcomeOf(record), failure),
      properties: {
        ...{ step: record.step, level: record.level, boundary: record.boundary, evidence, sha256 },
        ...knownProperties(record.verdict, failure),
      },
    });
  }
  for (const planned of missing) {
    const row = rowOf(planned.id) ?? 'unknown row';
    of(row).cases.push({
      name: label(planned),
      classname: row,
      place: placeOf(planned.scenario),
      ms: 0,
      outcome: {
        is: 'error',
        type: 'missing',
        message: 'the run planned this assertion, and has no record of it',
        text: '',
      },
      properties: {},
    });
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([row, { starts, cases }]) => ({ name: `${row} (${sut.kind})`, startedAt: starts.sort()[0], cases }));
}

/** Writes a run's assertion-level JUnit beside its bundle, or to `file`. @returns its path. */
export function writeRunJunit(
  runDirectory: string,
  bundle: Bundle,
  known: readonly KnownFailure[] = [],
  file: string = path.join(runDirectory, RUN_JUNIT),
): string {
  const records = bundle.predicate['phase9/v1'].records.map((one) =>
    recordSchema.parse(JSON.parse(readFileSync(path.join(runDirectory, one.path), 'utf8'))),
  );
  const suites = suitesOfRun(bundle, records, (id) => loadLedger().byId.get(id)?.row, known);
  writeFileAtomic.sync(file, junitXml(suites));
  return file;
}
