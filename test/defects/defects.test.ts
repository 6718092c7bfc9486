import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { inRepository } from '../../src/repository';
import { changed, type Defect, defectDigest, loadDefects } from '../../src/spec/defects';
import { temporaryDirectory } from '../temporary-directory';

const CHANGE = { file: 'reference-sut/src/x.ts', replace: 'one', by: 'two' };

describe('the defects of reference-sut/defects', () => {
  const defects = loadDefects();

  for (const { name, change } of defects) {
    it(`${name} still fits its files`, () => {
      const texts = new Map<string, string>();
      for (const one of change) {
        const text = texts.get(one.file) ?? readFileSync(inRepository(one.file), 'utf8');
        texts.set(one.file, changed(text, one, name));
      }
      for (const [file, text] of texts) expect(text).not.to.equal(readFileSync(inRepository(file), 'utf8'));
    });
  }

  it('change different things', () => {
    const digests = defects.map(defectDigest);
    expect(new Set(digests).size).to.equal(digests.length);
  });
});

describe('a change', () => {
  it('is made once, and leaves all else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, after, by) => {
        fc.pre(!`${before}${after}`.includes('\0'));
        const change = { file: 'reference-sut/src/x.ts', replace: '\0', by };
        expect(changed(`${before}\0${after}`, change, 'd')).to.equal(`${before}${by}${after}`);
      }),
    );
  });

  for (const [text, why] of [
    ['none', /its text in reference-sut\/src\/x\.ts is not there: "one"/],
    ['one one', /is there 2 times/],
  ] as const) {
    it(`of a text that is ${text === 'none' ? 'not there' : 'there twice'} is refused`, () => {
      expect(() => changed(text.replace('none', 'nothing'), CHANGE, 'd')).to.throw(why);
    });
  }
});

describe('a file of defects', () => {
  const directory = temporaryDirectory('defects');
  const load = (fields: Partial<Record<keyof Defect, unknown>>, times = 1) => {
    const one = {
      name: 'a-b',
      what: 'It does the wrong thing.',
      change: [CHANGE],
      red: ['overrides.model.applied'],
      ...fields,
    };
    const text = JSON.stringify({ version: 1, defects: Array.from({ length: times }, () => one) });
    writeFileSync(path.join(directory, 'some.yaml'), text);
    return loadDefects(directory);
  };

  it('gives its defects', () => {
    expect(load({})[0]).to.deep.include({ name: 'a-b', also: [], alone: false });
  });

  for (const [what, fields, why] of [
    ['an assertion that the ledger has not', { red: ['no.such'] }, /a-b: the ledger has no no\.such/],
    ['a file outside', { change: [{ ...CHANGE, file: '../etc/passwd' }] }, /is no file of the SUT or the suite/],
    ['a name with capitals', { name: 'A' }, /some\.yaml:1:\d+: .*lower-case words/],
    ['no assertion', { red: [] }, /some\.yaml:1:\d+: defects\.0\.red/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(() => load(fields)).to.throw(why);
    });
  }

  it('is refused with a name that stands there twice', () => {
    expect(() => load({}, 2)).to.throw(/the defect a-b stands there twice/);
  });
});
