import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { decide, normalHost } from '../../src/gateway/policy/decision';
import { defaultPolicy } from '../../src/gateway/policy/default-policy';
import { firstRevision, nextRevision, policyHash } from '../../src/gateway/policy/revision';
import { checkPolicy, type Policy, parsePolicy, policyYaml } from '../../src/gateway/policy/schema';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const hostName = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
const port = fc.integer({ min: 1, max: 65535 });

function allowing(...endpoints: readonly { host: string; port: number }[]): Policy {
  return checkPolicy({ network_policies: { some: { endpoints, binaries: [] } } }, 'test');
}

describe('the egress decision', () => {
  it('allows nothing by default', () => {
    fc.assert(fc.property(hostName, port, (host, at) => !decide(defaultPolicy(), host, at).allowed));
  });

  it('allows exactly the host and port of an endpoint', () => {
    fc.assert(
      fc.property(hostName, port, hostName, port, (host, at, other, elsewhere) => {
        const policy = allowing({ host, port: at });
        expect(decide(policy, host, at)).to.deep.equal({ allowed: true, entry: 'some' });
        expect(decide(policy, other, elsewhere).allowed).to.equal(other === host && elsewhere === at);
      }),
    );
  });

  it('does not mind case and a final dot', () => {
    fc.assert(
      fc.property(
        hostName,
        port,
        (host, at) => decide(allowing({ host, port: at }), `${host.toUpperCase()}.`, at).allowed,
      ),
    );
  });

  it('takes a wildcard for names below, not for the name itself nor for one that merely ends alike', () => {
    const policy = allowing({ host: '*.example.test', port: 443 });
    expect(decide(policy, 'a.example.test', 443).allowed).to.equal(true);
    expect(decide(policy, 'a.b.example.test', 443).allowed).to.equal(true);
    expect(decide(policy, 'example.test', 443).allowed).to.equal(false);
    expect(decide(policy, 'badexample.test', 443).allowed).to.equal(false);
  });

  it('names host and port in a refusal', () => {
    const refused = decide(defaultPolicy(), 'Registry.npm.test', 443);
    expect(refused).to.deep.equal({
      allowed: false,
      reason: "registry.npm.test:443 is not permitted by the sandbox's policy",
    });
  });

  it('has one normal form of a host', () => {
    fc.assert(fc.property(hostName, (host) => normalHost(normalHost(host)) === normalHost(host)));
  });
});

describe('a policy file', () => {
  it('reports where YAML is broken', () => {
    expect(() => parsePolicy('version: 1\nnetwork_policies: {a: [\n', 'policy.yaml')).to.throw(
      /^policy\.yaml:\d+:\d+: /,
    );
  });

  it('reports which key is wrong', () => {
    const text = 'network_policies:\n  a:\n    endpoints:\n      - host: "x y"\n        port: 0\n';
    expect(() => parsePolicy(text, 'policy.yaml')).to.throw(
      /network_policies\.a\.endpoints\.0\.host.*endpoints\.0\.port/,
    );
  });

  it('may leave network_policies out or empty', () => {
    expect(parsePolicy('version: 1', 'f').network_policies).to.deep.equal({});
    expect(parsePolicy('network_policies:', 'f').network_policies).to.deep.equal({});
  });

  it('comes back from YAML as it went, unknown keys and all', () => {
    const text =
      'version: 1\nnetwork_policies:\n  a:\n    name: a\n    endpoints:\n      - host: h.test\n        port: 443\n        rules: [{allow: {method: GET, path: /**}}]\n    binaries: [{path: /usr/bin/curl}]\n';
    const policy = parsePolicy(text, 'f');
    expect(parsePolicy(policyYaml(policy), 'f')).to.deep.equal(policy);
    expect(JSON.stringify(policy)).to.contain('"method":"GET"');
  });
});

describe('policy revisions', () => {
  const first = firstRevision(defaultPolicy(), 'default', 1);

  it('keep their version when nothing changes', () => {
    expect(nextRevision(first, defaultPolicy(), 2)).to.equal(undefined);
  });

  it('have a hash that does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(defaultPolicy()).reverse());
    expect(policyHash(checkPolicy(reversed, 'f'))).to.equal(first.hash);
  });

  it('keep the sections that a network-only file leaves out', () => {
    const next = nextRevision(first, allowing({ host: 'a.test', port: 443 }), 2);
    expect(next?.version).to.equal(2);
    expect(next?.policy.filesystem_policy).to.deep.equal(first.policy.filesystem_policy);
    expect(Object.keys(next?.policy.network_policies ?? {})).to.deep.equal(['some']);
  });

  it('refuse to make a running sandbox another user', () => {
    const other = checkPolicy({ process: { run_as_user: 'root', run_as_group: 'root' } }, 'f');
    expect(() => nextRevision(first, other, 2)).to.throw(/cannot change while the sandbox lives/);
  });

  it('refuse to open other files to what runs already', () => {
    const policy = defaultPolicy();
    const wider = { ...policy, filesystem_policy: { ...policy.filesystem_policy, read_write: ['/'] } };
    expect(() => nextRevision(first, wider, 2)).to.throw(/filesystem_policy and landlock cannot change/);
    const looser = { ...policy, landlock: { compatibility: 'hard_requirement' } };
    expect(() => nextRevision(first, looser, 2)).to.throw(/filesystem_policy and landlock cannot change/);
  });
});
