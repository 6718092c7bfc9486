import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { gatewayProcessesIn } from '../../src/sut/hermes-root-entrypoint-processes';

const NONE = '0000000000000000';
const passwd = 'root:0\nsandbox:998\ngateway:999';

/** One line of the listing. */
function line(
  pid: number,
  uids: readonly number[],
  capabilities: string,
  argv: readonly string[],
  gids: readonly number[] = [999, 999, 999, 999, 998, 999],
): string {
  return `${pid} ${uids.join(' ')} ${gids.join(' ')} ${capabilities} ${argv.map((one) => `${one}\x1f`).join('')}`;
}

function listed(...lines: readonly string[]) {
  return gatewayProcessesIn(`${passwd}\n\n${lines.join('\n')}\n`, ['hermes']);
}

const gateway = ['/opt/hermes/bin/python', '/usr/local/bin/hermes', 'gateway', 'run'];

describe('the processes of Hermes’ gateway', () => {
  it('are found by program or interpreter, with their users', () => {
    expect(listed(line(38, [999, 999, 999, 999], NONE, gateway))).to.deep.equal([
      { pid: 38, users: ['gateway'], rootsGroup: false, capable: false, command: gateway.join(' ') },
    ]);
    expect(listed(line(38, [0, 0, 0, 0], '00000000a80425fb', ['hermes', 'gateway', 'run']))).to.deep.equal([
      { pid: 38, users: ['root'], rootsGroup: false, capable: true, command: 'hermes gateway run' },
    ]);
  });

  it('have every user that a process has, and a user without a name by its number', () => {
    expect(listed(line(1, [999, 0, 4711, 999], NONE, gateway))[0]?.users).to.deep.equal(['gateway', 'root', '4711']);
  });

  it('have root’s group where it is one of their groups, and not where a number only contains a zero', () => {
    const having = (...gids: readonly number[]) =>
      listed(line(1, [999, 999, 999, 999], NONE, gateway, gids))[0]?.rootsGroup;
    expect(having(0, 0, 0, 0)).to.equal(true);
    expect(having(999, 999, 999, 999, 998, 0)).to.equal(true);
    expect(having(100, 100, 100, 100, 1000)).to.equal(false);
  });

  it('do not include shells and wrappers that mention the gateway', () => {
    expect(
      listed(
        line(1, [0, 0, 0, 0], NONE, ['bash', '-c', 'hermes gateway run']),
        line(2, [0, 0, 0, 0], NONE, ['setpriv', '--reuid=gateway', '--', 'hermes', 'gateway', 'run']),
        line(3, [0, 0, 0, 0], NONE, ['/usr/local/bin/hermes', '--version']),
        line(4, [0, 0, 0, 0], NONE, []),
        '5  ',
      ),
    ).to.deep.equal([]);
  });

  it('are found under every name that a release gives the program, a wrapper’s included', () => {
    const listing = `${passwd}\n\n${line(7, [999, 999, 999, 999], NONE, ['python3', '/usr/bin/hermes.real', 'gateway', 'run'])}\n${line(8, [0, 0, 0, 0], NONE, ['/usr/bin/hermes', 'gateway', 'run'])}\n`;
    const pids = (programs: readonly string[]) => gatewayProcessesIn(listing, programs).map(({ pid }) => pid);
    expect(pids(['hermes'])).to.deep.equal([8]);
    expect(pids(['hermes.real'])).to.deep.equal([7]);
    expect(pids(['hermes.real', 'hermes'])).to.deep.equal([7, 8]);
  });

  it('are found anywhere in the listing', () => {
    const other = fc
      .tuple(
        fc.integer({ min: 1, max: 9_999 }),
        fc.constantFrom(['sh'], ['python3', '/opt/nemoclaw/forward-port.py'], []),
      )
      .map(([pid, argv]) => line(pid, [0, 0, 0, 0], NONE, argv));
    fc.assert(
      fc.property(fc.array(other), fc.array(other), (before, after) => {
        const found = listed(...before, line(10_000, [999, 999, 999, 999], NONE, gateway), ...after);
        expect(found.map(({ pid }) => pid)).to.deep.equal([10_000]);
      }),
    );
  });
});
