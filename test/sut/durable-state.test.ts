import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Trace } from '../../src/evidence/observation';
import { DurableState } from '../../src/sut/durable-state';
import { temporaryDirectory } from '../temporary-directory';

const MANIFEST = 'rebuild-manifest.json';
/** The filesystem's clock goes by ticks. Ms. */
const TICK = 20;

describe('the time at which a backup was complete', () => {
  const root = temporaryDirectory('backup');
  const durable = new DurableState(root, root);
  const directory = durable.backupsOf('box');
  let gone = '';
  const at = (name: string): string => path.join(directory, 'one', name);
  const completeAt = (): string => durable.backedUpAt('box', 'one').seenIn(new Trace());

  beforeEach(async () => {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(at('workspace'), { recursive: true });
    writeFileSync(at('workspace/marker.txt'), 'marker');
    writeFileSync(at(MANIFEST), '{}');
    await pause(TICK);
    gone = new Date().toISOString();
    await pause(TICK);
  });

  it('lies before what happened after the backup', () => {
    expect(completeAt() < gone).to.equal(true);
  });

  it('is not that of the manifest where something came later', () => {
    writeFileSync(at('workspace/later.txt'), 'later');
    expect(completeAt() > gone).to.equal(true);
  });

  it('is not one that a file brought along', () => {
    writeFileSync(at('later.txt'), 'later');
    utimesSync(at('later.txt'), 1, 1);
    expect(completeAt() > gone).to.equal(true);
  });

  it('is that at which a directory was moved in, whatever lies in it', () => {
    renameSync(at('workspace'), path.join(root, 'held'));
    renameSync(path.join(root, 'held'), at('workspace'));
    expect(completeAt() > gone).to.equal(true);
  });

  it('is none without a manifest', () => {
    rmSync(at(MANIFEST));
    expect(completeAt).to.throw(`no ${MANIFEST}`);
  });
});
