import { describe, it } from 'node:test';
import { expect } from 'chai';
import { audit } from '../../src/audit/audit';
import { healthy } from './healthy';
import { bundles } from './refusals/bundles';
import { ID } from './refusals/changes';
import { claims } from './refusals/claims';
import { records } from './refusals/records';
import { rows } from './refusals/rows';

const refusals = [...claims, ...records, ...rows, ...bundles];

describe('the gates', () => {
  it('let complete evidence pass', () => {
    const result = audit(healthy());
    expect(result.findings).to.deep.equal([]);
    expect(result.complete).to.equal(true);
  });

  for (const { of, gate, input, message, id } of refusals) {
    it(`${gate} alone refuses ${of}`, () => {
      const result = audit(input());
      const blocking = result.findings.filter(({ effect }) => effect === 'blocks');
      expect([...new Set(blocking.map((one) => one.gate))], JSON.stringify(blocking.slice(0, 4))).to.deep.equal([gate]);
      expect(blocking.map(({ wrong }) => wrong).join('\n')).to.match(message);
      expect(blocking.map((one) => one.id)).to.include(id === undefined ? ID : id);
      expect(result.complete).to.equal(false);
    });
  }

  it('cover all ten', () => {
    expect(new Set(refusals.map(({ gate }) => gate)).size).to.equal(10);
  });
});
