import { Then, When } from '@cucumber/cucumber';
import type { AssertionContext } from '../evidence/assertion';
import { registrySchema } from '../sut/durable-state';
import { textOf } from '../sut/host-cli';
import { action, assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

When(
  "the owner asks for the sandbox's status",
  action(async (world) => {
    world.set({
      outcome: await world.own.cli.nemoclaw([world.get('sandbox'), 'status'], {
        within: world.profile.bounds.command,
      }),
    });
  }),
);

When(
  'the owner connects to the sandbox',
  action(async (world) => {
    world.set({
      outcome: await world.own.cli.nemoclaw([world.get('sandbox'), 'connect'], {
        within: world.profile.bounds.command,
        input: 'exit\n',
      }),
    });
  }),
);

function said(a: AssertionContext, world: Phase9World): string {
  const { stdout, stderr } = a.see(world.get('outcome'));
  return `${textOf(stdout)}\n${textOf(stderr)}`;
}

Then(
  'the status shows a version of the agent',
  assertion('rebuild.lifecycle.status-shows-version', (a, world) => {
    const text = said(a, world);
    const line = /^\s*Agent:\s+\S.*\bv\d+\.\d+\.\d+\S*\s*$/m.exec(text)?.[0]?.trim();
    a.that('the status line of the agent', line ?? text, 'Agent: … v<version>', line !== undefined);
  }),
);

Then(
  'the owner is told how to rebuild the stale sandbox',
  assertion('rebuild.lifecycle.connect-warns-stale', (a, world) => {
    const text = said(a, world);
    const command = `${world.get('sandbox')} rebuild`;
    a.that('what connect says', text, `names \`nemoclaw ${command}\``, text.includes(`nemoclaw ${command}`));
  }),
);

Then(
  'the registry names the version inside the rebuilt sandbox and no longer {string}',
  assertion('rebuild.lifecycle.registry-version-updated', async (a, world, old: string) => {
    const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
    const inside = a.see(await world.sandbox().agentVersion());
    a.equals('agentVersion in the registry', entry?.agentVersion ?? null, inside);
    a.that('the staged version', entry?.agentVersion ?? null, `not ${old}`, entry?.agentVersion !== old);
  }),
);

function refused(a: AssertionContext, world: Phase9World): string {
  const { ended, exit } = a.see(world.get('outcome'));
  a.equals('how the rebuild ended', ended, 'exited');
  a.that('exit status', exit, 'not 0', exit !== 0);
  return said(a, world);
}

async function sameContainer(a: AssertionContext, world: Phase9World, state: string): Promise<void> {
  const now = a.see(await world.sandbox().container());
  a.equals(
    'container',
    { id: now?.id ?? null, state: now?.state ?? null },
    { id: world.get('containerBefore'), state },
  );
}

function sameRegistryEntry(a: AssertionContext, world: Phase9World): void {
  const name = world.get('sandbox');
  const before = registrySchema.parse(JSON.parse(world.get('registryBefore'))).sandboxes[name];
  a.equals('registry entry', a.see(world.own.durable.registryEntry(name)), before);
}

async function markerStill(a: AssertionContext, world: Phase9World): Promise<void> {
  const { path, bytes } = world.get('marker');
  const now = a.see(await world.sandbox().read(path));
  a.equals('the marker’s bytes (hex)', now.there ? now.bytes.toString('hex') : 'no such file', bytes.toString('hex'));
}

Then(
  'the rebuild is refused because the sandbox is not running, and nothing is touched',
  assertion('rebuild.lifecycle.aborts-when-not-running', async (a, world) => {
    const text = refused(a, world);
    a.that('what the rebuild says', text, 'that the sandbox is not running', /not running/i.test(text));
    await sameContainer(a, world, 'exited');
    sameRegistryEntry(a, world);
    const before = Object.entries(world.get('backupDigestsBefore'));
    a.that('backups made before', before.length, 'one at least', before.length > 0);
    const now = a.see(world.own.durable.backupDigests(world.get('sandbox')));
    a.isEmpty(
      'earlier backups that are gone, or hold something else',
      before.filter(([name, digest]) => now[name] !== digest).map(([name]) => name),
      'none',
    );
  }),
);

Then(
  'the rebuild is refused and the sandbox still runs with its marker file',
  assertion('rebuild.lifecycle.aborts-when-backup-fails', async (a, world) => {
    refused(a, world);
    a.equals('backups', a.see(world.own.durable.backups(world.get('sandbox'))), world.get('backupsBefore'));
    await sameContainer(a, world, 'running');
    await markerStill(a, world);
  }),
);

Then(
  'the rebuild is refused and names the missing credential, and nothing is deleted',
  assertion('rebuild.lifecycle.credential-preflight', async (a, world) => {
    const variable = world.get('missingCredential');
    const text = refused(a, world);
    a.that('what the rebuild says', text, `names ${variable}`, text.includes(variable));
    await sameContainer(a, world, 'running');
    sameRegistryEntry(a, world);
    await markerStill(a, world);
  }),
);
