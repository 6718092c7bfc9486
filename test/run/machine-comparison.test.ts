import { describe, it } from 'node:test';
import { expect } from 'chai';
import { isOfRun, restoreLines } from '../../src/run/machine-comparison';
import type { MachineDifference } from '../../src/sut/machine-state';

const shared = {
  run: '20261125-110000-ab12',
  inPlace: false,
  engine: true,
  sandboxImages: /^openshell\/sandbox-from:/,
};
const inPlace = { ...shared, inPlace: true };
const difference = (kind: MachineDifference['kind'], name: string, change: MachineDifference['change'] = 'new') => ({
  ...{ kind, name, change },
});

describe('a difference between before and after a run', () => {
  it('is the run’s where its name has the mark of its scenarios', () => {
    expect(isOfRun(difference('container', 'openshell-p9-ab12-01-archive-x'), shared)).to.equal(true);
    expect(isOfRun(difference('container', 'openshell-p9-cd34-01-archive-x'), shared)).to.equal(false);
  });

  it('is another run’s where its name has the mark of that, also where the installation makes such things', () => {
    for (const [kind, name] of [
      ['container', 'openshell-p9-cd34-01-archive-x'],
      ['network', 'openshell-p9-cd34-02'],
      ['volume', 'openshell-cluster-p9-cd34-02-gateway-trust'],
      ['process', 'openshell-gateway (pid 1, scenario p9-cd34-02)'],
    ] as const)
      expect(isOfRun(difference(kind, name), inPlace), name).to.equal(false);
    expect(isOfRun(difference('process', 'openshell (pid 1, scenario p9-ab12-02)'), shared)).to.equal(true);
  });

  it('of a process is another’s where only its environment or its directory tells so', () => {
    for (const name of [
      'openshell (pid 1, run 20261125-110000-cd34)',
      'openshell (pid 1, scenario p9-cd34-02)',
      'nemoclaw (pid 1, HOME /home/other)',
    ])
      expect(isOfRun(difference('process', name), inPlace), name).to.equal(false);
    for (const name of ['openshell (pid 1, run 20261125-110000-ab12)', 'openshell (pid 1, scenario p9-ab12-02)'])
      expect(isOfRun(difference('process', name), inPlace), name).to.equal(true);
  });

  it('of a sandbox’s image is that run’s whose sandbox a label names', () => {
    const image = (sandbox: string) => difference('image', `openshell/sandbox-from:1795603466 (sandbox ${sandbox})`);
    expect(isOfRun(image('p9-cd34-02-archive'), inPlace)).to.equal(false);
    expect(isOfRun(image('p9-ab12-02-archive'), inPlace)).to.equal(true);
    expect(isOfRun(image('my-assistant'), inPlace)).to.equal(true);
  });

  it('is somebody else’s on a shared engine, whatever it is', () => {
    for (const kind of ['image', 'network', 'volume', 'port', 'process', 'home'] as const)
      expect(isOfRun(difference(kind, 'openshell/sandbox-from:1'), shared)).to.equal(false);
  });

  it('is the run’s where only the run uses the installation, and the installation makes such things', () => {
    expect(isOfRun(difference('image', 'openshell/sandbox-from:1795603466'), inPlace)).to.equal(true);
    expect(isOfRun(difference('network', 'openshell-docker'), inPlace)).to.equal(true);
    expect(isOfRun(difference('tree', '/opt/nemoclaw', 'changed'), inPlace)).to.equal(true);
    expect(isOfRun(difference('home', '.nemoclaw', 'changed'), inPlace)).to.equal(true);
    expect(isOfRun(difference('image', 'debian:bookworm'), inPlace)).to.equal(false);
    expect(isOfRun(difference('image', 'openshell/sandbox-from:1', 'gone'), inPlace)).to.equal(false);
    expect(isOfRun(difference('port', '4000'), inPlace)).to.equal(false);
    expect(isOfRun(difference('process', 'openshell (pid 1)'), inPlace)).to.equal(true);
    expect(isOfRun(difference('process', 'openshell (pid 1)', 'gone'), inPlace)).to.equal(false);
  });
});

describe('a run without an engine', () => {
  it('has made no image, container, network or volume, and may have left the rest', () => {
    const own = { ...inPlace, engine: false };
    for (const [kind, name] of [
      ['image', 'openshell/sandbox-from:1795603466'],
      ['network', 'openshell-docker'],
      ['container', 'openshell-archive-x'],
    ] as const)
      expect(isOfRun(difference(kind, name), own), name).to.equal(false);
    expect(isOfRun(difference('process', 'openshell (pid 1)'), own)).to.equal(true);
    expect(isOfRun(difference('home', '.nemoclaw', 'changed'), own)).to.equal(true);
  });
});

describe('the words about the restore', () => {
  const whole = { complete: true, registeredLeft: false };
  const image = difference('image', 'debian:bookworm');

  it('are “everything” only where a comparison found no difference', () => {
    expect(restoreLines(whole, [], [])[0]).to.match(/^everything: /);
    for (const lines of [
      restoreLines(whole, [], undefined),
      restoreLines(whole, [], [image]),
      restoreLines(whole, [image], [image]),
      restoreLines({ complete: false, registeredLeft: false }, [], []),
      restoreLines({ complete: true, registeredLeft: true }, [], []),
    ])
      expect(lines[0]).not.to.match(/^everything/);
  });

  it('name each thing that differs', () => {
    expect(restoreLines(whole, [], [image]).slice(1)).to.deep.equal(['image debian:bookworm: new']);
    expect(restoreLines(whole, [image], [image])[0]).to.match(/^NOT everything/);
  });
});
