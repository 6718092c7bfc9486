import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import ts from 'typescript';
import { type Specification, specification } from '../src/audit-input/specification';
import { REPOSITORY } from '../src/repository';
import { loadLedger } from '../src/spec/ledger';
import { CHECKED_WITH } from '../src/world/cucumber-internals';
import { definedSteps } from '../src/world/step-registry';
import { temporaryDirectory } from './temporary-directory';

const ledger = loadLedger();

function filesBelow(directory: string, extension: string): string[] {
  return readdirSync(path.join(REPOSITORY, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.join(directory, name))
    .sort();
}

function textOf(file: string): string {
  return readFileSync(path.join(REPOSITORY, file), 'utf8');
}

describe('the specification', () => {
  let specified: Specification;
  before(async () => {
    specified = await specification();
  });

  it('makes each assertion of every row that a feature is tagged with once, and once for each variant', () => {
    const tagged = filesBelow('features', '.feature').flatMap((file) => textOf(file).match(/@AQ-\d{3}\b/g) ?? []);
    const rows = [...new Set(tagged)].map((tag) => tag.slice(1)).sort();
    expect(rows).to.include('AQ-050');
    const wrong = rows.flatMap((row) => {
      const assertions = ledger.rows[row]?.assertions;
      if (!assertions) return [`the ledger has no row ${row}`];
      return assertions.flatMap(({ id, variants }) =>
        (variants.length > 0 ? variants : [null]).flatMap((variant) => {
          const makers = specified.steps.filter((step) => step.id === id && step.variant === variant);
          if (makers.length === 1) return [];
          const by = makers.map(({ feature }) => feature).join(', ');
          return [
            `${row} ${id}${variant === null ? '' : ` [${variant}]`}: made ${makers.length} times${by && ` (${by})`}`,
          ];
        }),
      );
    });
    expect(wrong.join('\n')).to.equal('');
  });

  it('makes no assertion in a scenario that is not tagged with its row', () => {
    const strayed = specified.steps.filter(({ row, feature }) => {
      const [file = ''] = feature.split(':');
      return !textOf(file).includes(`@${row}`);
    });
    expect(strayed.map(({ id, feature }) => `${id} in ${feature}`)).to.deep.equal([]);
  });

  it('has a line in its feature and in its steps for every assertion', () => {
    for (const { feature, definition, step, id } of specified.steps) {
      const [file = '', line] = feature.split(':');
      expect(textOf(file).split('\n')[Number(line) - 1]?.trim(), `${id} at ${feature}`).to.match(
        new RegExp(`^(Given|When|Then|And|But) ${step.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
      );
      expect(definition).to.match(/^src\/steps\/.*\.ts:\d+$/);
    }
  });
});

describe('the step definitions', () => {
  const directory = temporaryDirectory('specification');
  const messages: Envelope[] = [];
  before(() => {
    const file = path.join(directory, 'messages.ndjson');
    const cucumber = path.join(REPOSITORY, 'node_modules', '.bin', 'cucumber-js');
    const run = spawnSync(cucumber, ['--dry-run', '--format', `message:${file}`], {
      cwd: REPOSITORY,
      env: { ...process.env, PHASE9_REPORTS_DIR: path.join(directory, 'reports') },
      encoding: 'utf8',
    });
    expect(run.error, run.stderr).to.equal(undefined);
    for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') messages.push(JSON.parse(line));
  });

  it('are there for every step, one for each', () => {
    const texts = new Map(
      messages.flatMap(({ pickle }) =>
        (pickle?.steps ?? []).map(({ id, text }) => [id, `${pickle?.uri}: ${text}`] as const),
      ),
    );
    const steps = messages
      .flatMap(({ testCase }) => testCase?.testSteps ?? [])
      .filter(({ pickleStepId }) => pickleStepId);
    expect(steps.length).to.be.greaterThan(50);
    const wrong = steps
      .filter(({ stepDefinitionIds }) => stepDefinitionIds?.length !== 1)
      .map(({ pickleStepId, stepDefinitionIds }) => `${stepDefinitionIds?.length} × ${texts.get(pickleStepId ?? '')}`);
    expect(wrong).to.deep.equal([]);
  });

  it('are all in use', () => {
    const used = new Set(
      messages.flatMap(({ testCase }) => (testCase?.testSteps ?? []).flatMap((step) => step.stepDefinitionIds ?? [])),
    );
    const idle = messages.flatMap(({ stepDefinition }) =>
      stepDefinition && !used.has(stepDefinition.id)
        ? [
            `${stepDefinition.sourceReference.uri}:${stepDefinition.sourceReference.location?.line} ${stepDefinition.pattern.source}`,
          ]
        : [],
    );
    expect(idle).to.deep.equal([]);
  });

  it('are read off Cucumber’s builder as it has them', () => {
    const own = definedSteps().map(({ file, line }) => `${file}:${line}`);
    const cucumbers = messages.flatMap(({ stepDefinition }) =>
      stepDefinition ? [`${stepDefinition.sourceReference.uri}:${stepDefinition.sourceReference.location?.line}`] : [],
    );
    expect(own).to.have.members(cucumbers);
  });

  it('are read off Cucumber’s builder in the version that this was checked with', () => {
    const installed = JSON.parse(textOf('node_modules/@cucumber/cucumber/package.json')).version;
    expect(CHECKED_WITH).to.equal(installed);
  });

  it('have at most four lines of body', () => {
    const bodies = filesBelow('src/steps', '.steps.ts').flatMap((file) =>
      bodiesIn(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true)),
    );
    expect(bodies.length).to.be.greaterThan(100);
    const long = bodies.filter(({ lines }) => lines > 4).map(({ place, lines }) => `${place} has ${lines} lines`);
    expect(long, long.join('\n')).to.deep.equal([]);
  });

  it('would be found too long', () => {
    const lines = (text: string) =>
      bodiesIn(ts.createSourceFile('a.steps.ts', text, ts.ScriptTarget.ES2022, true)).map((one) => one.lines);
    expect(lines("Given('x', action(stage));")).to.deep.equal([1]);
    expect(lines("Given('x', action((world) => stage(world)));")).to.deep.equal([1]);
    const block = Array.from({ length: 5 }, (_, index) => `  one(${index});`).join('\n');
    expect(lines(`Then('x', assertion('a.b', (a, world) => {\n${block}\n}));`)).to.deep.equal([5]);
    expect(lines(`Then('x', assertion('a.b', (a) =>\n  long(\n    a,\n    1,\n    2,\n  ),\n));`)).to.deep.equal([5]);
  });

  it('look at nothing, where they assert, that does not go into the trace', () => {
    const found = [...filesBelow('src/steps', '.ts'), ...filesBelow('src/checks', '.ts')].flatMap((file) => {
      const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true);
      return peeksIn(source).map((line) => `${file}:${line}`);
    });
    expect(found).to.deep.equal([]);
  });

  it('would be found looking past the trace: directly, or in a function of theirs', () => {
    const peeks = (text: string) => peeksIn(ts.createSourceFile('a.ts', text, ts.ScriptTarget.ES2022, true));
    expect(peeks("Then('x', assertion('a.b', (a, world) => {\n  a.equal('', world.x.peek(), 1);\n}));")).to.deep.equal([
      2,
    ]);
    expect(
      peeks("Then('x', assertion('a.b', sees));\nfunction sees(a: AssertionContext) {\n  return x?.peek();\n}"),
    ).to.deep.equal([3]);
    expect(peeks("When('x', action(async (world) => { world.x.peek(); }));")).to.deep.equal([]);
  });
});

/** Each step definition of a file, and how many lines its body has: the statements of a function, or the expression. */
function bodiesIn(source: ts.SourceFile): { readonly place: string; readonly lines: number }[] {
  const found: { place: string; lines: number }[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const linesOf = (body: ts.ConciseBody): number => {
    if (!ts.isBlock(body)) return lineOf(body.getEnd()) - lineOf(body.getStart(source)) + 1;
    const [first, last] = [body.statements[0], body.statements.at(-1)];
    return first && last ? lineOf(last.getEnd()) - lineOf(first.getStart(source)) + 1 : 0;
  };
  const visit = (node: ts.Node): void => {
    const name = ts.isCallExpression(node) ? node.expression.getText(source) : '';
    if (ts.isCallExpression(node) && ['Given', 'When', 'Then'].includes(name)) {
      let lines = 1;
      const inside = (child: ts.Node): void => {
        if (ts.isArrowFunction(child)) lines = Math.max(lines, linesOf(child.body));
        ts.forEachChild(child, inside);
      };
      inside(node);
      found.push({ place: `${source.fileName}:${lineOf(node.getStart(source)) + 1}`, lines });
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Lines on which an assertion's body, or a function that is given its context, takes a value without tracing it. */
function peeksIn(source: ts.SourceFile): number[] {
  const lines = new Set<number>();
  const isPeek = (node: ts.Node): boolean => ts.isPropertyAccessExpression(node) && node.name.text === 'peek';
  const search = (node: ts.Node): void => {
    if (isPeek(node)) lines.add(source.getLineAndCharacterOfPosition(node.getEnd()).line + 1);
    ts.forEachChild(node, search);
  };
  const visit = (node: ts.Node): void => {
    const asserts = ts.isCallExpression(node) && node.expression.getText(source) === 'assertion';
    const helps =
      ts.isFunctionLike(node) && node.parameters.some(({ type }) => type?.getText(source) === 'AssertionContext');
    if (asserts || helps) search(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...lines];
}

describe('a feature', () => {
  /** What belongs into step definitions and the ledger, and how a line gives it away. */
  const strangers: Readonly<Record<string, RegExp>> = {
    'an assertion’s ID': /\b[a-z]+\.[a-z]+\.[a-z-]+\b/,
    'a path': /(?:^|[\s"'(=])(?:~|\.{1,2})?\/[\w.-]|\b[\w.-]+\/[\w-]+\.\w+|\b\w+\/\w+\/\w+/,
    'a URL': /\w+:\/\//,
    shell:
      /`|\$[A-Z({]|(?:^|\s)--?[a-z][\w-]*|&&|\|\||(?:^|\s)(?:docker|curl|sudo|bash|npm run|npx|openshell|nemoclaw) [a-z-]+/,
    'a variable': /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/,
  };
  const lineHas = (line: string): string[] =>
    Object.entries(strangers).flatMap(([what, pattern]) => (pattern.test(line) ? [what] : []));

  it('speaks plainly: no IDs, no paths, no shell', () => {
    const found = filesBelow('features', '.feature').flatMap((file) =>
      textOf(file)
        .split('\n')
        .flatMap((line, index) => lineHas(line).map((what) => `${file}:${index + 1} has ${what}: ${line.trim()}`)),
    );
    expect(found).to.deep.equal([]);
  });

  it('names no assertion of the ledger', () => {
    const found = filesBelow('features', '.feature').flatMap((file) =>
      [...ledger.byId.keys()].filter((id) => textOf(file).includes(id)).map((id) => `${file}: ${id}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('would be found out', () => {
    for (const [line, what] of [
      ['Then rebuild.openclaw.completes', 'an assertion’s ID'],
      ['And the file /sandbox/.openclaw/x is there', 'a path'],
      ['And ~/.nemoclaw is private', 'a path'],
      ['And scripts/install.sh ran', 'a path'],
      ['And http://127.0.0.1 answers', 'a URL'],
      ['When the owner runs nemoclaw rebuild', 'shell'],
      ['When it runs with --yes', 'shell'],
      ['When `id` runs', 'shell'],
      ['Given NVIDIA_API_KEY is set', 'a variable'],
    ] as const) {
      expect(lineHas(line), line).to.include(what);
    }
    expect(
      lineHas('Then the owner’s old sandbox, a well-known one, is as it was (AQ-050, steps 1 and 2)'),
    ).to.deep.equal([]);
  });
});
