import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { dockerfileFor, patchedTag, type Snapshotter } from '../../src/nemoclaw/overlayfs/cluster-image';
import { conflicts } from '../../src/nemoclaw/overlayfs/conflict';

const linux = { platform: 'linux', wsl: false };
const containerd: [string, string] = ['driver-type', 'io.containerd.snapshotter.v1'];

describe('the conflict of an engine with a cluster', () => {
  it('is containerd’s overlayfs on Linux, and nothing else', () => {
    expect(conflicts({ Driver: 'overlayfs', DriverStatus: [containerd] }, linux)).to.equal(true);
    expect(conflicts({ Driver: 'overlay2', DriverStatus: [['Supports d_type', 'true']] }, linux)).to.equal(false);
    expect(conflicts({ Driver: 'overlayfs', DriverStatus: null }, linux)).to.equal(false);
    expect(conflicts({ Driver: 'native', DriverStatus: [containerd] }, linux)).to.equal(false);
    expect(conflicts({ Driver: 'overlayfs', DriverStatus: [containerd] }, { ...linux, wsl: true })).to.equal(false);
    const mac = { platform: 'darwin', wsl: false };
    expect(conflicts({ Driver: 'overlayfs', DriverStatus: [containerd] }, mac)).to.equal(false);
  });
});

const upstream = fc.record({
  reference: fc.tuple(fc.nat(9), fc.nat(99)).map(([a, b]) => `host.test:5000/openshell/cluster:0.${a}.${b}`),
  id: fc.nat().map((number) => `sha256:${number.toString(16)}`),
});
const snapshotter = fc.constantFrom<Snapshotter>('fuse-overlayfs', 'native');

describe('the name of a patched image', () => {
  it('has the version, the snapshotter and eight hex digits', () => {
    const made = patchedTag({ reference: 'host.test:5000/a/cluster:0.0.36', id: 'sha256:aaaa' }, 'native');
    expect(made).to.match(/^nemoclaw-cluster:0\.0\.36-native-[0-9a-f]{8}$/);
    const untagged = patchedTag({ reference: 'host.test:5000/a/cluster', id: 'sha256:aaaa' }, 'native');
    expect(untagged).to.match(/^nemoclaw-cluster:unknown-native-/);
  });

  it('is the same for the same inputs, and another for others', () => {
    fc.assert(
      fc.property(upstream, snapshotter, upstream, snapshotter, (one, first, other, second) => {
        const same = one.reference === other.reference && one.id === other.id && first === second;
        expect(patchedTag(one, first)).to.equal(patchedTag({ ...one }, first));
        expect(patchedTag(one, first) === patchedTag(other, second)).to.equal(same);
      }),
    );
  });

  it('stands for a recipe that names the snapshotter, and installs what only one of them needs', () => {
    expect(dockerfileFor('native')).to.contain('--snapshotter=native').and.not.contain('RUN');
    expect(dockerfileFor('fuse-overlayfs')).to.contain('--snapshotter=fuse-overlayfs').and.contain('RUN');
  });
});
