import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { withStatus } from '../../src/cli/audit/update';
import { writeBundle } from '../../src/evidence/bundle';
import { recordPath, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { REPOSITORY } from '../../src/repository';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';
import { call } from './phase9-calls';

const ID = 'rebuild.openclaw.completes';

/** A run with one record, as it lies on disk. */
function aRun(directory: string): string {
  mkdirSync(path.join(directory, 'scenarios'), { recursive: true });
  writeRunPlan(directory, aPlan([[ID, null]]));
  writeRecord(directory, aRecord());
  writeFileSync(path.join(directory, 'scenarios', 'one.json'), JSON.stringify(aSummary()));
  writeBundle(directory);
  return directory;
}

describe('phase9 audit', () => {
  const directory = temporaryDirectory('audit');
  const phase9 = (args: readonly string[]) => call(REPOSITORY, directory, ['phase9', ...args]);

  it('ends with 1 and names what is missing when a row is not complete', async () => {
    const run = aRun(path.join(directory, 'one'));
    const { exit, stdout } = await phase9(['audit', run, '--rows', 'AQ-050']);
    expect(exit).to.equal(1);
    expect(stdout).to.match(/AQ-050 {2}reference {2}rebuild\.hermes\.completes\n.*no record of this core assertion/);
    expect(stdout).to.match(/AQ-050 {2}reference +unresolved/);
  });

  it('names a record whose file was removed, or changed', async () => {
    const run = aRun(path.join(directory, 'two'));
    const file = recordPath(run, aRecord());
    writeFileSync(file, readFileSync(file, 'utf8').replace('exit status: 0', 'exit status: 1'));
    const changed = JSON.parse((await phase9(['audit', run, '--rows', 'AQ-050', '--json'])).stdout);
    expect(about(changed)).to.match(/its digest does not match/);
    rmSync(file);
    const gone = JSON.parse((await phase9(['audit', run, '--rows', 'AQ-050', '--json'])).stdout);
    expect(about(gone)).to.match(/cannot be read \(ENOENT\)/);
  });

  it('has the same result, and merges to the same bytes, in any order', async () => {
    const [one, two] = [aRun(path.join(directory, 'three')), aRun(path.join(directory, 'four'))];
    const merged = async (name: string, runs: string[]) => {
      const file = path.join(directory, name);
      const { stdout } = await phase9(['audit', ...runs, '--rows', 'AQ-050', '--json', '--merge', file]);
      return `${JSON.stringify(JSON.parse(stdout).rows)}${readFileSync(file, 'utf8')}`;
    };
    expect(await merged('a.json', [one, two])).to.equal(await merged('b.json', [two, one, two]));
  });

  for (const [what, args, message] of [
    ['an unknown bundle', ['no-such-run'], /no-such-run: no such bundle, run or directory/],
    ['an unknown row', ['--rows', 'AQ-099'], /the ledger has no row AQ-099/],
    ['something other than a row', ['--rows', 'rebuild'], /give rows such as AQ-050,AQ-051/],
    ['an unknown kind', ['--sut', 'toy'], /give reference, product/],
  ] as const) {
    it(`ends with 2 for ${what}`, async () => {
      const { exit, stderr } = await phase9(['audit', ...args]);
      expect(stderr).to.match(message);
      expect(exit).to.equal(2);
    });
  }

  it('ends with 2 when the merged statement cannot be written, and names it', async () => {
    const run = aRun(path.join(directory, 'unwritable'));
    const { exit, stderr } = await phase9(['audit', run, '--merge', path.join(directory, 'nowhere', 'merged.json')]);
    expect(stderr)
      .to.match(/merged\.json cannot be written: ENOENT/)
      .and.not.match(/^ {4}at /m);
    expect(exit).to.equal(2);
  });

  it('ends with 2 for a file that is not a bundle, and names the place of the fault', async () => {
    const file = path.join(directory, 'bundle.json');
    writeFileSync(file, '{\n  "_type": "something else"\n}\n');
    const { exit, stderr } = await phase9(['audit', file]);
    expect(exit).to.equal(2);
    expect(stderr).to.match(/bundle\.json: no evidence bundle: .*_type/s);
  });
});

function about({ findings }: { findings: { id: string; wrong: string }[] }): string {
  return findings
    .filter(({ id }) => id === ID)
    .map(({ wrong }) => wrong)
    .join('\n');
}

describe('the status in the work queue', () => {
  const queue = `# Read me.
rows:
  AQ-050: # the first
    owner: QA # a role
    status:
      reference: { evidence: unresolved, bundles: [], reasons: [none yet] }
      product: { evidence: unresolved, bundles: [], reasons: [none yet] }
`;

  it('is written for the audited kind alone, and comments stay', async () => {
    const standing = {
      row: 'AQ-050',
      title: '',
      owner: 'QA',
      sut: 'reference' as const,
      evidence: 'evidence-complete' as const,
      bundles: ['a'.repeat(64)],
      amendments: [],
      reasons: [],
      assertions: [],
    };
    const updated = withStatus(queue, { rows: [standing] });
    for (const comment of ['# Read me.', '# the first', '# a role']) expect(updated).to.contain(comment);
    expect(updated).to.match(/reference:\n\s+evidence: evidence-complete\n\s+bundles:\n\s+- a{64}/);
    expect(updated).to.match(/product: \{evidence: unresolved/);
    expect(withStatus(updated, { rows: [standing] })).to.equal(updated);
  });
});
