import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';

const BOOTSTRAP = inRepository('scripts/bootstrap.cjs');

describe('bootstrap', () => {
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(path.join(tmpdir(), 'phase9-bootstrap-'));
    mkdirSync(path.join(clone, 'scripts'));
    cpSync(BOOTSTRAP, path.join(clone, 'scripts', 'bootstrap.cjs'));
    lock({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
  });

  afterEach(() => rmSync(clone, { recursive: true }));

  const lock = (packages: Record<string, unknown>): void =>
    writeFileSync(path.join(clone, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
  const installed = (packages: Record<string, unknown>): void => {
    mkdirSync(path.join(clone, 'node_modules'), { recursive: true });
    writeFileSync(path.join(clone, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  };
  const bootstrap = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(clone, 'scripts', 'bootstrap.cjs'), ...args], { encoding: 'utf8' });

  it('asks for an installation when there is no node_modules', () => {
    expect(bootstrap('--check-packages').status).to.equal(2);
  });

  it('takes what npm installed from the same lock file, and remembers it', () => {
    installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
    expect(bootstrap('--check-packages').status).to.equal(0);
    expect(existsSync(path.join(clone, 'node_modules', '.phase9-lock'))).to.equal(true);
  });

  it('misses the packages of a workspace, even where those of the root were as locked', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'part/node_modules/b': { version: '1.0.0', integrity: 'sha512-b' },
    };
    lock(packages);
    installed(packages);
    expect(bootstrap('--check-packages').status).to.equal(2);
    mkdirSync(path.join(clone, 'part/node_modules'), { recursive: true });
    expect(bootstrap('--check-packages').status).to.equal(0);
  });

  it('sees a changed lock file', () => {
    installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
    bootstrap('--check-packages');
    lock({ 'node_modules/a': { version: '1.0.1', integrity: 'sha512-b' } });
    expect(bootstrap('--check-packages').status).to.equal(2);
  });

  it('does not miss optional packages, which are for other platforms', () => {
    lock({ 'node_modules/b': { version: '1.0.0', optional: true } });
    installed({});
    expect(bootstrap('--check-packages').status).to.equal(0);
  });

  it('runs a command with its arguments and passes its exit status on', () => {
    installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
    const out = path.join(clone, 'out');
    const script = `require('fs').writeFileSync(${JSON.stringify(out)}, process.argv.slice(1).join()); process.exit(7)`;
    expect(bootstrap('--no-setup', 'node', '-e', script, 'one', 'two').status).to.equal(7);
    expect(readFileSync(out, 'utf8')).to.equal('one,two');
  });

  it('names the command that could not be started', () => {
    installed({ 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } });
    const { status, stderr } = bootstrap('--no-setup', 'no-such-command');
    expect(status).to.equal(2);
    expect(stderr).to.contain('no-such-command could not be started');
  });
});
