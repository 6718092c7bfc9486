import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import { inRepository, REPOSITORY } from '../src/repository';
import { temporaryDirectory } from './temporary-directory';

const page = readFileSync(inRepository('docs/adding-a-row.md'), 'utf8');

/** A block of the page that is a file, or the end of one. */
interface Block {
  readonly how: 'file' | 'append';
  readonly place: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...page.matchAll(/^```\w+ (file|append)=(\S+)\n([\s\S]*?)^```$/gm)].map(
  ([, how = '', place = '', text = '']) => ({ how: how as Block['how'], place, text }),
);

/** What a clone leaves behind: packages are linked, and earlier runs belong to this checkout. */
const LEFT = new Set(['node_modules', '.git', 'reports', 'artifacts', 'audit-report']);

const ADDED = ['list.old-registry.shown', 'list.old-registry.read-only', 'list.old-registry.restored'];

describe('docs/adding-a-row.md, carried out on a scratch copy', () => {
  const scratch = temporaryDirectory('adding-a-row');
  const clone = path.join(scratch, 'clone');
  const env = { PHASE9_STATE_DIR: path.join(scratch, 'state') };
  const call = (program: string, ...args: string[]) =>
    execa(path.join(clone, 'node_modules/.bin', program), args, { cwd: clone, env, reject: false, all: true });
  const staging = path.join(clone, 'src/staging/list-old-registry.ts');

  /** IDs of the row by verdict, as a run prints them. */
  const verdicts = async () => {
    const { all = '', exitCode } = await call('cucumber-js', '--tags', '@AQ-999');
    const of = (verdict: string) =>
      [...all.matchAll(new RegExp(`^${verdict}: (\\S+)`, 'gm'))].map(([, id = '']) => id).sort();
    return { exitCode, passed: of('PASS'), failed: of('FAIL'), notRun: of('NOT RUN'), all };
  };

  before(() => {
    cpSync(REPOSITORY, clone, {
      recursive: true,
      filter: (from) => !LEFT.has(path.relative(REPOSITORY, from)) && path.basename(from) !== 'node_modules',
    });
    for (const modules of ['node_modules', 'reference-sut/node_modules'].filter((one) => existsSync(inRepository(one))))
      symlinkSync(inRepository(modules), path.join(clone, modules));
    for (const { how, place, text } of blocks) {
      const file = path.join(clone, place);
      mkdirSync(path.dirname(file), { recursive: true });
      if (how === 'append') appendFileSync(file, text);
      else writeFileSync(file, text);
    }
  });

  it('has a file for each part of a row', () => {
    expect(blocks.map(({ place }) => place.split('/').slice(0, 2).join('/'))).to.deep.equal([
      'features/phase9',
      'audit/assertions.yaml',
      'src/staging',
      'src/checks',
      'src/steps',
      'contracts/list-old-registry.yaml',
      'audit/work-queue.yaml',
    ]);
  });

  it('is formatted, typed and traced', async () => {
    const files = blocks.map(({ place }) => place).filter((place) => place.endsWith('.ts'));
    const lint = await call('biome', 'check', '--error-on-warnings', '--vcs-enabled=false', ...files);
    expect(lint.exitCode, lint.all).to.equal(0);
    const types = await call('tsc', '--noEmit');
    expect(types.exitCode, types.all).to.equal(0);
    const trace = await execa(process.execPath, ['bin/phase9', 'trace', '--row', 'AQ-999'], { cwd: clone, env });
    for (const id of ADDED) expect(trace.stdout).to.include(`AQ-999  ${id}\n`);
    expect(trace.stdout).not.to.include('not made yet');
  });

  it('passes', async () => {
    const { exitCode, passed, failed, all } = await verdicts();
    expect({ exitCode, passed, failed }, all).to.deep.equal({ exitCode: 0, passed: [...ADDED].sort(), failed: [] });
  });

  const rows = /## 7\. See it red\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
  const promised = [...rows.matchAll(/^\|.*\| `([\w.-]+)` alone \|$/gm)].map(([, id = '']) => id);
  const write = `    mkdirSync(path.dirname(durable.registryPath), { recursive: true });
    writeFileSync(durable.registryPath, text, { mode: 0o600 });
`;
  const register = '  await obligations.register(';
  const changes: readonly (readonly [id: string, change: (text: string) => string])[] = [
    ['list.old-registry.shown', (text) => text.replace("['list']", "['--version']")],
    [
      'list.old-registry.read-only',
      (text) =>
        text.replace(
          /(nemoclaw\(\['list'\].*\n)/,
          "$1  writeFileSync(world.own.durable.registryPath, ' ', { flag: 'a' });\n",
        ),
    ],
    ['list.old-registry.restored', (text) => text.replace(write, '').replace(register, `${write}${register}`)],
  ];

  it('promises a red check for each assertion', () => {
    expect(promised).to.deep.equal(changes.map(([id]) => id));
  });

  for (const [id, change] of changes) {
    it(`turns ${id} red, and no other, as it promises`, async () => {
      const text = readFileSync(staging, 'utf8');
      const changed = change(text);
      expect(changed).not.to.equal(text);
      writeFileSync(staging, changed);
      try {
        const { exitCode, failed, notRun, all } = await verdicts();
        expect({ exitCode, failed, notRun }, all).to.deep.equal({ exitCode: 1, failed: [id], notRun: [] });
      } finally {
        writeFileSync(staging, text);
      }
    });
  }

  it('is evidence-complete, until a record is removed', async () => {
    expect((await verdicts()).exitCode).to.equal(0);
    const audit = () =>
      execa(process.execPath, ['bin/phase9', 'audit', '--rows', 'AQ-999'], { cwd: clone, env, reject: false });
    const complete = await audit();
    expect(complete.stdout + complete.stderr).to.match(/AQ-999 +reference +evidence-complete/);
    expect(complete.exitCode).to.equal(0);
    rmSync(path.join(clone, 'reports/latest/evidence/AQ-999/list.old-registry.shown.json'));
    const { exitCode, stdout } = await audit();
    expect(exitCode).to.equal(1);
    expect(stdout).to.include('list.old-registry.shown');
  });
});
