import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  entriesBeyond,
  holdsEntries,
  keysMissing,
  type NetworkPolicies,
  withEntries,
  withoutEntries,
  withoutKeys,
} from '../../src/nemoclaw/policy/document';

const entry = fc.record({
  name: fc.constantFrom('a', 'b'),
  endpoints: fc.array(
    fc.record({ host: fc.constantFrom('x.test', 'y.test', 'z.test'), port: fc.constantFrom(80, 443) }),
  ),
  binaries: fc.array(fc.record({ path: fc.constantFrom('/usr/bin/curl', '/usr/bin/git') })),
});
const policies: fc.Arbitrary<NetworkPolicies> = fc.dictionary(
  fc.constantFrom('npm_registry', 'npm_yarn', 'pypi', 'wiki'),
  entry,
);

describe('network policies', () => {
  it('hold what was added, and still all that they held', () => {
    fc.assert(
      fc.property(policies, policies, (before, added) => {
        const after = withEntries(before, added);
        expect(holdsEntries(after, added)).to.equal(true);
        expect(holdsEntries(after, before)).to.equal(true);
        expect(withEntries(after, added)).to.deep.equal(after);
      }),
    );
  });

  it('lose a removed entry and keep what others need of its key', () => {
    fc.assert(
      fc.property(policies, policies, policies, (base, kept, removed) => {
        const live = [kept, removed].reduce(withEntries, base);
        const after = withoutEntries(live, removed, [kept]);
        expect(holdsEntries(after, kept)).to.equal(true);
        for (const key of Object.keys(removed)) {
          if (!Object.hasOwn(kept, key)) expect(after).not.to.have.property(key);
        }
      }),
    );
  });

  it('find entries that no file has', () => {
    const live = { npm_registry: { endpoints: [], binaries: [] }, raw: { endpoints: [], binaries: [] } };
    expect(Object.keys(entriesBeyond(live, [{ npm_registry: { endpoints: [], binaries: [] } }]))).to.deep.equal([
      'raw',
    ]);
  });

  it('knows which entries were closed, and closes them again', () => {
    fc.assert(
      fc.property(policies, policies, (live, known) => {
        const closed = keysMissing(live, known);
        const again = withoutKeys(withEntries(live, known), closed);
        expect(Object.keys(again).sort()).to.deep.equal(Object.keys(live).sort());
      }),
    );
  });
});
