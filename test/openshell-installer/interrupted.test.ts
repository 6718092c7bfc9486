import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { installedEarlier } from '../../src/staging/openshell-installer';
import { keepState } from '../../src/staging/openshell-machine-state';
import { LINUX } from '../../src/staging/openshell-releases';
import { interruptReplacements } from '../../src/staging/openshell-whole-release';
import { temporaryDirectory } from '../temporary-directory';
import { machineIn, runScript } from './machine';

/** Puts three programs in place, each by another command, and a file elsewhere before them. */
const SCRIPT = `
set -e
cp /etc/hostname "$HOME/elsewhere"
echo new >"$TMPDIR/new"
install -m 755 "$TMPDIR/new" "$1/first"
cp "$TMPDIR/new" "$1"
mv -f "$TMPDIR/new" "$1/third"
echo done
`;

describe('an installation that is killed before one of its replacements', () => {
  const { machine } = machineIn(path.join(temporaryDirectory('interrupted'), 'linux'), LINUX, ['1.0.0']);
  installedEarlier(machine, '1.0.0', ['openshell']);
  const restore = keepState(machine);
  interruptReplacements(machine);
  const killed = async (before: number) => {
    restore();
    writeFileSync(path.join(machine.host, 'kill-before'), `${before}\n`);
    writeFileSync(path.join(machine.own, 'replacements'), '');
    const { ended, stdout } = await runScript(machine, SCRIPT, machine.programs);
    return { ended, stdout: stdout.toString(), programs: readdirSync(machine.programs).sort() };
  };

  for (const [before, programs] of [
    [1, ['openshell']],
    [2, ['first', 'openshell']],
    [3, ['first', 'new', 'openshell']],
  ] as const) {
    it(`has made those before number ${before}, and no other`, async () => {
      expect(await killed(before)).to.deep.equal({ ended: 'signalled', stdout: '', programs });
      expect(existsSync(path.join(machine.home, 'elsewhere'))).to.equal(true);
    });
  }

  it('comes to its end where it makes fewer, and every one is counted', async () => {
    const all = { ended: 'exited', stdout: 'done\n', programs: ['first', 'new', 'openshell', 'third'] };
    for (const before of [0, 4]) expect(await killed(before)).to.deep.equal(all);
    const counted = readFileSync(path.join(machine.own, 'replacements'), 'utf8').trimEnd().split('\n');
    expect(counted.map((line) => line.split(' ')[0])).to.deep.equal(['install', 'cp', 'mv']);
  });

  it('leaves nothing on the machine once its state is put back', () => {
    restore();
    expect(readdirSync(machine.programs)).to.deep.equal(['openshell']);
    expect(readdirSync(machine.home)).to.deep.equal([]);
    expect(readdirSync(machine.temporary)).to.deep.equal([]);
  });
});
