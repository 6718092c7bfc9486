import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { findBundles, readSubmission } from '../../src/audit-input/bundles';
import { writeBundle } from '../../src/evidence/bundle';
import { recordPath, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { aPlan, aRecord } from '../evidence/a-record';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

const root = temporaryDirectory('bundles');
let number = 0;

/** A run of one record, with its bundle. */
function aRun(directory = path.join(root, String(++number))): string {
  writeRunPlan(directory, aPlan([[aRecord().id, null]]));
  writeRecord(directory, aRecord());
  writeBundle(directory);
  return directory;
}

/** The problem of a run's record after `change` to its file. */
function foundAfter(change: (file: string, directory: string) => void): string {
  const directory = aRun();
  change(recordPath(directory, aRecord()), directory);
  const found = readSubmission(path.join(directory, 'bundle.json'), 'whole').records[0]?.found;
  return found && 'problem' in found ? found.problem : 'a record';
}

const pipe = (file: string) => execFileSync('mkfifo', [file]);
const replaced = (make: (file: string) => unknown) => (file: string) => {
  rmSync(file);
  make(file);
};
const rewrite = (change: (text: string) => string | Buffer) => (file: string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));

describe('a submitted record', () => {
  it('is read when it lies in its bundle as it was written', () => {
    expect(foundAfter(() => undefined)).to.equal('a record');
  });

  const away = (file: string, directory: string): string => {
    const elsewhere = path.join(root, `${path.basename(directory)}-elsewhere`);
    renameSync(file, elsewhere);
    return elsewhere;
  };
  const cases: readonly [what: string, change: (file: string, directory: string) => void, message: RegExp][] = [
    [
      'lies behind a link',
      (file, directory) => symlinkSync(away(file, directory), file),
      /outside the bundle, behind a link/,
    ],
    [
      'lies in a linked directory',
      (file, directory) => {
        const elsewhere = away(path.dirname(file), directory);
        symlinkSync(elsewhere, path.dirname(file));
      },
      /outside the bundle, behind a link/,
    ],
    ['is a directory', replaced(mkdirSync), /is no file but a directory/],
    ['is a pipe', replaced(pipe), /is no file but a pipe/],
    ['is gone', (file) => rmSync(file), /cannot be read \(ENOENT\)/],
    ['is cut off', rewrite((text) => text.slice(0, 200)), /is no evidence record: it is no whole JSON/],
    ['is empty', rewrite(() => ''), /it is empty/],
    ['is not UTF-8', rewrite((text) => Buffer.from(text.replace('exit', '\xff'), 'latin1')), /it is not UTF-8/],
    [
      'has a key twice',
      rewrite((text) => text.replace('"verdict": "passed"', '"verdict": "failed",\n  "verdict": "passed"')),
      /a key occurs twice/,
    ],
    ['has another shape', rewrite(() => '{}'), /is no evidence record: .*id/s],
  ];
  for (const [what, change, message] of cases) {
    it(`that ${what} is reported with its reason`, () => {
      expect(foundAfter(change)).to.match(message);
    });
  }

  it('is reported without its content', () => {
    const problem = foundAfter(rewrite((text) => text.replace('{', '{ a-secret-value')));
    expect(problem).to.contain('no whole JSON').and.not.contain('a-secret-value');
  });
});

describe('a bundle', () => {
  it('that is a pipe, a directory or cut off is refused, and its file named', async () => {
    const file = path.join(aRun(), 'bundle.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 300));
    expect(await rejection(() => readSubmission(file, 'whole'))).to.match(
      /bundle\.json: no evidence bundle: it is no whole/,
    );
    replaced(pipe)(file);
    expect(await rejection(() => readSubmission(file, 'whole'))).to.match(/bundle\.json is no file but a pipe/);
    replaced(mkdirSync)(file);
    expect(await rejection(() => readSubmission(file, 'whole'))).to.match(/bundle\.json is no file but a directory/);
  });

  it('that was merged from several runs is refused as such', async () => {
    const file = path.join(aRun(), 'merged.json');
    writeFileSync(file, `${JSON.stringify({ predicate: { 'phase9/merged/v1': { runs: [] } } }, null, 2)}\n`);
    expect(await rejection(() => readSubmission(file, 'whole'))).to.match(/is a merged statement.*audit the runs/);
  });

  it('is found at any depth below a directory, and not behind a link', () => {
    const directory = path.join(root, 'artifacts');
    const runs = ['a', 'b/run', 'c/d/e/run'].map((name) => aRun(path.join(directory, name)));
    symlinkSync(runs[0] ?? '', path.join(directory, 'latest'));
    expect(findBundles(directory)).to.deep.equal(runs.map((run) => path.join(run, 'bundle.json')));
  });
});
