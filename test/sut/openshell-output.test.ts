import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { textOf } from '../../src/sut/host-cli';
import {
  gatewayVersionIn,
  networkPoliciesIn,
  phaseIn,
  policyDocumentIn,
  providersIn,
  refusesOutput,
} from '../../src/sut/openshell-output';

/** The answers of both releases, in the formats that were observed. */
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;
const seen = (text: string) => textOf(Buffer.from(text));

const list = {
  text: seen(
    [
      `\u001b[1mNAME\u001b[0m      \u001b[1mCREATED\u001b[0m              \u001b[1mPHASE\u001b[0m`,
      `demo      2026-11-22 15:10:50  \u001b[32mReady\u001b[0m`,
      `demo-two  2026-11-22 15:11:50  \u001b[33mProvisioning\u001b[0m`,
      `old       2026-11-22 15:12:50  Deleting`,
      `broken    2026-11-22 15:13:50  \u001b[31mError\u001b[0m`,
      '',
    ].join('\n'),
  ),
  json: JSON.stringify(
    [
      ['demo', 'Ready'],
      ['demo-two', 'Provisioning'],
      ['old', 'Deleting'],
      ['broken', 'Error'],
    ].map(([name, phase]) => ({
      id: 'f3b0c442-98fc-4c14-9afb-f4c8996fb924',
      name,
      workspace: 'default',
      labels: {},
      annotations: {},
      resource_version: 3,
      created_at: '2026-11-22 15:10:50',
      phase,
      current_policy_version: 1,
    })),
    null,
    2,
  ),
};

const status = {
  text: seen(
    `\u001b[1mServer Status\u001b[0m\n\n  ${dim('Gateway:')} nemoclaw\n  ${dim('Server:')} https://127.0.0.1:8080\n  ${dim('Status:')} \u001b[32mConnected\u001b[0m\n  ${dim('Authentication:')} Authenticated (mTLS transport)\n  ${dim('Version:')} 0.0.106\n`,
  ),
  json: JSON.stringify({
    gateway: 'nemoclaw',
    server: 'https://127.0.0.1:8080',
    status: 'connected',
    authentication: { status: 'authenticated', provider: 'mtls' },
    version: '0.0.106',
  }),
};

const policies = {
  npm_yarn: {
    name: 'npm_yarn',
    endpoints: [{ host: 'packages.example.org', port: 443, protocol: 'rest' }],
    binaries: [{ path: '/usr/bin/npm*' }],
  },
};
const whole = (network: unknown) => ({
  version: 3,
  filesystem_policy: { read_only: ['/usr'] },
  network_policies: network,
});
const policy = (network: unknown) => ({
  text: `Version:      3\nHash:         ${'a'.repeat(64)}\nStatus:       Effective\nSource:       sandbox\nConfig rev:   4\n---\n${stringify(whole(network))}`,
  json: JSON.stringify({
    ...{ scope: 'sandbox', sandbox: 'demo', version: 3, active_version: 3, hash: 'a'.repeat(64), status: 'effective' },
    ...{ config_revision: 4, policy_source: 'sandbox', policy: whole(network) },
  }),
});

const providers = {
  text: seen(
    [
      `\u001b[1mNAME\u001b[0m                 \u001b[1mTYPE\u001b[0m     CREDENTIAL_KEYS  CONFIG_KEYS`,
      'compatible-endpoint  openai   1                1',
      'demo-discord-bridge  discord  1                0',
    ].join('\n'),
  ),
  json: JSON.stringify([
    { id: '1', name: 'compatible-endpoint', type: 'openai' },
    { id: '2', name: 'demo-discord-bridge', type: 'discord' },
  ]),
};

for (const output of ['text', 'json'] as const) {
  describe(`an answer of openshell as ${output}`, () => {
    it('names the phase of each sandbox, also of one that is being deleted', () => {
      const phases = ['demo', 'demo-two', 'old', 'broken', 'dem', 'NAM'].map((name) =>
        phaseIn(list[output], name, output),
      );
      expect(phases).to.deep.equal(['Ready', 'Provisioning', 'Deleting', 'Error', null, null]);
    });

    it('names no sandbox where there is none', () => {
      expect(phaseIn(output === 'json' ? '[]\n' : 'No sandboxes found.\n', 'demo', output)).to.equal(null);
    });

    it('names the gateway’s version, and none where the gateway cannot be reached', () => {
      expect(gatewayVersionIn(status[output], output)).to.equal('0.0.106');
      const down =
        output === 'json'
          ? '{"gateway":"nemoclaw","server":"https://127.0.0.1:8080","status":"error","error":"tcp connect error"}'
          : 'Server Status\n\n  Gateway: nemoclaw\n  Server: http://127.0.0.1:8080\n';
      expect(() => gatewayVersionIn(down, output)).to.throw('names no version');
    });

    it('contains the network part of a policy, which may be empty', () => {
      expect(networkPoliciesIn(policy(policies)[output], output)).to.deep.equal(policies);
      expect(networkPoliciesIn(policy(null)[output], output)).to.deep.equal({});
    });

    it('contains the whole policy, every field', () => {
      expect(policyDocumentIn(policy(policies)[output], output)).to.deep.equal(whole(policies));
    });

    it('names every provider with its type', () => {
      const none = output === 'json' ? '[]' : 'No providers found.\n';
      expect(providersIn(providers[output], output)).to.deep.equal({
        'compatible-endpoint': 'openai',
        'demo-discord-bridge': 'discord',
      });
      expect(providersIn(none, output)).to.deep.equal({});
    });

    it('that is cut short is no answer', () => {
      expect(() => networkPoliciesIn('Version:  3\nStatus:  Loaded\n', output)).to.throw();
      if (output === 'json') expect(() => phaseIn(list.json.slice(0, -10), 'demo', output)).to.throw(/JSON/);
    });
  });
}

describe('an openshell that knows no form of output', () => {
  it('refuses the option, and is not taken for one that refuses something else', () => {
    const refuses = (exit: number, stderr: string) => refusesOutput({ exit, stderr: Buffer.from(stderr) });
    expect(refuses(2, "error: unexpected argument '-o' found\n\nUsage: openshell status [OPTIONS]\n")).to.equal(true);
    expect(refuses(2, "error: unexpected argument '--full' found\n")).to.equal(false);
    expect(refuses(1, 'Error:   × client error (Connect)\n')).to.equal(false);
  });
});

describe('both forms of openshell’s answers', () => {
  it('give the same phase for whatever sandboxes there are', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,17}[a-z0-9]$/);
    const phase = fc.constantFrom('Provisioning', 'Ready', 'Error', 'Deleting', 'Unknown');
    fc.assert(
      fc.property(fc.dictionary(name, phase), name, (sandboxes, other) => {
        const rows = Object.entries(sandboxes);
        const width = Math.max(4, ...rows.map(([one]) => one.length));
        const table = ['NAME', ...rows.map(([one, word]) => `${one.padEnd(width)}  2026-11-22 15:10:50  ${word}`)].join(
          '\n',
        );
        const json = JSON.stringify(rows.map(([one, word]) => ({ name: one, phase: word })));
        for (const one of [...Object.keys(sandboxes), other]) {
          const expected = Object.hasOwn(sandboxes, one) ? sandboxes[one] : null;
          expect(phaseIn(table, one, 'text')).to.equal(expected);
          expect(phaseIn(json, one, 'json')).to.equal(expected);
        }
      }),
    );
  });
});
