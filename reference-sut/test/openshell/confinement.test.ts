import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { confined, type FilesystemPart } from '../../src/sandbox/confinement';

const system = ['/usr', '/lib', '/lib64', '/bin', '/etc', '/proc'];
let directory: string;

function policy(readWrite: readonly string[], compatibility = 'best_effort', readOnly = system): FilesystemPart {
  return { filesystem_policy: { read_only: readOnly, read_write: readWrite }, landlock: { compatibility } };
}

function run(files: FilesystemPart, ...command: string[]) {
  const [program = '', ...args] = confined(files, command);
  return spawnSync(program, args, { encoding: 'utf8', cwd: '/' });
}

/** A kernel without Landlock confines nothing, and says so where it must. */
const enforced = run(policy([], 'hard_requirement'), 'true').status === 0;
const skip = enforced ? false : 'this machine has no Landlock, or no /usr/bin/python3';

before(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'confinement-')));
  for (const name of ['mine', 'yours', 'secret']) mkdirSync(join(directory, name));
  writeFileSync(join(directory, 'secret', 'file'), 'secret');
});
after(() => rmSync(directory, { recursive: true }));

describe('a confined command', { skip }, () => {
  it('reaches what its policy names, and nothing beside', () => {
    const files = policy([join(directory, 'mine')]);
    expect(run(files, 'sh', '-c', 'echo x >"$1/mine/x" && cat "$1/mine/x"', 'sh', directory).stdout).to.equal('x\n');
    expect(run(files, 'cat', join(directory, 'secret', 'file')).stderr).to.match(/Permission denied/);
    expect(run(files, 'touch', join(directory, 'yours', 'y')).status).to.equal(1);
    expect(run(files, 'touch', '/dev/shm/confinement').stderr).to.match(/Permission denied/);
    expect(existsSync('/dev/shm/confinement')).to.equal(false);
  });

  it('writes nothing to what it may only read', () => {
    const files = policy([], 'best_effort', [...system, join(directory, 'mine')]);
    expect(run(files, 'ls', join(directory, 'mine')).status).to.equal(0);
    expect(run(files, 'touch', join(directory, 'mine', 'z')).stderr).to.match(/Permission denied/);
  });

  it('renames between two directories that it may write', () => {
    const files = policy([join(directory, 'mine'), join(directory, 'yours')]);
    const script =
      'const fs = require("fs"); fs.writeFileSync(process.argv[1] + "/mine/m", "m"); ' +
      'fs.renameSync(process.argv[1] + "/mine/m", process.argv[1] + "/yours/m");';
    const opened = policy([...(files.filesystem_policy?.read_write ?? []), process.execPath]);
    const { status, stderr } = run(opened, process.execPath, '-e', script, directory);
    expect(status, stderr).to.equal(0);
    expect(readFileSync(join(directory, 'yours', 'm'), 'utf8')).to.equal('m');
  });

  it('has the devices that every program takes for granted', () => {
    expect(
      run(policy([]), 'sh', '-c', 'echo gone >/dev/null && head -c 4 /dev/urandom | wc -c').stdout.trim(),
    ).to.equal('4');
  });

  it('keeps its arguments, its status, and the signals that it had', () => {
    const result = run(policy([]), 'sh', '-c', 'printf "%s|" "$@"; exit 7', 'sh', 'a b', '', '*', '"\\$');
    expect([result.status, result.stdout]).to.deep.equal([7, 'a b||*|"\\$|']);
    expect(run(policy([]), 'sh', '-c', 'kill -s PIPE $$; echo not reached').signal).to.equal('SIGPIPE');
    expect(run(policy([]), 'no-such-program').status).to.equal(127);
    expect(run(policy([]), '/etc/passwd').status).to.equal(126);
  });

  it('does not run where a path of a hard requirement is missing, and does where best effort is enough', () => {
    const missing = join(directory, 'missing');
    expect(run(policy([missing]), 'true').status).to.equal(0);
    const refused = run(policy([missing], 'hard_requirement'), 'true');
    expect([refused.status, refused.stderr]).to.deep.equal([
      126,
      `openshell-sandbox: the policy's file system part cannot be enforced: [Errno 2] No such file or directory: '${missing}'\n`,
    ]);
  });
});

describe('the rules of a policy', () => {
  it('include the work directory where the policy does', () => {
    const rules = (include_workdir: boolean) =>
      JSON.parse(confined({ filesystem_policy: { include_workdir, read_write: ['/tmp'] } }, ['true'])[5] ?? '');
    expect(rules(true).read_write).to.include.members(['/sandbox', '/tmp', '/dev/null']);
    expect(rules(false).read_write).not.to.include('/sandbox');
    expect([...rules(true).read_only, ...rules(true).read_write]).not.to.include('/dev/shm');
  });
});
