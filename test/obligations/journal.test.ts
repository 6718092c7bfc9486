import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { inRepository } from '../../src/repository';
import { Journal } from '../../src/world/obligations/journal';
import type { Obligation } from '../../src/world/obligations/obligation';
import { self } from '../../src/world/obligations/owner';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const obligation: fc.Arbitrary<Obligation> = fc.oneof(
  fc.record({
    kind: fc.constant('file' as const),
    path: text,
    before: fc.oneof(
      fc.constant({ absent: true as const }),
      fc.record({
        absent: fc.constant(false as const),
        content: fc.uint8Array({ maxLength: 9000 }).map((bytes) => Buffer.from(bytes).toString('base64')),
        mode: fc.nat(0o7777),
        sha256: text,
      }),
    ),
  }),
  fc.record({ kind: fc.constant('directory' as const), path: text }),
  fc.record({ kind: fc.constant('containers' as const), prefix: text, images: text }),
  fc.record({ kind: fc.constant('containers' as const), prefix: text }),
  fc.record({
    kind: fc.constant('containers' as const),
    prefix: text,
    images: text,
    labelled: fc.record({ label: text, prefix: text }),
  }),
  fc.record({ kind: fc.constant('image-tag' as const), tag: text, before: fc.option(text) }),
  fc.record({ kind: fc.constant('image-repository' as const), repository: text }),
  fc.record({ kind: fc.constant('unfinished-images' as const), bases: fc.array(text), keep: fc.array(text) }),
  fc.record({ kind: fc.constant('network' as const), name: text, there: fc.boolean() }),
  fc.record({ kind: fc.constant('volume' as const), name: text, there: fc.boolean() }),
  fc.record({ kind: fc.constant('processes' as const), entry: text }),
  fc.record({ kind: fc.constant('process' as const), pid: fc.nat(), startTime: text }),
);
/** What may happen to an obligation after it was written down. */
const fate = fc.record({
  mutated: fc.option(text),
  settled: fc.option(text),
  discharged: fc.option(fc.record({ changed: fc.boolean(), saw: text })),
  refused: fc.option(text),
});

