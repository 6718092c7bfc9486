import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { draw, shuffled } from '../../src/cli/mutants/draw';
import { type Found, mutantsOf, mutated, overlap } from '../../src/cli/mutants/found';
import { figures, unsettled } from '../../src/cli/mutants/print';
import { mutantsInSyntax } from '../../src/cli/mutants/syntax';
import { mutantsInTypeScript } from '../../src/cli/mutants/typescript';
import { validity } from '../../src/cli/mutants/validity';
import { inRepository } from '../../src/repository';
import { loadDefects } from '../../src/spec/defects';
import { loadAreas, type Mutant } from '../../src/spec/mutants';
import { suiteFiles } from '../../src/spec/suite-files';

const kinds = (found: readonly Found[]) => found.map(({ kind, original, by }) => `${kind}: ${original} → ${by}`);

describe('the lister of a language', () => {
  it('finds changes in TypeScript, but none of what is only printed', async () => {
    const text =
      "export function f(a: number) {\n  if (a > 1) say('a is large');\n  return a === 2 ? 'two' : 'other';\n}\n";
    const found = kinds(await mutantsInTypeScript('x.ts', text));
    expect(found).to.include('EqualityOperator: a > 1 → a >= 1');
    expect(found.some((one) => one.includes("'two'"))).to.equal(true);
    expect(found.some((one) => one.startsWith('StringLiteral') && one.includes('a is large'))).to.equal(false);
  });

  it('finds changes in shell', async () => {
    const found = kinds(await mutantsInSyntax('bash', 'if [ -f x ] && run y; then\n  rm -rf z\n  echo gone\nfi\n'));
    expect(found).to.include.members(['Operator: -f → -d', 'Operator: && → ||', 'LeftOut: rm -rf z → :']);
    expect(found.some((one) => one.startsWith('Condition'))).to.equal(true);
    expect(found.some((one) => one.includes('echo'))).to.equal(false);
  });

  it('finds changes in Python', async () => {
    const found = kinds(await mutantsInSyntax('python', 'if a == 1 and b:\n    run(True)\n    tell("done")\n'));
    expect(found).to.include.members([
      'Operator: == → !=',
      'Operator: and → or',
      'Number: 1 → 2',
      'Constant: True → False',
      'LeftOut: run(True) → pass',
    ]);
    expect(found.some((one) => one.includes('tell'))).to.equal(false);
  });
});

describe('what compiles', () => {
  const valid = validity();
  const file = 'reference-sut/src/shared/reason.ts';
  const of = (by: string) => ({ file, start: 0, original: '', by }) as Mutant;

  it('is what has no error of syntax or types', () => {
    expect(valid(of('export const one: number = 1;\n'))).to.equal(true);
    expect(valid(of("export const one: number = 'one';\n"))).to.equal(false);
    expect(valid(of('export const = 1;\n'))).to.equal(false);
    expect(valid(of('const unused = 1;\n')), 'a variable that nobody reads').to.equal(true);
  });
});

const text = 'one two three';
const mutant = (start: number, original: string, area = 'a'): Mutant =>
  mutantsOf(area, 'reference-sut/x.sh', text, [
    { kind: 'k', start, original, by: original.toUpperCase() },
  ])[0] as Mutant;

describe('mutants', () => {
  it('are made at their places, several at once', () => {
    expect(mutated(text, [mutant(0, 'one'), mutant(8, 'three')])).to.equal('ONE two THREE');
    expect(() => mutated('other', [mutant(0, 'one')])).to.throw(/is not what was mutated/);
  });

  it('of one text are told apart', () => {
    expect(overlap(mutant(0, 'one'), mutant(0, 'one two'))).to.equal(true);
    expect(overlap(mutant(0, 'one'), mutant(4, 'two'))).to.equal(false);
  });

  it('are drawn by the seed alone, as many of each area, none that does not compile', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { minLength: 1 }), fc.string(), fc.nat(20), (starts, seed, count) => {
        const areas = ['a', 'b'].map((area) =>
          [...new Set(starts)].map((at) => mutant(at, text.slice(at, at + 1), area)),
        );
        const backwards = areas.map((one) => [...one].reverse());
        const drawn = draw(areas, count, seed, () => true);
        expect(drawn).to.deep.equal(draw(backwards, count, seed, () => true));
        const [first = [], second = []] = areas;
        expect(drawn).to.have.lengthOf(
          Math.min(first.length, Math.ceil(count / 2)) + Math.min(second.length, Math.floor(count / 2)),
        );
        expect(draw(areas, count, seed, () => false)).to.deep.equal([]);
        expect(shuffled(first, seed)).to.have.deep.members(first);
      }),
    );
  });

  it('are counted by area; one that cannot be built is none', () => {
    const tried = [
      { mutant: mutant(0, 'one'), fate: { is: 'killed', by: ['x'], feature: 'f' } },
      { mutant: mutant(4, 'two'), fate: { is: 'survived' } },
      { mutant: mutant(8, 'three', 'b'), fate: { is: 'not built' } },
    ] as const;
    expect(figures(tried)).to.deep.include({ area: 'a', tried: 2, killed: 1, onlyNotRun: 0, survived: 1 });
    expect(figures(tried).at(-1)).to.deep.equal({ area: 'all', tried: 2, killed: 1, onlyNotRun: 0, survived: 1 });
    const { id } = tried[1].mutant;
    const judged = (verdict: 'equivalent' | 'outside' | 'hole') => [{ id, seed: 's', what: '', verdict, why: '' }];
    expect(unsettled(tried, []).map((one) => one.id)).to.deep.equal([id]);
    expect(unsettled(tried, judged('hole')).map((one) => one.id)).to.deep.equal([id]);
    expect(unsettled(tried, judged('outside'))).to.deep.equal([]);
  });
});

describe('audit/mutation-areas.yaml', () => {
  const features = suiteFiles().map(({ name }) => name);
  const defects = loadDefects().map(({ name }) => name);

  for (const { name, files, features: own, planted } of loadAreas()) {
    it(`names for ${name} files, features and a defect that are there`, () => {
      for (const file of files) expect(existsSync(inRepository(file)), file).to.equal(true);
      for (const one of own)
        expect(
          features.some((feature) => feature.endsWith(`/${one}.feature`)),
          one,
        ).to.equal(true);
      expect(defects).to.include(planted);
    });
  }
});
