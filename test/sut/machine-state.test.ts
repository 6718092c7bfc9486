import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { type MachineState, machineDifferences, seeMachine } from '../../src/sut/machine-state';
import { freePort } from '../../src/sut/ports';
import { temporaryDirectory } from '../temporary-directory';

const things = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'));
const states = fc.record({
  ...{ container: things, image: things, network: things, volume: things },
  ...{ home: things, tree: things, port: things, process: things },
}) as fc.Arbitrary<MachineState>;

describe('two looks at a machine', () => {
  it('differ in nothing where nothing changed', () => {
    fc.assert(fc.property(states, (state) => machineDifferences(state, structuredClone(state)).length === 0));
  });

  it('differ in the same things in either order, new for gone', () => {
    const turned = { new: 'gone', gone: 'new', changed: 'changed' } as const;
    fc.assert(
      fc.property(states, states, (one, other) => {
        const back = machineDifferences(other, one).map((all) => ({ ...all, change: turned[all.change] }));
        expect(machineDifferences(one, other)).to.deep.equal(back);
      }),
    );
  });

  it('show a file, a directory of NemoClaw, a changed tree and a listener', async () => {
    const place = temporaryDirectory('machine-state');
    const home = path.join(place, 'home');
    const tree = path.join(place, 'tree');
    for (const directory of [path.join(home, '.nemoclaw'), tree]) mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(tree, 'file'), 'before');
    const look = () => seeMachine({ home, tree, programs: ['phase9-no-such-program'] });
    const before = await look();
    writeFileSync(path.join(home, '.nemoclaw/sandboxes.json'), '{}');
    writeFileSync(path.join(home, 'left'), '');
    writeFileSync(path.join(tree, 'file'), 'after');
    const server = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const found = machineDifferences(before, await look());
    await new Promise((resolve) => server.close(resolve));
    expect(found.filter(({ kind }) => ['home', 'tree'].includes(kind))).to.deep.equal([
      { kind: 'home', name: '.nemoclaw', change: 'changed' },
      { kind: 'home', name: 'left', change: 'new' },
      { kind: 'tree', name: tree, change: 'changed' },
    ]);
    expect(found).to.deep.include({ kind: 'port', name: String(port), change: 'new' });
  });

  const leftBehind = async (env: Record<string, string>, name = 'machine-programs') => {
    const place = temporaryDirectory(name);
    const script = path.join(place, 'phase9-left-behind');
    writeFileSync(script, 'process.stdout.write("up");setInterval(() => {}, 1000)');
    const look = () => seeMachine({ home: '/home/owner', tree: null, programs: ['phase9-left-behind'] });
    const before = await look();
    const child = spawn(process.execPath, [script], { env });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const found = machineDifferences(before, await look()).filter(({ kind }) => kind === 'process');
    child.kill();
    expect(found).to.have.length(1);
    return found[0]?.name.replace(String(child.pid), 'N');
  };

  it('show a program that runs, with the scenario or run that started it', async () => {
    const scenario = { PHASE9_SCENARIO: 'p9-ab12-01', PHASE9_RUN: '20261125-110000-cd34' };
    expect(await leftBehind(scenario)).to.equal('phase9-left-behind (pid N, scenario p9-ab12-01)');
    const run = { PHASE9_RUN: '20261125-110000-cd34' };
    expect(await leftBehind(run)).to.equal('phase9-left-behind (pid N, run 20261125-110000-cd34)');
  });

  it('show whose a program is that was started with an environment of its own', async () => {
    const home = { HOME: '/state/work/p9-ab12-01/home' };
    expect(await leftBehind(home)).to.equal('phase9-left-behind (pid N, scenario p9-ab12-01)');
    expect(await leftBehind({}, 'p9-ab12-02')).to.equal('phase9-left-behind (pid N, scenario p9-ab12-02)');
    expect(await leftBehind({ HOME: '/home/other' })).to.equal('phase9-left-behind (pid N, HOME /home/other)');
    expect(await leftBehind({ HOME: '/home/owner' })).to.equal('phase9-left-behind (pid N)');
  });
});