describe('the journal of a scenario', () => {
  const directory = temporaryDirectory('journal');
  let number = 0;
  const fresh = (): Journal => {
    number += 1;
    return Journal.open(directory, 'run', `scenario-${number}`);
  };
  const absent = (file: string): Obligation => ({ kind: 'file', path: file, before: { absent: true } });

  it('reads back what was written, every obligation and what became of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(obligation, text, fate), { maxLength: 5 }), (owed) => {
        const journal = fresh();
        for (const [one, fixture, { mutated, settled, discharged, refused }] of owed) {
          const { id } = journal.register(one, fixture);
          if (mutated !== null) journal.mutated(id, mutated);
          if (settled !== null) journal.restoredEarly(id, true, settled);
          if (refused !== null) journal.refused(id, refused);
          if (discharged !== null) journal.restored(id, discharged.changed, discharged.saw);
        }
        const read = Journal.read(journal.path);
        expect(read.entries).to.deep.equal(journal.entries);
        expect(read.entries.map((entry) => entry.obligation)).to.deep.equal(owed.map(([one]) => one));
        expect(read.open.map((entry) => entry.id)).to.deep.equal(
          owed.flatMap(([, , { discharged }], index) => (discharged === null ? [index + 1] : [])).reverse(),
        );
        expect({ run: read.run, scenario: read.scenario, owner: read.owner }).to.deep.equal({
          run: 'run',
          scenario: `scenario-${number}`,
          owner: self(),
        });
        journal.release();
      }),
      { numRuns: 60 },
    );
  });

  it('is readable by its owner only, in a directory that is too', () => {
    const inside = path.join(directory, 'new', 'journals');
    const journal = Journal.open(inside, 'run', 'modes');
    journal.release();
    expect((statSync(journal.path).mode & 0o777).toString(8)).to.equal('600');
    expect((statSync(inside).mode & 0o777).toString(8)).to.equal('700');
  });

  it('counts a last line that was cut off as not written, at whatever byte, and goes on behind it', () => {
    const journal = fresh();
    journal.register(absent('/kept'), 'fixture');
    const whole = readFileSync(journal.path);
    journal.register(absent('/größe/…'), 'fixture');
    journal.release();
    const more = readFileSync(journal.path);
    for (let end = whole.length; end < more.length; end += 1) {
      writeFileSync(journal.path, more.subarray(0, end));
      const taken = Journal.takeOver(journal.path);
      expect(taken.entries).to.have.length(1);
      taken.refused(1, 'tried');
      taken.release();
      expect(Journal.read(journal.path).entries[0]?.refusal).to.equal('tried');
    }
  });

  it('leaves a journal as it is when it only reads it: its owner may be writing the last line at that moment', () => {
    const journal = fresh();
    appendFileSync(journal.path, '{"type":"owed","at":"2026');
    const before = readFileSync(journal.path);
    expect(Journal.read(journal.path).entries).to.deep.equal([]);
    expect(readFileSync(journal.path).equals(before)).to.equal(true);
    journal.release();
  });

  it('names file and line of a line in the middle that is broken', async () => {
    const journal = fresh();
    journal.register(absent('/one'), 'fixture');
    journal.register(absent('/two'), 'fixture');
    journal.release();
    const lines = readFileSync(journal.path, 'utf8').split('\n');
    for (const broken of [
      '{"type":"owed"',
      '{"type":"owed","id":1}',
      'null',
      '{"type":"mutated","at":"","id":9,"saw":""}',
    ]) {
      writeFileSync(journal.path, [lines[0], broken, ...lines.slice(2)].join('\n'));
      for (const way of [Journal.read, Journal.takeOver]) {
        expect(await rejection(() => way(journal.path))).to.include(`${journal.path}:2: not a journal line`);
      }
    }
  });

  it('begins with the line that names its owner, and leaves nothing beside it', () => {
    const before = new Set(readdirSync(directory));
    const journal = fresh();
    const added = readdirSync(directory).filter((name) => !before.has(name));
    expect(added).to.deep.equal([path.basename(journal.path)]);
    expect(JSON.parse(readFileSync(journal.path, 'utf8'))).to.include({ type: 'opened' });
    journal.release();
  });

  it('refuses to be opened twice', async () => {
    const journal = fresh();
    expect(await rejection(() => Journal.open(directory, 'run', `scenario-${number}`))).to.include('EEXIST');
    expect(Journal.read(journal.path).owner).to.deep.equal(self());
    journal.release();
  });

  it('is removed once everything is restored, and kept until then', () => {
    const journal = fresh();
    const { id } = journal.register(absent('/one'), 'fixture');
    journal.register(absent('/two'), 'fixture');
    journal.restored(id, true, 'absent');
    journal.close();
    expect(existsSync(journal.path)).to.equal(true);
    const taken = Journal.takeOver(journal.path);
    taken.restored(2, false, 'absent');
    taken.close();
    expect(existsSync(journal.path)).to.equal(false);
  });

  it('keeps its lines whole where the disk takes no more', () => {
    const program = `
      const { Journal } = require('${inRepository('src/world/obligations/journal.ts')}');
      const journal = Journal.open(process.argv[2], 'run', 'full-disk');
      const content = 'x'.repeat(3000);
      const before = { absent: false, content, mode: 0o600, sha256: '' };
      let refused = 0;
      for (let i = 0; i < 4; i += 1) {
        try { journal.register({ kind: 'file', path: '/' + i, before }, 'fixture'); } catch { refused += 1; }
      }
      journal.register({ kind: 'directory', path: '/small' }, 'fixture');
      process.stdout.write(JSON.stringify({ refused, owed: journal.open.map(({ obligation }) => obligation.path) }));`;
    const file = path.join(directory, 'full-disk.js');
    writeFileSync(file, program);
    // A bound on the size of files stands for the full disk: 8 KiB, in the blocks of 512 bytes that sh counts in.
    const run = spawnSync(
      'sh',
      ['-c', 'ulimit -f 16; exec "$@"', 'sh', process.execPath, '--require', 'ts-node/register', file, directory],
      { encoding: 'utf8' },
    );
    expect(run.stderr).to.equal('');
    expect(JSON.parse(run.stdout)).to.deep.equal({ refused: 2, owed: ['/small', '/1', '/0'] });
    const read = Journal.read(path.join(directory, 'run-full-disk.jsonl'));
    expect(read.open.map((one) => 'path' in one.obligation && one.obligation.path)).to.deep.equal([
      '/small',
      '/1',
      '/0',
    ]);
  });
});
