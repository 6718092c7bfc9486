import { readFileSync } from 'node:fs';
import { Given, Then, When } from '@cucumber/cucumber';
import { textOf } from '../sut/host-cli';
import { action, assertion, restored } from '../world/step-registry';

When(
  'the owner rebuilds the sandbox',
  action(async (world) => {
    const { durable, cli } = world.own;
    const sandbox = world.get('sandbox');
    world.set({
      backupsBefore: durable.backups(sandbox).peek(),
      backupDigestsBefore: durable.backupDigests(sandbox).peek(),
      registryBefore: readFileSync(durable.registryPath, 'utf8'),
    });
    world.set({
      outcome: await cli.nemoclaw([sandbox, 'rebuild', '--yes', '--verbose'], { within: world.profile.bounds.rebuild }),
    });
  }),
);

Given(
  'the agent inside the sandbox is the old one',
  assertion('rebuild.{agent}.old-version-live', async (a, world) => {
    const version = a.see(await world.sandbox().agentVersion());
    a.equals('version inside the sandbox', version, world.get('oldVersion'));
    a.that(
      'the version that NemoClaw expects',
      version,
      `not ${world.get('expectedVersion')}`,
      version !== world.get('expectedVersion'),
    );
  }),
);

Then(
  'the rebuild succeeds',
  assertion('rebuild.{agent}.completes', (a, world) => {
    const { ended, exit, stdout, stderr } = a.see(world.get('outcome'));
    a.equals('how the rebuild ended', ended, 'exited');
    a.equals('exit status', exit, 0);
    if (exit !== 0)
      a.that(
        'its last words',
        `${textOf(stdout)}${textOf(stderr)}`.trimEnd().split('\n').slice(-6).join('\n'),
        'none of failure',
        false,
      );
  }),
);

Then(
  'the agent inside the sandbox is the version that NemoClaw expects',
  assertion('rebuild.{agent}.agent-version-changed', async (a, world) => {
    const version = a.see(await world.sandbox().agentVersion());
    a.equals('version inside the sandbox', version, world.get('expectedVersion'));
    a.that('the old version', version, `not ${world.get('oldVersion')}`, version !== world.get('oldVersion'));
  }),
);

Then(
  'the registry names the version that runs inside the sandbox',
  assertion('rebuild.{agent}.registry-version-updated', async (a, world) => {
    const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
    const inside = a.see(await world.sandbox().agentVersion());
    a.equals('agentVersion in the registry', entry?.agentVersion ?? null, inside);
    a.that(
      'the old version',
      entry?.agentVersion ?? null,
      `not ${world.get('oldVersion')}`,
      entry?.agentVersion !== world.get('oldVersion'),
    );
  }),
);

Then(
  'the cached base image was refreshed and the agent is the version that NemoClaw expects',
  assertion('rebuild.hermes.stale-base-refreshed', async (a, world) => {
    a.equals('version inside the sandbox', a.see(await world.sandbox().agentVersion()), world.get('expectedVersion'));
  }),
);

Then('in the end the blueprint is as it was', restored('rebuild.openclaw.blueprint-restored', 'blueprint-min-version'));
