import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { writePlugin } from '../../src/staging/plugin-runtime-exdev-source';
import { temporaryDirectory } from '../temporary-directory';

const scripts = inRepository('fixtures/plugin-runtime-exdev');
const plugin = { id: 'a-plugin', dependencies: 2, filesEach: 3 };

function look(script: string, ...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(scripts, script), ...args], {
    encoding: 'utf8',
  });
  expect(status, stderr).to.equal(0);
  return JSON.parse(stdout);
}

/** Last line of the script's output. As in a sandbox, sh reads the script from its input. */
function killHalfWay(directory: string, command: string, when = 'files:1'): string {
  const { stdout } = spawnSync('sh', ['-s', directory, when, 'sh', '-c', command, 'sh', directory], {
    input: readFileSync(path.join(scripts, 'kill-half-way.sh')),
    encoding: 'utf8',
    timeout: 20_000,
  });
  return stdout.trimEnd().split('\n').at(-1) ?? '';
}

describe('a staged plugin', () => {
  it('is a tree with manifest, entry, dependencies, a program and a link', () => {
    const directory = path.join(temporaryDirectory('plugin'), 'one');
    writePlugin(directory, { ...plugin, version: '1.0.0' });
    const tree = look('tree.cjs', directory) as Record<string, string>;
    expect(Object.keys(tree).filter((name) => name.startsWith('node_modules/part-1/lib/'))).to.have.length(3);
    expect(tree['node_modules/part-0/command.js']).to.match(/^program [0-9a-f]{64}$/);
    expect(tree['node_modules/.bin/part-0']).to.equal('link to ../part-0/command.js');
    expect(tree['dist/index.js']).to.match(/^file [0-9a-f]{64}$/);
    const manifest = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
    expect(manifest.openclaw.extensions.every((entry: string) => existsSync(path.join(directory, entry)))).to.equal(
      true,
    );
  });

  it('has different bytes in every file of each version', () => {
    const directory = temporaryDirectory('plugin-versions');
    const trees = ['1.0.0', '2.0.0'].map((version) => {
      writePlugin(path.join(directory, version), { ...plugin, version });
      return look('tree.cjs', path.join(directory, version)) as Record<string, string>;
    });
    const [one = {}, other = {}] = trees;
    const same = Object.keys(one).filter(
      (name) => one[name] === other[name] && /^(file|program) /.test(one[name] ?? ''),
    );
    expect(Object.keys(one)).to.deep.equal(Object.keys(other));
    expect(same).to.deep.equal([]);
  });
});

describe('a tree that was read', () => {
  it('differs by one byte, one bit of the mode and one name', () => {
    const directory = temporaryDirectory('tree');
    const seen = () => JSON.stringify(look('tree.cjs', directory));
    const file = path.join(directory, 'file');
    writeFileSync(file, 'a');
    const all = [seen()];
    writeFileSync(file, 'b');
    all.push(seen());
    chmodSync(file, 0o755);
    all.push(seen());
    mkdirSync(path.join(directory, 'empty'));
    all.push(seen());
    expect(new Set(all).size).to.equal(4);
    expect(look('tree.cjs', path.join(directory, 'nothing'))).to.equal(null);
  });
});

describe('the plain rename', () => {
  it('is undone where it succeeds, and reports its error where it fails', () => {
    const directory = temporaryDirectory('rename');
    const from = path.join(directory, 'from');
    mkdirSync(path.join(from, 'inside'), { recursive: true });
    expect(look('rename.cjs', from, path.join(directory, 'to'))).to.include({ ended: 'renamed' });
    expect(existsSync(path.join(from, 'inside'))).to.equal(true);
    mkdirSync(path.join(directory, 'taken', 'already'), { recursive: true });
    expect(look('rename.cjs', from, path.join(directory, 'taken'))).to.include({ ended: 'ENOTEMPTY' });
  });
});

describe('killing halfway', () => {
  it('stops a command and its children once a file has landed, and before the last', () => {
    const directory = temporaryDirectory('kill');
    const output = killHalfWay(directory, 'sh -c \'echo 1 >"$1/first"; sleep 60; echo 2 >"$1/last"\' sh "$1" & wait');
    expect(output).to.equal('killed, 1 files landed');
    expect(existsSync(path.join(directory, 'last'))).to.equal(false);
  });

  it('waits for as many files as it is told', () => {
    const directory = temporaryDirectory('kill-third');
    const output = killHalfWay(directory, 'for i in 1 2 3; do echo >"$1/$i"; sleep 0.2; done; sleep 60', 'files:3');
    expect(output).to.equal('killed, 3 files landed');
  });

  it('waits until a file is another one, or gone', () => {
    for (const change of ['echo new >"$1/file"', 'mv "$1/file" "$1/aside"']) {
      const directory = temporaryDirectory('kill-changed');
      writeFileSync(path.join(directory, 'file'), 'old');
      const output = killHalfWay(directory, `touch "$1/other"; ${change}; sleep 60`, `changed:${directory}/file`);
      expect(output, change).to.match(/^killed, /);
    }
  });

  it('does not count files from before as landed, and counts copies that keep an old time', () => {
    const directory = temporaryDirectory('kill-times');
    writeFileSync(path.join(directory, 'old'), 'old');
    expect(killHalfWay(directory, 'exit 3')).to.equal('ended by itself with status 3, 0 files landed');
    const output = killHalfWay(directory, 'touch -d 2001-01-01 "$1/copy"; sleep 60');
    expect(output).to.equal('killed, 1 files landed');
  });
});
