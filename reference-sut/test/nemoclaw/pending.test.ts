import { describe, it } from 'node:test';
import { expect } from 'chai';
import { pendingOf } from '../../src/nemoclaw/rebuild/pending';

describe('a rebuild that is pending', () => {
  it('is what the registry entry says of it', () => {
    const pendingRebuild = { backup: '2026-11-22T15-14-37-873Z', replaces: '1c57fc12' };
    expect(pendingOf({ name: 'archive', pendingRebuild })).to.deep.equal(pendingRebuild);
  });

  it('is none where the entry says nothing, or nothing that makes sense', () => {
    expect(pendingOf(undefined)).to.equal(undefined);
    expect(pendingOf({ name: 'archive' })).to.equal(undefined);
    expect(pendingOf({ name: 'archive', pendingRebuild: 'yes' })).to.equal(undefined);
    expect(pendingOf({ name: 'archive', pendingRebuild: { backup: 1 } })).to.equal(undefined);
  });
});
