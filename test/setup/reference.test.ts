import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { isSupported } from '../../src/cli/setup/node-version';
import { compileReference, referenceState } from '../../src/cli/setup/reference';
import { UserError } from '../../src/user-error';

const BUILD = `
const fs = require('node:fs');
fs.rmSync('reference-sut/dist', { recursive: true, force: true });
fs.mkdirSync('reference-sut/dist');
fs.appendFileSync('builds', 'x');`;

describe('the compiled reference SUT', () => {
  let repository: string;
  const signal = new AbortController().signal;
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
    writeFileSync(path.join(repository, file), text);
  };
  const builds = (): number => readFileSync(path.join(repository, 'builds'), 'utf8').length;

  beforeEach(() => {
    repository = mkdtempSync(path.join(tmpdir(), 'phase9-reference-'));
    write('package-lock.json', '{}');
    write('reference-sut/package.json', '{}');
    write('reference-sut/build.cjs', BUILD);
    write('reference-sut/src/main.ts', 'one');
    write('reference-sut/tree/Dockerfile', 'two');
  });

  afterEach(() => rmSync(repository, { recursive: true }));

  it('is compiled once for the same sources', async () => {
    expect(referenceState(repository)).to.equal('missing');
    expect(await compileReference(repository, signal)).to.equal(true);
    expect(await compileReference(repository, signal)).to.equal(false);
    expect(referenceState(repository)).to.equal('fresh');
    expect(builds()).to.equal(1);
  });

  for (const file of [
    'reference-sut/src/main.ts',
    'reference-sut/tree/Dockerfile',
    'reference-sut/tree/new',
    'package-lock.json',
  ]) {
    it(`is compiled again after a change of ${file}`, async () => {
      await compileReference(repository, signal);
      write(file, 'changed');
      expect(referenceState(repository)).to.equal('stale');
      expect(await compileReference(repository, signal)).to.equal(true);
      expect(builds()).to.equal(2);
    });
  }

  it('shows the compiler’s message', async () => {
    write('reference-sut/build.cjs', "console.error('main.ts:1:1: not TypeScript'); process.exit(1)");
    const error: unknown = await compileReference(repository, signal).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UserError).with.property('message').contains('main.ts:1:1: not TypeScript');
    expect(referenceState(repository)).to.equal('missing');
  });
});

describe('the Node version', () => {
  for (const [version, supported] of [
    ['18.20.0', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['22.0.0', true],
    ['24.1.0', true],
  ] as const) {
    it(`${version} is ${supported ? 'supported' : 'too old'}`, () => {
      expect(isSupported(version)).to.equal(supported);
    });
  }
});
