import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { declarationsIn, dockerfilesOf, standInsIn } from '../../src/sut/dockerfiles';
import { temporaryDirectory } from '../temporary-directory';

const values = (text: string) => declarationsIn(text).map(({ name, value }) => [name, value]);

describe('the declarations of a Dockerfile', () => {
  for (const [what, text, expected] of [
    ['an argument', 'ARG A=0', [['A', '0']]],
    ['one without a default', 'ARG A', [['A', null]]],
    [
      'several in one instruction',
      'ENV A=1 B="two words" C=\'3\'',
      [
        ['A', '1'],
        ['B', 'two words'],
        ['C', '3'],
      ],
    ],
    ['the old form', 'ENV A one two', [['A', 'one two']]],
    [
      'continued lines with a comment between',
      'ENV A=1 \\\n# not this: X=2\n  B=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['an empty default', 'arg A=', [['A', '']]],
    [
      'an argument passed on',
      `ARG A=0\nFROM x\nARG A\nENV A=\${A}`,
      [
        ['A', '0'],
        ['A', null],
        ['A', '0'],
      ],
    ],
    [
      'an argument passed on with a default',
      `ARG A\nENV A=\${A:-1} B=$A`,
      [
        ['A', null],
        ['A', '1'],
        ['B', '1'],
      ],
    ],
    ['none in a comment or a command', '# ARG A=1\nRUN echo "ARG B=1" && A=1 true', []],
  ] as const) {
    it(`are read: ${what}`, () => {
      expect(values(text)).to.deep.equal(expected);
    });
  }

  it('have the numbers of their lines', () => {
    expect(declarationsIn('FROM x\n\nARG A=0\nENV B=1').map(({ line }) => line)).to.deep.equal([3, 4]);
  });

  it('have stand-ins where they are used, in continued lines, too', () => {
    const text = `ARG A\nRUN test "\${A:-1}" = 0 \\\n && echo \${B-'2'} $C \${D}\n# \${E:-3}`;
    expect(standInsIn(text)).to.deep.equal([
      { name: 'A', value: '1', line: 2 },
      { name: 'B', value: '2', line: 2 },
    ]);
  });

  it('are found in every Dockerfile of a tree, by name', () => {
    const tree = temporaryDirectory('dockerfiles');
    for (const [file, text] of [
      ['Dockerfile', 'ARG X_COMPAT=0'],
      ['Dockerfile.base', 'ARG OTHER=1'],
      ['agents/one/Dockerfile', 'ENV X_COMPAT 1'],
      ['node_modules/x/Dockerfile', 'ARG X_COMPAT=1'],
      ['notes.md', 'ARG X_COMPAT=1'],
    ] as const) {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    }
    const seen = dockerfilesOf(tree, /COMPAT/).map((one) => one.peek());
    expect(seen.map(({ file, declarations }) => [file, declarations.map(({ value }) => value)])).to.deep.equal([
      ['Dockerfile', ['0']],
      ['Dockerfile.base', []],
      ['agents/one/Dockerfile', ['1']],
    ]);
  });
});
