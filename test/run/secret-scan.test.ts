import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { credentialsOf, scanRun } from '../../src/run/secret-scan';
import { Journal } from '../../src/world/obligations/journal';
import { temporaryDirectory } from '../temporary-directory';

const root = temporaryDirectory('run-scan');
const CANARY = `phase9canary${'0123456789ab'.repeat(3)}`;
let number = 0;

function aRun() {
  number += 1;
  const state = path.join(root, String(number));
  const run = { run: 'this-run', reports: path.join(state, 'reports'), state, journals: path.join(state, 'journals') };
  mkdirSync(path.join(run.reports, 'evidence'), { recursive: true });
  mkdirSync(run.journals);
  return run;
}
const opened = (run: string, boot: string) =>
  `${JSON.stringify({ type: 'opened', at: '', run, scenario: CANARY, owner: { boot, pid: 1, startTime: '1' } })}\n`;

describe('the search at the end of a run', () => {
  it('says that it found nothing, and in how many files', async () => {
    const run = aRun();
    writeFileSync(path.join(run.reports, 'evidence', 'record.json'), '{}');
    const scan = await scanRun(run);
    expect(scan.found).to.deep.equal([]);
    expect(scan.files).to.be.greaterThan(20);
    expect(JSON.parse(readFileSync(path.join(run.reports, 'secrets.json'), 'utf8'))).to.deep.equal(scan);
  });

  it('lists what it found in the run’s directory and in its journals and those of dead runs, not in others’', async () => {
    const run = aRun();
    writeFileSync(path.join(run.reports, 'evidence', 'record.json'), `{\n"a": "${CANARY}"}`);
    writeFileSync(path.join(run.journals, 'this-run-one.jsonl'), opened('this-run', 'another boot'));
    writeFileSync(path.join(run.journals, 'dead-run-one.jsonl'), opened('dead-run', 'another boot'));
    writeFileSync(path.join(run.journals, 'broken.jsonl'), `not a journal: ${CANARY}\n`);
    const living = Journal.open(run.journals, 'living-run', CANARY);
    const { found } = await scanRun(run);
    living.close();
    expect(found.map(({ file, line }) => `${file}:${line}`)).to.deep.equal([
      'evidence/record.json:2',
      'journals/broken.jsonl:1',
      'journals/dead-run-one.jsonl:1',
      'journals/this-run-one.jsonl:1',
    ]);
    expect(readFileSync(path.join(run.reports, 'secrets.json'), 'utf8')).not.to.include(CANARY);
  });

  it('knows the credentials that the manifests name, by the environment', () => {
    const environment = {
      NVIDIA_API_KEY: 'a-real-credential',
      DISCORD_BOT_TOKEN: 'short',
      PATH: '/a/long/enough/path',
    };
    expect(credentialsOf(environment)).to.deep.equal(['a-real-credential']);
  });
});
