import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import { z } from 'zod';
import { inRepository } from '../../src/repository';
import { processesWith } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';
import { Journal } from '../../src/world/obligations/journal';
import { restoreDead } from '../../src/world/obligations/recovery';
import { temporaryDirectory } from '../temporary-directory';

const PHASE9 = inRepository('bin/phase9');
const OWING = path.join(__dirname, 'owing-process.ts');
const answer = z.object({
  restored: z.array(z.object({ scenario: z.string(), done: z.array(z.string()), failed: z.array(z.string()) })),
  leftAlone: z.array(z.string()),
});

describe('restoring what dead owners left', () => {
  const directory = temporaryDirectory('restore');
  const children: ChildProcess[] = [];
  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  /** A place with its own journals, and a file that its processes register for restore. */
  const place = () => {
    const state = path.join(directory, randomBytes(4).toString('hex'));
    const journals = path.join(state, 'journals');
    const file = path.join(state, 'file');
    mkdirSync(state);
    writeFileSync(file, 'before');
    return { state, journals, file };
  };
  const owing = async (journals: string, scenario: string, file: string): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['--require', 'ts-node/register', OWING, journals, scenario, file], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(line)).to.equal('owed\n');
    return child;
  };
  const killed = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const content = (file: string): string => readFileSync(file, 'utf8');
  /** Writes the owner in a journal's first line anew. */
  const disown = (journal: string, change: Record<string, unknown>): void => {
    const [first = '', ...rest] = content(journal).split('\n');
    const opened = JSON.parse(first);
    writeFileSync(journal, [JSON.stringify({ ...opened, owner: { ...opened.owner, ...change } }), ...rest].join('\n'));
  };

  it('restores for a killed process and leaves the journal of a living one alone; a second call changes nothing', async () => {
    const { state, journals, file } = place();
    const other = path.join(state, 'other');
    writeFileSync(other, 'before');
    await killed(await owing(journals, 'dead', file));
    const living = await owing(journals, 'living', other);
    const [restored, ...more] = await restoreDead(journals);
    expect(more).to.deep.equal([]);
    expect([restored?.run, restored?.scenario, restored?.done.length, restored?.failed]).to.deep.equal([
      'run',
      'dead',
      1,
      [],
    ]);
    expect([content(file), content(other)]).to.deep.equal(['before', 'during']);
    expect(readdirSync(journals)).to.deep.equal(['run-living.jsonl']);

    writeFileSync(file, 'somebody else’s by now');
    expect(await restoreDead(journals)).to.deep.equal([]);
    expect([content(file), content(other)]).to.deep.equal(['somebody else’s by now', 'during']);

    await killed(living);
    expect(await restoreDead(journals)).to.have.length(1);
    expect(content(other)).to.equal('before');
    expect(readdirSync(journals)).to.deep.equal([]);
  });

  it('takes an owner for dead whose pid another process has now, or that is of another boot', async () => {
    for (const change of [{ startTime: '1' }, { boot: '00000000-0000-0000-0000-000000000000' }]) {
      const { journals, file } = place();
      const child = await owing(journals, 'reused', file);
      expect(await restoreDead(journals)).to.deep.equal([]);
      disown(path.join(journals, 'run-reused.jsonl'), change);
      expect(await restoreDead(journals)).to.have.length(1);
      expect(content(file)).to.equal('before');
      await killed(child);
    }
  });

  it('ends what still runs before it removes what that could make again', async () => {
    const { state, journals, file } = place();
    await killed(await owing(journals, 'busy', file));
    const mark = `PHASE9_SCENARIO=test-${randomBytes(6).toString('hex')}`;
    const made = path.join(state, 'made');
    const journal = Journal.takeOver(path.join(journals, 'run-busy.jsonl'));
    journal.register({ kind: 'processes', entry: mark }, 'scenario');
    journal.register({ kind: 'directory', path: made }, 'scenario');
    journal.release();
    // Makes the directory anew as long as it runs, and takes its time when it is told to end.
    const maker = spawn(
      'sh',
      [
        '-c',
        `trap 'n=1' TERM; n=0; while [ $n -lt 20 ]; do mkdir -p ${made}; sleep 0.05; [ $n -gt 0 ] && n=$((n+1)); done`,
      ],
      {
        env: { PATH: process.env.PATH, PHASE9_SCENARIO: mark.slice(16) },
        stdio: 'ignore',
      },
    );
    children.push(maker);
    await until('the directory', async () => existsSync(made), { within: 5000 });
    const [restored] = await restoreDead(journals);
    expect(restored?.failed).to.deep.equal([]);
    expect(processesWith(mark)).to.deep.equal([]);
    expect(existsSync(made)).to.equal(false);
  });

  it('says of a journal that it cannot read where it is broken, keeps it, and goes on with the others', async () => {
    const { journals, file } = place();
    await killed(await owing(journals, 'b-whole', file));
    const broken = path.join(journals, 'run-a-broken.jsonl');
    cpSync(path.join(journals, 'run-b-whole.jsonl'), broken);
    writeFileSync(broken, content(broken).replace('"owed"', '"owned"'));
    const restored = await restoreDead(journals);
    expect(restored.map(({ scenario, failed }) => [scenario, failed.length])).to.deep.equal([
      ['', 1],
      ['b-whole', 0],
    ]);
    expect(restored[0]?.failed[0]).to.include(`${broken}:2: `);
    expect(content(file)).to.equal('before');
    expect(readdirSync(journals)).to.deep.equal(['run-a-broken.jsonl']);
  });

  it('done twice at once does each thing once, and both calls end with everything back', async () => {
    const { state, journals, file } = place();
    await killed(await owing(journals, 'contended', file));
    // Takes no SIGTERM: ending it takes its three seconds, in which the other restore comes along.
    const mark = `PHASE9_SCENARIO=test-${randomBytes(6).toString('hex')}`;
    const stubborn = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'], {
      env: { PATH: process.env.PATH, PHASE9_SCENARIO: mark.slice(16) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(stubborn);
    await once(stubborn.stdout, 'data');
    const journal = Journal.takeOver(path.join(journals, 'run-contended.jsonl'));
    journal.register({ kind: 'processes', entry: mark }, 'stubborn');
    journal.release();
    const restore = async () => {
      const { stdout, exitCode } = await execa(PHASE9, ['restore', '--json'], {
        env: { PHASE9_STATE_DIR: state },
        reject: false,
      });
      return { exitCode, ...answer.parse(JSON.parse(stdout)), journals: readdirSync(journals) };
    };
    const both = await Promise.all([restore(), restore()]);
    expect(both.map(({ exitCode }) => exitCode)).to.deep.equal([0, 0]);
    expect(both.flatMap(({ restored }) => restored.flatMap(({ done }) => done))).to.have.length(2);
    expect(both.map((one) => one.journals)).to.deep.equal([[], []]);
    expect(content(file)).to.equal('before');
    expect(processesWith(mark)).to.deep.equal([]);
  });
});
