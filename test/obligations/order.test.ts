import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { Journal } from '../../src/world/obligations/journal';
import { fileAsItIs } from '../../src/world/obligations/obligation';
import { Obligations } from '../../src/world/obligations/obligations';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

describe('the obligations of a scenario', () => {
  const directory = temporaryDirectory('order');
  const journals = path.join(directory, 'journals');
  let number = 0;
  const fresh = () => {
    number += 1;
    const scenario = `s${number}`;
    const place = path.join(directory, scenario);
    mkdirSync(place);
    const file = path.join(place, 'file');
    return {
      place,
      file,
      own: new Obligations(journals, 'run', scenario),
      on: path.join(journals, `run-${scenario}.jsonl`),
    };
  };

  it('are on disk before the mutation is made, and the mutation is noted behind it', async () => {
    const { own, file, on } = fresh();
    let seen = 0;
    await own.register(fileAsItIs(file), 'fixture', () => {
      const { open } = Journal.read(on);
      seen = open.length;
      expect(open[0]?.mutation).to.equal(undefined);
      writeFileSync(file, 'during');
      return 'during';
    });
    expect(seen).to.equal(1);
    expect(Journal.read(on).open[0]?.mutation?.saw).to.equal('during');
    expect(await own.restoreAll()).to.deep.equal([]);
    expect(existsSync(file)).to.equal(false);
    own.close();
  });

  it('stay registered where the mutation fails halfway', async () => {
    const { own, file, on } = fresh();
    const attempt = own.register(fileAsItIs(file), 'fixture', () => {
      writeFileSync(file, 'half');
      throw new Error('the disk is full');
    });
    expect(await rejection(() => attempt)).to.equal('the disk is full');
    const [entry] = Journal.read(on).open;
    expect([entry?.fixture, entry?.mutation]).to.deep.equal(['fixture', undefined]);
    expect(await own.restoreAll()).to.deep.equal([]);
    expect(existsSync(file)).to.equal(false);
    own.close();
    expect(existsSync(on)).to.equal(false);
  });

  it('are restored the latest first', async () => {
    const { own, file } = fresh();
    writeFileSync(file, 'one');
    for (const next of ['two', 'three', 'four']) {
      await own.register(fileAsItIs(file), next, () => {
        writeFileSync(file, next);
        return next;
      });
    }
    expect(await own.restoreAll()).to.deep.equal([]);
    expect(readFileSync(file, 'utf8')).to.equal('one');
    own.close();
  });

  it('are all tried: one that cannot be restored is kept with its reason, and does not stop the others', async () => {
    const { own, place, file, on } = fresh();
    const stuck = path.join(place, 'stuck');
    await own.register({ kind: 'directory', path: path.join(place, 'first') }, 'first', () => {
      mkdirSync(path.join(place, 'first'));
      return 'made';
    });
    await own.register(fileAsItIs(stuck), 'stuck', () => {
      mkdirSync(stuck);
      return 'a directory in the place of a file';
    });
    await own.register(fileAsItIs(file), 'last', () => {
      writeFileSync(file, '');
      return 'made';
    });
    const failed = await own.restoreAll();
    expect(failed).to.have.length(1);
    expect(failed[0]).to.include(stuck);
    expect([existsSync(path.join(place, 'first')), existsSync(file)]).to.deep.equal([false, false]);
    own.close();
    const kept = Journal.takeOver(on);
    expect(kept.open.map(({ fixture }) => fixture)).to.deep.equal(['stuck']);
    expect(kept.open[0]?.refusal).to.include(stuck);
    kept.release();
    rmSync(stuck, { recursive: true });
  });

  it('can be restored early, and are verified once more at the end', async () => {
    const { own, file } = fresh();
    writeFileSync(file, 'before');
    const id = await own.register(fileAsItIs(file), 'fixture', () => {
      writeFileSync(file, 'during');
      return 'during';
    });
    await own.restoreNow(id);
    expect(readFileSync(file, 'utf8')).to.equal('before');
    writeFileSync(file, 'changed again');
    expect(await own.restoreAll()).to.deep.equal([]);
    expect(readFileSync(file, 'utf8')).to.equal('before');
    expect(own.entries[0]).to.deep.include({ fixture: 'fixture' });
    expect([own.entries[0]?.early?.changed, own.entries[0]?.restoration?.changed]).to.deep.equal([true, true]);
    own.close();
  });
});
