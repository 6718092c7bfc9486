import { describe, it } from 'node:test';
import { expect } from 'chai';
import { changesOf, leavesMachineAlone, sessionOf } from '../../src/checks/spark-install-runs';
import { AssertionContext } from '../../src/evidence/assertion';
import { Observation } from '../../src/evidence/observation';
import type { SparkRun } from '../../src/staging/spark-install-runs';

const entry = {
  boundary: 'host-cli',
  kind: 'file',
  source: 'a machine',
  startedAt: '',
  finishedAt: '',
  seen: {},
} as const;
const seen = <T>(value: T) => new Observation(value, entry);

function run(calls: readonly (readonly string[])[], after: Readonly<Record<string, string>>): SparkRun {
  const nothing = Buffer.alloc(0);
  const times = { startedAt: '', finishedAt: '', ms: 1 };
  return {
    outcome: seen({ ...times, argv: [], exit: 0, stdout: nothing, stderr: nothing, ended: 'exited', reason: null }),
    calls: seen(calls),
    before: seen({ 'etc/hosts': 'one', 'etc/fstab': 'one' }),
    after: seen(after),
  };
}

const untouched = { 'etc/hosts': 'one', 'etc/fstab': 'one' };

describe('the changes of a run to a machine', () => {
  it('are calls that change it as a whole, and settings that were added, removed or changed', () => {
    const calls = [
      ['docker', 'info'],
      ['sudo', 'sysctl', '-w', 'a=1'],
      ['curl', 'x'],
      ['apt-get', 'install'],
    ];
    expect(changesOf(new AssertionContext(), run(calls, { 'etc/hosts': 'two', 'etc/new': 'one' }))).to.deep.equal({
      calls: ['sudo sysctl -w a=1', 'apt-get install'],
      settings: ['etc/hosts', 'etc/fstab', 'etc/new'],
    });
    expect(changesOf(new AssertionContext(), run([['docker', 'info']], untouched))).to.deep.equal({
      calls: [],
      settings: [],
    });
  });

  it('count as none only where the engine was called', () => {
    const holds = (calls: readonly (readonly string[])[]) => {
      const a = new AssertionContext();
      leavesMachineAlone(a, run(calls, untouched));
      return a.comparisons.every((one) => one.holds);
    };
    expect([holds([['docker', 'info']]), holds([]), holds([['docker'], ['usermod', '-aG']])]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});

describe('the check of a session that was never written', () => {
  it('fails with the error of the command that read it', () => {
    const cat = { argv: [], exit: 1, stdout: Buffer.alloc(0), stderr: Buffer.from('cat: s.json: No such file\n') };
    const ended = { startedAt: '', finishedAt: '', ms: 1, ended: 'exited', reason: null } as const;
    const session = seen({ ...cat, ...ended });
    expect(() => sessionOf(new AssertionContext(), { session })).to.throw('cat: s.json: No such file');
  });
});
