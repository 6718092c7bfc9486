import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository, REPOSITORY } from '../src/repository';
import { circlesIn, type Import, importsOf, type Sources, sourcesBelow } from './imports';

/** A row of the table in docs/architecture.md: a place, and the places that its files may import. */
interface Place {
  readonly place: string;
  readonly mayKnow: readonly string[];
}

/** The rows of the tables under "May know": `| \`src/run/\` | what it is | places |`, an en dash where it is none. */
function placesIn(markdown: string): Place[] {
  const section = /## Layers\n([\s\S]*?)\n## /.exec(markdown)?.[1] ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|[^|]*\| ([^|]*) \|$/gm)].map(([, place = '', known = '']) => ({
    place: place.replace(/\/$/, ''),
    mayKnow: [...known.matchAll(/`([^`]+)`/g)].map(([, one = '']) => one.replace(/\/$/, '')),
  }));
}

/** Places that have only the files that lie right in them. */
const WITHOUT_FOLDERS = ['src', 'reference-sut'];

/** The place of a file: that with the longest path above it. */
function placeOf(file: string, places: readonly Place[]): string | undefined {
  const above = places.filter(({ place }) => file.startsWith(`${place}/`) || file === place);
  const own = above.filter(({ place }) => !WITHOUT_FOLDERS.includes(place) || file.split('/').length === 2);
  return own.sort((one, other) => other.place.length - one.place.length)[0]?.place;
}

/** Everything that is wrong with `imports` by the table, a line each. */
function wrongIn(imports: readonly Import[], sources: Sources, places: readonly Place[]): string[] {
  const order = places.map(({ place }) => place);
  const upward = places.flatMap(({ place, mayKnow }) =>
    mayKnow
      .filter((known) => !(order.indexOf(known) >= 0 && order.indexOf(known) < order.indexOf(place)))
      .map((known) => `${place} may not know ${known}: it does not stand below it in the table`),
  );
  const unplaced = [...sources.keys()].filter((file) => placeOf(file, places) === undefined);
  const forbidden = imports.flatMap(({ from, to }) => {
    const [at, known] = [placeOf(from, places), placeOf(to, places)];
    if (at === undefined || known === undefined || at === known) return [];
    return places.some(({ place, mayKnow }) => place === at && mayKnow.includes(known))
      ? []
      : [`${from} imports ${to}: ${at} may not know ${known}`];
  });
  const across = imports.filter(
    ({ from, to }) => /^nemoclaw-reference-sut\b/.test(to) || (isSut(from) && /^phase9-spec\b/.test(to)),
  );
  const impure = imports.filter(
    ({ from, to }) => from.startsWith('src/audit/') && /^(node:|execa$|dockerode$)/.test(to),
  );
  return [
    ...upward,
    ...unplaced.map((file) => `${file} lies in no place of the table`),
    ...forbidden,
    ...across.map(({ from, to }) => `${from} imports the package ${to}`),
    ...impure.map(({ from, to }) => `${from} imports ${to}: src/audit holds pure functions, without input or output`),
    ...circlesIn(imports).map((circle) => `a circle: ${circle.join(', ')}`),
  ];
}

const isSut = (file: string): boolean => file.startsWith('reference-sut/');

describe('the layers', () => {
  const places = placesIn(readFileSync(inRepository('docs/architecture.md'), 'utf8'));
  let sources: Sources;
  before(() => {
    sources = sourcesBelow(REPOSITORY, 'src', 'bench', 'test', 'reference-sut');
  });

  it('are as the table of docs/architecture.md has them, types too', () => {
    expect(places.length).to.be.greaterThan(15);
    expect([...sources.keys()].length).to.be.greaterThan(400);
    const wrong = wrongIn(importsOf(sources), sources, places);
    expect(wrong, wrong.join('\n')).to.deep.equal([]);
  });

  it('name nothing in the table that no file needs', () => {
    const used = new Set(importsOf(sources).map(({ from, to }) => `${placeOf(from, places)} → ${placeOf(to, places)}`));
    const idle = places.flatMap(({ place, mayKnow }) =>
      mayKnow.filter((known) => !used.has(`${place} → ${known}`)).map((known) => `${place} → ${known}`),
    );
    expect(idle, idle.join('\n')).to.deep.equal([]);
  });

  const planted: readonly (readonly [what: string, files: Readonly<Record<string, string>>, complaint: RegExp])[] = [
    [
      'the World imports staging',
      { 'src/world/planted.ts': "import { canary } from '../staging/canary';" },
      /src\/world may not know src\/staging/,
    ],
    [
      'a type of staging is imported by the World',
      { 'src/world/planted.ts': "import type { Upstream } from '../staging/upstream';" },
      /src\/world may not know src\/staging/,
    ],
    [
      'evidence imports the run',
      { 'src/evidence/planted.ts': "import { EXIT } from '../run/exit';" },
      /src\/evidence may not know src\/run/,
    ],
    [
      'two files import each other',
      { 'src/sut/one.ts': "import './other';", 'src/sut/other.ts': "import type { A } from './one';" },
      /a circle: src\/sut\/one.ts, src\/sut\/other.ts/,
    ],
    [
      'the reference SUT imports the suite',
      { 'reference-sut/src/shared/planted.ts': "import { until } from '../../../src/sut/until';" },
      /reference-sut\/src\/shared may not know src\/sut/,
    ],
    [
      'the suite imports the reference SUT late',
      { 'src/sut/planted.ts': "export const late = () => import('../../reference-sut/src/shared/until');" },
      /src\/sut may not know reference-sut\/src\/shared/,
    ],
    [
      'a test requires the reference SUT',
      { 'test/planted.test.ts': "const late = require('../reference-sut/src/shared/until');" },
      /test may not know reference-sut\/src\/shared/,
    ],
    [
      'the suite imports the package of the reference SUT',
      { 'src/sut/planted.ts': "import 'nemoclaw-reference-sut/src/shared/until';" },
      /imports the package nemoclaw-reference-sut/,
    ],
    ['the audit reads a file', { 'src/audit/planted.ts': "import 'node:fs';" }, /pure functions/],
    ['a file lies in a new place', { 'src/helpers/planted.ts': '' }, /lies in no place/],
  ];
  for (const [what, files, complaint] of planted) {
    it(`would be seen broken where ${what}`, () => {
      const more = new Map([...sources, ...Object.entries(files)]);
      const known = wrongIn(importsOf(sources), sources, places);
      const wrong = wrongIn(importsOf(more), more, places).filter((one) => !known.includes(one));
      expect(wrong).to.have.length(1);
      expect(wrong[0]).to.match(complaint);
    });
  }
});
