import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';

const layout = join(__dirname, '..', '..', 'tree', 'agents', 'hermes', 'hermes-layout.sh');

describe('the layout of Hermes’ state directory', () => {
  let directory = '';
  let home = '';
  let hash = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hermes-layout-'));
    home = join(directory, 'home');
    hash = join(directory, 'hash');
    mkdirSync(join(home, 'runtime'), { recursive: true });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Calls one function of the layout as the entry point does; returns its status and output. */
  function call(name: string): { readonly status: number | null; readonly output: string } {
    const script = `set -euo pipefail; say() { echo "$*"; }; refuse() { say "refused: $*"; exit 1; }; . "$1"; ${name}`;
    const env = { PATH: process.env.PATH, HERMES_HOME: home, CONFIG_HASH: hash };
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', layout], {
      env,
      encoding: 'utf8',
    });
    return { status, output: `${stdout}${stderr}` };
  }

  it('is refused where a directory is a link or a file', () => {
    expect(call('check_layout')).to.deep.equal({ status: 0, output: '' });
    symlinkSync('/', join(home, 'hooks'));
    expect(call('check_layout').output).to.equal(
      `refused: Refusing Hermes layout repair because ${home}/hooks is a symlink\n`,
    );
    rmSync(join(home, 'hooks'));
    writeFileSync(join(home, 'cache'), '');
    expect(call('check_layout')).to.include({ status: 1 });
    rmSync(join(home, 'cache'));
    rmSync(home, { recursive: true });
    symlinkSync(directory, home);
    expect(call('check_layout').output).to.include(`because ${home} is a symlink`);
  });

  it('is refused where nobody vouches for the configuration', () => {
    const config = join(home, 'config.yaml');
    writeFileSync(config, 'a: 1\n');
    expect(call('check_config').output).to.include('hash file missing');
    const digest = createHash('sha256').update('a: 1\n').digest('hex');
    writeFileSync(hash, `${digest}  ${config}\n`, { mode: 0o644 });
    // Another user's file is refused before its mode is looked at.
    expect(call('check_config').output).to.match(/writable mode 644|owned by uid \d+, expected root/);
    if (process.getuid?.() !== 0) return;
    chmodSync(hash, 0o444);
    expect(call('check_config')).to.deep.equal({ status: 0, output: '' });
    writeFileSync(config, 'a: 2\n');
    expect(call('check_config').output).to.include('integrity check FAILED');
  });

  it('loses the files of a gateway that is no more, and keeps what a link points at', () => {
    const victim = join(directory, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(home, 'gateway.pid'));
    for (const name of ['gateway.pid', 'gateway.lock']) writeFileSync(join(home, 'runtime', name), '{}');
    const { status, output } = call('clean_stale_runtime_files');
    expect(status).to.equal(0);
    expect(output.trim().split('\n')).to.deep.equal([
      `[gateway] Removing stale Hermes runtime PID file: ${home}/runtime/gateway.pid`,
      `[gateway] Removing unsafe stale Hermes legacy PID file symlink: ${home}/gateway.pid`,
      `[gateway] Removing stale Hermes lock file: ${home}/runtime/gateway.lock`,
    ]);
    expect(lstatSync(join(home, 'gateway.pid'), { throwIfNoEntry: false })).to.equal(undefined);
    expect(existsSync(join(home, 'runtime/gateway.lock'))).to.equal(false);
    expect(readFileSync(victim, 'utf8')).to.equal('precious');
    expect(call('clean_stale_runtime_files')).to.deep.equal({ status: 0, output: '' });
  });

  it('loses a dangling link too', () => {
    symlinkSync('runtime/gateway.pid', join(home, 'gateway.pid'));
    expect(call('clean_stale_runtime_files').output.trim().split('\n')).to.have.length(1);
    expect(lstatSync(join(home, 'gateway.pid'), { throwIfNoEntry: false })).to.equal(undefined);
  });
});
