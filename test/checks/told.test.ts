import { describe, it } from 'node:test';
import { expect } from 'chai';
import { isNamed } from '../../src/checks/told';

describe('What a rebuild tells its owner', () => {
  for (const [line, told] of [
    ['⚠ User-managed files will not be preserved: .hermes/.env', true],
    ['.env is lost', true],
    ['OWNERS_EDITOR will be dropped', true],
    ['Not carried over from .env: OWNERS_EDITOR', true],
    ['Credentials left out: 2 in skills/accounts/.env', false],
    ['Left out: .env.example', false],
    ['Backing up .env', false],
  ] as const) {
    it(`${told ? 'names' : 'does not name'} a variable of .env: ${line}`, () => {
      expect(isNamed([line], ['OWNERS_EDITOR'], '.env')).to.equal(told);
    });
  }
});
