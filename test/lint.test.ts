import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { REPOSITORY } from '../src/repository';
import { temporaryDirectory } from './temporary-directory';

const BIOME = path.join(REPOSITORY, 'node_modules', '.bin', 'biome');

describe('the fence between the suite and the reference SUT', () => {
  const clone = temporaryDirectory('lint');
  cpSync(path.join(REPOSITORY, 'biome.json'), path.join(clone, 'biome.json'));
  /** What the linter, set as for this repository, says of a file with that text at that place. */
  const linted = (file: string, text: string): { readonly passed: boolean; readonly said: string } => {
    const at = path.join(clone, file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, text);
    const args = ['lint', '--error-on-warnings', '--vcs-enabled=false', '--colors=off', file];
    const { status, stdout, stderr } = spawnSync(BIOME, args, { cwd: clone, encoding: 'utf8' });
    return { passed: status === 0, said: stdout + stderr };
  };
  const importing = (what: string): string => `import { thing } from '${what}';\n\nexport const other = thing;\n`;

  for (const [file, module] of [
    ['src/world/a.ts', '../../reference-sut/src/nemoclaw/main'],
    ['src/steps/b.steps.ts', '../../reference-sut/dist/openshell/openshell'],
    ['src/sut/c.ts', 'nemoclaw-reference-sut/src/shared/until'],
    ['test/d.test.ts', '../reference-sut/src/gateway/settings'],
    ['reference-sut/src/e.ts', '../../src/sut/until'],
    ['reference-sut/src/gateway/f.ts', '../../../src/world/world'],
    ['reference-sut/src/nemoclaw/g.ts', '../../../src/evidence/redact'],
    ['reference-sut/src/h.ts', 'phase9-spec/src/settings'],
  ] as const) {
    it(`lets ${file} not import ${module}`, () => {
      const { passed, said } = linted(file, importing(module));
      expect(passed, said).to.equal(false);
      expect(said)
        .to.include('noRestrictedImports')
        .and.match(/suite reaches the reference SUT|knows nothing of the suite/);
    });
  }

  for (const [file, module] of [
    ['src/world/own.ts', '../sut/until'],
    ['test/own.test.ts', '../src/world/world'],
    ['reference-sut/src/own.ts', './shared/until'],
    ['reference-sut/test/own.test.ts', '../src/gateway/settings'],
  ] as const) {
    it(`lets ${file} import ${module}`, () => {
      const { passed, said } = linted(file, importing(module));
      expect(passed, said).to.equal(true);
    });
  }

  it('holds for types and for what is imported late, too', () => {
    const type = linted(
      'src/world/t.ts',
      "import type { A } from '../../reference-sut/src/a';\n\nexport type B = A;\n",
    );
    expect(type.passed, type.said).to.equal(false);
    const late = linted('src/world/l.ts', "export const late = () => import('../../reference-sut/src/a');\n");
    expect(late.passed, late.said).to.equal(false);
  });

  it('holds for what is required at run time, which the linter does not see', () => {
    const over = (file: string, text: string): string[] => {
      const forbidden = file.startsWith('reference-sut')
        ? /\/src\/(world|evidence|staging|steps|sut|audit|cli)\/|^phase9-spec/
        : /reference-sut/;
      const found = [...text.matchAll(/\brequire\(\s*['"`]([^'"`]+)['"`]/g)].map(([, module = '']) => module);
      return found.filter((module) => forbidden.test(module)).map((module) => `${file} requires ${module}`);
    };
    const files = ['src', 'test', 'reference-sut/src', 'reference-sut/test'].flatMap((directory) =>
      readdirSync(path.join(REPOSITORY, directory), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]s$/.test(name))
        .map((name) => path.join(directory, name)),
    );
    expect(files.length).to.be.greaterThan(100);
    const own = path.relative(REPOSITORY, __filename);
    const found = files
      .filter((file) => file !== own)
      .flatMap((file) => over(file, readFileSync(path.join(REPOSITORY, file), 'utf8')));
    expect(found).to.deep.equal([]);
    expect(over('src/a.ts', "require('../reference-sut/src/b')")).to.have.length(1);
    expect(over('reference-sut/src/a.ts', "require('../../src/sut/until')")).to.have.length(1);
  });
});
