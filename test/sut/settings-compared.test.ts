import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { settingsDifferences } from '../../src/sut/settings-compared';

const policy = (endpoints: readonly object[], binaries: readonly string[] = ['/usr/bin/curl']) => ({
  npm_yarn: { name: 'npm_yarn', endpoints, binaries: binaries.map((path) => ({ path })) },
});
const registry = { host: 'registry.npm.test', port: 443, access: 'read-only', tls: 'skip' };

describe('the differences of two documents of settings', () => {
  it('are none for a document and itself, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(settingsDifferences({ value }, JSON.parse(JSON.stringify({ value })))).to.deep.equal([]);
      }),
    );
  });

  it('are the same in both directions', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const there = settingsDifferences({ value: one }, { value: other });
        expect(settingsDifferences({ value: other }, { value: one })).to.have.lengthOf(there.length);
      }),
    );
  });

  it('do not depend on the order of lists, nor on what stands in them twice', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (list) => {
        expect(settingsDifferences({ list }, { list: [...list].reverse() })).to.deep.equal([]);
        expect(settingsDifferences({ list }, { list: [...list, ...list] })).to.deep.equal([]);
      }),
    );
  });

  it('show a member more or less of a list of plain values', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), ([first, ...rest]) => {
        expect(settingsDifferences({ list: [first, ...rest] }, { list: rest })).to.have.lengthOf(1);
        expect(settingsDifferences({ list: rest }, { list: [first, ...rest] })).to.have.lengthOf(1);
      }),
    );
  });

  it('name the endpoint and its field', () => {
    const found = settingsDifferences(
      policy([registry]),
      policy(
        [
          { ...registry, access: 'full' },
          { host: 'more.test', port: 80 },
        ],
        ['/usr/bin/curl', '/usr/bin/node'],
      ),
    );
    expect(found).to.deep.equal([
      'npm_yarn.endpoints.registry.npm.test:443.access: "read-only" → "full"',
      'npm_yarn.endpoints.more.test:80.host: absent → "more.test"',
      'npm_yarn.endpoints.more.test:80.port: absent → 80',
      'npm_yarn.binaries./usr/bin/node.path: absent → "/usr/bin/node"',
    ]);
  });

  it('show two endpoints of one host and port that differ in a rule', () => {
    const rule = (method: string) => ({ ...registry, rules: [{ allow: { method, path: '/**' } }] });
    const found = settingsDifferences(policy([rule('GET'), rule('HEAD')]), policy([rule('GET'), rule('POST')]));
    expect(found).to.have.lengthOf(2);
    expect(settingsDifferences(policy([rule('GET')]), policy([rule('POST')]))).to.have.lengthOf(2);
  });

  it('take a key without a value for no key', () => {
    expect(settingsDifferences({ a: 1, effort: null, list: [], inside: { empty: {} } }, { a: 1 })).to.deep.equal([]);
    expect(settingsDifferences({ effort: 'high' }, { effort: null })).to.deep.equal(['effort: "high" → absent']);
    expect(settingsDifferences({ on: false }, {})).to.deep.equal(['on: false → absent']);
  });

  it('leave out what may change: a key with all below it, or one member of each list', () => {
    const before = { agentVersion: '1', steps: { a: { at: 1 } }, custom: [{ name: 'one', at: 1, content: 'x' }] };
    const after = { agentVersion: '2', steps: { b: { at: 2 } }, custom: [{ name: 'one', at: 2, content: 'y' }] };
    expect(settingsDifferences(before, after, ['agentVersion', 'steps', 'custom.*.at'])).to.deep.equal([
      'custom.one.content: "x" → "y"',
    ]);
    expect(settingsDifferences({ agentVersion: '1' }, { agentVersion2: '1' }, ['agentVersion'])).to.have.lengthOf(1);
  });
});
