import { existsSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { expect } from 'chai';
import { audit } from '../../src/audit/audit';
import type { AuditInput } from '../../src/audit/submission';
import { loadAudit } from '../../src/audit-input/load';
import { specifiedSteps } from '../../src/audit-input/specification';
import { reasonOf } from '../../src/reason';
import { inRepository } from '../../src/repository';
import { contractSchema } from '../../src/spec/contract';
import { parseYamlFile } from '../../src/yaml-file';

describe('contracts, manifests and work queue of this repository', () => {
  let input: AuditInput;
  before(async () => {
    const specification = await specifiedSteps();
    input = await loadAudit({ paths: [], rows: [], kinds: [], now: new Date(), specification, keep: 'for-audit' });
  });

  it('agree with each other, with the ledger and with the features', () => {
    // Without evidence, all findings are about these files themselves.
    expect(audit(input).findings.map(({ row, wrong, where }) => `${row}: ${wrong} (${where})`)).to.deep.equal([]);
  });

  it('have their assertions, rows, boundaries and legacy scripts from their features and the ledger', () => {
    for (const { id, scenario } of input.specification) {
      const feature = scenario.replace(/:\d+$/, '');
      const contract = input.contracts.find((one) => one.contract.features.includes(feature))?.contract;
      const { row, boundary, legacy } = input.ledger.byId.get(id) ?? {};
      expect(contract?.assertions, `${id}, made in ${feature}`).to.include(id);
      expect(contract?.rows, id).to.include(row);
      expect(contract?.boundaries, id).to.include(boundary);
      if (legacy?.endsWith('.sh')) expect(contract?.legacy, id).to.include(legacy);
    }
    const derived = input.contracts.flatMap(({ contract }) => contract.assertions);
    expect([...derived].sort()).to.deep.equal([...new Set(input.specification.map(({ id }) => id))].sort());
  });

  it('name files that exist', () => {
    for (const { file, contract } of input.contracts) {
      const named = [
        ...contract.fixtures.map((one) => one['staged-by']),
        ...contract.substitutions.flatMap(({ by }) => by.match(/(?:src|fixtures)\/[\w./-]+/g) ?? []),
      ];
      for (const one of named) expect(existsSync(inRepository(one)), `${one}, in ${file}`).to.equal(true);
    }
  });
});

describe('a contract', () => {
  const whole = {
    name: 'a-contract',
    features: ['features/a.feature'],
    environment: { engine: 'none', network: 'none', host: [] },
    fixtures: [{ name: 'a-fixture', 'staged-by': 'src/a.ts', stages: 'a thing', 'restored-by': 'its obligation' }],
    actions: ['an action'],
  };
  const reason = { none: 'There is no instance yet that it could describe.' };
  const refused = (contract: object) => {
    try {
      parseYamlFile('contracts/a-contract.yaml', JSON.stringify(contract, null, 1), contractSchema);
      return 'accepted';
    } catch (error) {
      return reasonOf(error);
    }
  };

  for (const [what, contract, message] of [
    [
      'of a product without a manifest',
      { ...whole, kind: 'product', manifest: reason },
      /contracts\/a-contract.yaml:\d+:\d+: manifest/,
    ],
    [
      'of an installer with a manifest',
      { ...whole, kind: 'installer', manifest: { name: 'a-manifest' } },
      /:\d+:\d+: manifest/,
    ],
    [
      'of an installer without a reason',
      { ...whole, kind: 'installer', manifest: { none: 'n/a' } },
      /the reason, in a sentence/,
    ],
    ['of a kind that there is not', { ...whole, kind: 'instance', manifest: reason }, /:\d+:\d+: kind/],
    ['without actions', { ...whole, kind: 'installer', manifest: reason, actions: [] }, /:\d+:\d+: actions/],
    ['with an unknown key', { ...whole, kind: 'installer', manifest: reason, preview: true }, /Unrecognized key/],
  ] as const) {
    it(`${what} is refused, with its place`, () => {
      expect(refused(contract)).to.match(message);
    });
  }

  it('of a product, an installer or a runtime edge is accepted with the manifest that its kind requires', () => {
    expect(refused({ ...whole, kind: 'product', manifest: { name: 'a-manifest' } })).to.equal('accepted');
    expect(refused({ ...whole, kind: 'installer', manifest: reason })).to.equal('accepted');
    expect(refused({ ...whole, kind: 'runtime-edge', manifest: { name: 'a-manifest' } })).to.equal('accepted');
    expect(refused({ ...whole, kind: 'runtime-edge', manifest: reason })).to.equal('accepted');
  });
});
