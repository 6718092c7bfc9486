import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Given } from '@cucumber/cucumber';
import { expectedVersion } from '../staging/expected-version';
import { stageOldBaseImage } from '../staging/old-base-image';
import { stageOldSandbox } from '../staging/old-sandbox';
import { onboard, PROVIDER_CREDENTIAL } from '../staging/onboarding';
import { stageCredentials, stageDiscord, stageMarker } from '../staging/owner-state';
import { applyCustomPolicy, applyPresets } from '../staging/policies';
import { stageRegistryAndSession } from '../staging/registry-session';
import { stageStaleBase } from '../staging/stale-base';
import { engine } from '../sut/engine';
import { action } from '../world/step-registry';
import type { Phase9World } from '../world/world';

Given(
  'a sandbox {string} that was onboarded from the manifest {string}',
  action((world, sandbox: string, manifest: string) => onboard(world, manifest, sandbox)),
);

Given('a base image of an agent older than the one NemoClaw expects', action(stageOldBaseImage));

Given(
  'the sandbox is made from that image and registered with its version',
  action(async (world) => {
    await stageOldSandbox(world);
    stageRegistryAndSession(world, world.get('oldVersion'));
  }),
);

Given(
  'the sandbox is made from that image and registered with version {string}',
  action(async (world, version: string) => {
    await stageOldSandbox(world);
    stageRegistryAndSession(world, version);
  }),
);

Given(
  'the sandbox is registered with version {string}',
  action(async (world, version: string) => {
    stageRegistryAndSession(world, version);
    world.set({ expectedVersion: expectedVersion(world.own.tree, world.get('agent')) });
    await rememberContainer(world);
  }),
);

async function rememberContainer(world: Phase9World): Promise<void> {
  const container = (await world.sandbox().container()).peek();
  if (!container) throw new Error(`the sandbox ${world.get('sandbox')} has no container`);
  world.set({ containerBefore: container.id });
}

Given('the sandbox holds a marker file of its owner', action(stageMarker));

Given(
  'the sandbox holds a marker file and credentials of its owner',
  action(async (world) => {
    await stageMarker(world);
    await stageCredentials(world);
  }),
);

Given('the sandbox is configured for Discord', action(stageDiscord));

Given("the manifest's policy presets are applied to the sandbox", action(applyPresets));

Given(
  "the manifest's policy presets and a policy of the owner's own are applied to the sandbox",
  action(async (world) => {
    await applyPresets(world);
    await applyCustomPolicy(world);
  }),
);

Given('the base image that NemoClaw has cached is the old one', action(stageStaleBase));

Given(
  'a backup of all sandboxes was made',
  action(async (world) => {
    await world.own.cli.must(world.own.cli.nemoclaw(['backup-all'], { within: world.profile.bounds.command }));
  }),
);

Given(
  'the sandbox is stopped',
  action(async (world) => {
    const container = engine().getContainer(world.get('containerBefore'));
    await container.stop({ t: 2 });
    const { State } = await container.inspect();
    if (State.Running) throw new Error(`the container ${world.get('containerBefore')} did not stop`);
  }),
);

Given(
  'the place for backups cannot be written',
  action(async (world) => {
    const place = path.dirname(world.own.durable.backupsOf(world.get('sandbox')));
    if (existsSync(place)) throw new Error(`${place} is there already; a file cannot stand in its way`);
    mkdirSync(path.dirname(place), { recursive: true });
    // A file where a directory belongs stops even root, whom no mode stops.
    writeFileSync(place, 'in the way\n');
  }),
);

Given(
  "the provider's credential is not in the environment",
  action(async (world) => {
    const variable = world.own.durable.session().peek().credentialEnv ?? PROVIDER_CREDENTIAL;
    delete world.own.environment[PROVIDER_CREDENTIAL];
    delete world.own.environment[variable];
    // Noted now: a rebuild that is refused must not choose afterwards which one it was.
    world.set({ missingCredential: variable });
  }),
);
