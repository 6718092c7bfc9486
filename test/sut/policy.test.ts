import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { missingFrom, type NetworkPolicies, openings } from '../../src/sut/policy';

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const host = fc.stringMatching(/^[ab]\.test$/);
const port = fc.constantFrom(80, 443);
const binary = fc.constantFrom('/usr/bin/curl', '/usr/bin/npm');
const policy = fc.record({
  endpoints: fc.array(fc.record({ host, port }), { maxLength: 3 }),
  binaries: fc.array(fc.record({ path: binary }), { maxLength: 2 }),
});
const policies: fc.Arbitrary<NetworkPolicies> = fc.dictionary(name, policy, { maxKeys: 4 });
describe('what a policy opens', () => {
  it('names binary, host and port, and any binary where it names none', () => {
    const opened = openings({
      npm_yarn: {
        endpoints: [
          { host: 'registry.npm.test', port: 443 },
          { host: 'registry.yarn.test', port: 443 },
        ],
        binaries: [{ path: '/usr/bin/npm' }],
      },
      jira: { endpoints: [{ host: 'jira.test', port: 8443 }], binaries: [] },
    });
    expect(opened).to.deep.equal([
      '* → jira.test:8443',
      '/usr/bin/npm → registry.npm.test:443',
      '/usr/bin/npm → registry.yarn.test:443',
    ]);
  });

  it('does not depend on the names or the order of its entries', () => {
    fc.assert(
      fc.property(policies, fc.infiniteStream(fc.nat()), (one, numbers) => {
        const renamed = Object.values(one).map((entry) => [`${numbers.next().value}-${Math.random()}`, entry] as const);
        expect(openings(Object.fromEntries(renamed.reverse()))).to.deep.equal(openings(one));
      }),
    );
  });

  it('lacks nothing of itself, nor of a part of itself', () => {
    fc.assert(
      fc.property(policies, policies, (one, other) => {
        const more = {
          ...Object.fromEntries(Object.entries(other).map(([key, value]) => [`more-${key}`, value])),
          ...one,
        };
        expect(missingFrom(more, openings(one))).to.deep.equal([]);
        expect(missingFrom(more, openings(other))).to.deep.equal([]);
      }),
    );
  });

  it('lacks exactly what is wanted and not granted', () => {
    fc.assert(
      fc.property(policies, policies, (granted, wanted) => {
        const lacking = missingFrom(granted, openings(wanted));
        const open = openings(granted);
        for (const one of openings(wanted)) expect(lacking.includes(one)).to.equal(!open.includes(one));
        expect(missingFrom({}, openings(wanted))).to.deep.equal(openings(wanted));
      }),
    );
  });

  it('tells a host from the same host on another port, and from another binary’s', () => {
    const granted = { one: { endpoints: [{ host: 'a.test', port: 443 }], binaries: [{ path: '/usr/bin/npm' }] } };
    expect(
      missingFrom(granted, ['/usr/bin/npm → a.test:443', '/usr/bin/npm → a.test:80', '/usr/bin/curl → a.test:443']),
    ).to.deep.equal(['/usr/bin/npm → a.test:80', '/usr/bin/curl → a.test:443']);
  });
});
