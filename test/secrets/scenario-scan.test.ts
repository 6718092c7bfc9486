import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { registerSecret } from '../../src/secrets/redact';
import { leaksOf } from '../../src/secrets/scenario-scan';
import { temporaryDirectory } from '../temporary-directory';

const directory = temporaryDirectory('scenario-scan');
const journal = path.join(directory, 'journals', 'a-run-p9.jsonl');
const CANARY = `phase9canary${'0123456789ab'.repeat(3)}`;

function left(files: Readonly<Record<string, string>>): Promise<string | undefined> {
  const scenario = path.join(directory, 'work');
  rmSync(scenario, { recursive: true, force: true });
  for (const [name, content] of Object.entries({ 'logs/1.out': 'fine\n', ...files })) {
    mkdirSync(path.dirname(path.join(scenario, name)), { recursive: true });
    writeFileSync(path.join(scenario, name), content);
  }
  return leaksOf(scenario, journal);
}

describe('the files that a scenario leaves', () => {
  it('are searched where they are the output of its commands, and not where the system under test may keep secrets', async () => {
    expect(await left({ 'home/.nemoclaw/credentials': CANARY })).to.equal(undefined);
    const report = await left({ 'logs/deep/2.err': `one\n${Buffer.from(CANARY).toString('base64')}` });
    expect(report).to.match(/logs\/deep\/2\.err:2: a staged canary \(base64\)$/);
    expect(report).not.to.include(CANARY);
  });

  it('are searched for every secret that the process registered, its journal included', async () => {
    registerSecret('a password of the owner');
    mkdirSync(path.dirname(journal), { recursive: true });
    writeFileSync(journal, `{"saw":"a password of the owner"}\n`);
    expect(await left({})).to.match(/a-run-p9\.jsonl:1: a secret of this run \(raw\)$/);
    rmSync(journal);
    expect(await left({})).to.equal(undefined);
  });

  it('are reported as not searched where the search fails', async () => {
    registerSecret('= = = = = short');
    expect(await left({})).to.match(/could not be searched for secrets: .*fewer than 8/);
  });
});
