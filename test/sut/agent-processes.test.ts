import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { agentProcessesIn, PROCESS_LISTING } from '../../src/sut/agent-processes';

const users = 'root:0\nsandbox:998\n\n';
const line = (pid: number, state: string, uid: number, ...argv: string[]) =>
  `${pid} ${state} ${uid} ${argv.map((one) => `${one}\x1f`).join('')}\n`;

describe('the processes of an agent', () => {
  it('are those of its program, by itself or by its interpreter, each with its user', () => {
    const listing = [
      line(1, 'S', 0, '/sbin/docker-init', '--', 'sh'),
      line(20, 'S', 998, 'openclaw', '', ''),
      line(21, 'R', 0, '/usr/local/bin/node', '/usr/local/lib/node_modules/openclaw/openclaw.mjs', 'gateway', 'run'),
      line(22, 'S', 998, 'openclaw-gateway   '),
      line(23, 'S', 5, '/opt/hermes/bin/python3.11', '/usr/local/bin/hermes', 'gateway', 'run'),
    ].join('');
    const found = (...programs: string[]) =>
      agentProcessesIn(users + listing, programs).map(({ pid, user, command }) => [pid, user, command]);
    expect(found('openclaw', 'openclaw.mjs', 'openclaw-gateway')).to.deep.equal([
      [20, 'sandbox', 'openclaw'],
      [21, 'root', '/usr/local/bin/node /usr/local/lib/node_modules/openclaw/openclaw.mjs gateway run'],
      [22, 'sandbox', 'openclaw-gateway'],
    ]);
    expect(found('hermes')).to.deep.equal([[23, '5', '/opt/hermes/bin/python3.11 /usr/local/bin/hermes gateway run']]);
  });

  it('are neither zombies, nor what has ended meanwhile, nor others that only name the program', () => {
    const listing = [
      line(30, 'Z', 998),
      line(31, 'Z', 998, 'openclaw'),
      line(32, 'gone', 998, 'openclaw'),
      line(33, 'S', 998, 'tail', '-F', '/tmp/openclaw'),
      line(34, 'S', 998, 'sh', '-c', 'exec openclaw gateway run'),
      line(35, 'S', 998, 'cat', 'openclaw'),
    ].join('');
    expect(agentProcessesIn(users + listing, ['openclaw'])).to.deep.equal([]);
  });

  it('are found only where one of the programs is named, whatever the listing is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { command } of agentProcessesIn(text, ['openclaw'])) expect(command).to.include('openclaw');
      }),
    );
  });

  it('are listed by a shell as they are parsed', () => {
    const { stdout, status } = spawnSync('sh', ['-c', PROCESS_LISTING], { encoding: 'utf8' });
    expect(status).to.equal(0);
    const [own] = agentProcessesIn(stdout, ['node']).filter(({ pid }) => pid === process.pid);
    expect(own?.command).to.include(process.execPath);
    expect(own?.user).to.equal(process.getuid?.() === 0 ? 'root' : process.env.USER);
  });
});
