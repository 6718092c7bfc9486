import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { REPOSITORY } from '../../src/repository';
import { encodings } from '../secrets/encoded';
import { temporaryDirectory } from '../temporary-directory';
import { call } from './phase9-calls';

const directory = temporaryDirectory('secrets-command');
const digits = 'fedcba987654'.repeat(3);
const CANARY = `phase9canary${digits}`;
let number = 0;

/** A place for reports, whose last run has these files. */
function reports(files: Readonly<Record<string, string>>): string {
  number += 1;
  const home = path.join(directory, String(number));
  const run = path.join(home, 'reports', 'a-run');
  mkdirSync(run, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(run, name), content);
  symlinkSync('a-run', path.join(home, 'reports', 'latest'));
  return home;
}

describe('phase9 secrets', () => {
  it('finds nothing in committed files and in a clean run, and ends with 0', async () => {
    const home = reports({ 'junit.xml': '<testsuites/>' });
    const { exit, stdout, stderr } = await call(REPOSITORY, home, ['phase9', 'secrets']);
    expect([exit, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^no secret\(s\) in \d+ files$/);
  });

  it('finds a canary in every encoding in any artifact of the last run, and ends with 1 without the value', async () => {
    const names = ['junit.xml', 'report.html', 'messages.ndjson', 'bundle.json', 'summary.json'];
    const files = Object.entries(encodings).map(([encoding, encode], index) => {
      const encoded = encode(CANARY, [1, 0, 2]);
      const text = `first line\n{"${encoding}":"${encoded}"}\n${encoded.slice(0, 9)}\n  ${encoded.slice(9)}\n`;
      return [`${index}-${names[index % names.length]}`, text] as const;
    });
    const home = reports(Object.fromEntries(files));
    const { exit, stdout } = await call(REPOSITORY, home, ['phase9', 'secrets']);
    expect(exit).to.equal(1);
    for (const [name] of files) {
      expect(stdout).to.match(new RegExp(`${name}:2: a staged canary \\([^,]*\\)$`, 'm'));
      expect(stdout).to.match(new RegExp(`${name}:3: a staged canary \\(.*split by a line wrap\\)$`, 'm'));
    }
    for (const encode of Object.values(encodings)) expect(stdout).not.to.include(encode(digits, [1, 0, 2]));
    const json = await call(REPOSITORY, home, ['phase9', 'secrets', '--json']);
    expect(json.exit).to.equal(1);
    expect(JSON.parse(json.stdout).found).to.have.length(2 * files.length);
  });

  it('searches the paths that it is given, and ends with 2 where there is none', async () => {
    const home = reports({ 'a.log': CANARY, 'b.log': 'nothing' });
    const at = (name: string) => path.join(home, 'reports', 'latest', name);
    expect((await call(REPOSITORY, home, ['phase9', 'secrets', at('b.log')])).exit).to.equal(0);
    expect((await call(REPOSITORY, home, ['phase9', 'secrets', at('a.log'), at('b.log')])).exit).to.equal(1);
    const { exit, stderr } = await call(REPOSITORY, home, ['phase9', 'secrets', at('b.log'), at('c.log')]);
    expect([exit, stderr]).to.deep.equal([2, `phase9 secrets: there is no ${at('c.log')}`]);
  });
});
