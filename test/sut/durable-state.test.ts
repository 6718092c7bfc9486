import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Trace } from '../../src/evidence/observation';
import { messagingChannelsOf } from '../../src/sut/durable-documents';
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

describe('an entry of the registry', () => {
  const home = temporaryDirectory('registry');
  const durable = new DurableState(home, home);
  const registered = (sandboxes: Readonly<Record<string, unknown>>) => {
    mkdirSync(path.join(home, '.nemoclaw'), { recursive: true });
    writeFileSync(durable.registryPath, JSON.stringify({ sandboxes, defaultSandbox: null }));
    return durable.registryEntry('box').seenIn(new Trace());
  };
  /** A row as onboarding writes it before there is a sandbox. */
  const reservation = {
    name: 'box',
    pendingRouteReservation: true,
    reservationSessionId: 'one',
    provider: 'compatible-endpoint',
    model: 'm',
    gatewayName: 'nemoclaw',
  };

  it('is that of the sandbox, with every field of it', () => {
    const entry = { name: 'box', agentVersion: '2026.7.1', policies: ['npm'], later: { kept: true } };
    expect(registered({ other: { name: 'other' }, box: entry })).to.deep.equal(entry);
    expect(registered({ box: { ...entry, pendingRouteReservation: false } })?.name).to.equal('box');
    expect(registered({ other: { name: 'other' } })).to.equal(null);
  });

  it('is none where the row only reserves name and route', () => {
    expect(registered({ box: reservation })).to.equal(null);
  });

  it('names its messaging channels where the release keeps them', () => {
    const may = registered({ box: { name: 'box', messagingChannels: ['discord'] } });
    const channels = [{ channelId: 'discord', enabled: true }, { channelId: 'slack' }];
    const august = registered({ box: { name: 'box', messaging: { schemaVersion: 1, plan: { channels } } } });
    if (!may || !august) throw new Error('both are registered');
    expect(messagingChannelsOf(may, { messagingChannels: 'messagingChannels' })).to.deep.equal(['discord']);
    expect(messagingChannelsOf(august, { messagingChannels: 'messaging.plan' })).to.deep.equal(['discord', 'slack']);
    expect(messagingChannelsOf(may, { messagingChannels: 'messaging.plan' })).to.deep.equal([]);
    expect(messagingChannelsOf(august, { messagingChannels: 'messagingChannels' })).to.deep.equal([]);
  });
});
