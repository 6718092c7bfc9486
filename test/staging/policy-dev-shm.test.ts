import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { inRepository } from '../../src/repository';
import { openedToSharedMemory, openToSharedMemory } from '../../src/staging/policy-dev-shm';
import { profileOf } from '../../src/sut/profiles/choose';
import { temporaryDirectory } from '../temporary-directory';

const tree = inRepository('reference-sut/tree');
const somePath = fc.stringMatching(/^\/[a-z]{1,6}$/).filter((one) => one !== '/tmp' && !one.startsWith('/dev'));

describe('a policy opened to shared memory', () => {
  it('has both paths right after /tmp, and is otherwise line by line as before', () => {
    const property = fc.property(
      fc.array(somePath),
      fc.array(somePath),
      fc.boolean(),
      fc.constantFrom('', '"', "'"),
      fc.constantFrom('  ', '    ', '      '),
      fc.constantFrom('', ' ', '  # scratch'),
      (before, after, alsoReadOnly, quote, indent, tail) => {
        const item = (one: string) => `${indent}- ${one}`;
        const head = ['version: 1', 'filesystem_policy:', '  include_workdir: true', '  read_only:'];
        const readOnly = [item('/usr'), ...(alsoReadOnly ? [item('/tmp')] : [])];
        const upToTmp = [...before.map(item), `${item(`${quote}/tmp${quote}`)}${tail}`];
        const rest = [...after.map(item), 'landlock:', '  compatibility: best_effort', ''];
        const opens = [...head, ...readOnly, '  read_write:', ...upToTmp];
        const opened = openedToSharedMemory([...opens, ...rest].join('\n'));
        expect(opened.split('\n')).to.deep.equal([...opens, item('/dev'), item('/dev/shm'), ...rest]);
        const { read_write: paths } = parse(opened).filesystem_policy;
        expect(paths).to.deep.equal([...before, '/tmp', '/dev', '/dev/shm', ...after]);
      },
    );
    fc.assert(property);
  });

  it('can be made of every policy of the reference SUT, in place and with its mode', () => {
    const directory = temporaryDirectory('shared-memory');
    for (const policy of profileOf('reference').openclawPolicies) {
      const file = path.join(directory, path.basename(policy));
      const text = readFileSync(path.join(tree, policy), 'utf8');
      writeFileSync(file, text, { mode: 0o640 });
      const before = statSync(file);
      expect(openToSharedMemory(file)).to.match(/^read_write with \/dev, \/dev\/shm; sha256 [0-9a-f]{64}, mode 640$/);
      const after = statSync(file);
      expect([after.ino, after.mode]).to.deep.equal([before.ino, before.mode]);
      const opened = parse(readFileSync(file, 'utf8'));
      const { filesystem_policy: files } = parse(text);
      expect(opened).to.deep.equal({
        ...parse(text),
        filesystem_policy: { ...files, read_write: ['/sandbox', '/tmp', '/dev', '/dev/shm'] },
      });
    }
  });

  it('cannot be made of one that opens the paths already, or has no line with /tmp alone', () => {
    const policy = (paths: string) => `filesystem_policy:\n  read_write:\n${paths}`;
    expect(() => openedToSharedMemory(policy('    - /tmp\n    - /dev/shm\n'))).to.throw(/opens \/dev\/shm already/);
    expect(() => openedToSharedMemory(policy('    - /sandbox\n'))).to.throw(/no line `- \/tmp`/);
    expect(() => openedToSharedMemory('filesystem_policy: {read_write: [/tmp]}\n')).to.throw(/no line `- \/tmp`/);
  });
});
