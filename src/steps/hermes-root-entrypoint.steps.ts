import path from 'node:path';
import { Given, Then, When } from '@cucumber/cucumber';
import { configurationFailures } from '../checks/hermes-root-entrypoint';
import type { AssertionContext } from '../evidence/assertion';
import {
  buildHermesImage,
  stageCleanContainer,
  stageOldContainer,
  stagePlantedLink,
  startHermes,
} from '../staging/hermes-root-entrypoint';
import { requiredDirectories } from '../staging/hermes-root-entrypoint-layout';
import { hermesPlaces } from '../sut/hermes-root-entrypoint';
import { textOf } from '../sut/host-cli';
import type { FileSeen } from '../sut/sandbox';
import { action, assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

Given('an image of a Hermes sandbox, built from what NemoClaw ships', action(buildHermesImage));

Given('a container of that image, as it was built', action(stageCleanContainer));

Given('a container of that image that holds what an older release left behind', action(stageOldContainer));

Given(
  'a container of that image whose old PID file links to a file of root, outside the state directory',
  action(stagePlantedLink),
);

When('the container starts as root, through its own entry point', action(startHermes));

/** The lines of a log that has to be there, with something in it: an absent one would lack every complaint. */
function linesOf(a: AssertionContext, log: string, file: FileSeen): readonly string[] {
  const lines = file.there ? textOf(file.bytes).split('\n').filter(Boolean) : [];
  a.that(`lines in ${log}`, file.there ? lines : 'no such file', 'some', lines.length > 0);
  return lines;
}

async function startLog(a: AssertionContext, world: Phase9World, boundary: 'agent-runtime' | 'sandbox') {
  return linesOf(a, hermesPlaces.startLog, a.see(await world.get('hermes').read(hermesPlaces.startLog, boundary)));
}

async function gatewayLog(a: AssertionContext, world: Phase9World) {
  return linesOf(
    a,
    hermesPlaces.gatewayLog,
    a.see(await world.get('hermes').read(hermesPlaces.gatewayLog, 'agent-runtime')),
  );
}

Then(
  'Hermes is healthy',
  assertion('hermes.root.health-ok', async (a, world) => {
    const { status, body } = a.see(await world.get('hermes').health());
    a.equals('status code', status, 200);
    a.equals('answer', body, { status: 'ok', platform: 'hermes-agent' });
  }),
);

Then(
  'its gateway runs as the user made for it, without privileges',
  assertion('hermes.root.gateway-unprivileged', async (a, world) => {
    const processes = a.see(await world.get('hermes').gatewayProcesses());
    a.that(
      'processes of the gateway',
      processes.map(({ command }) => command),
      'at least one',
      processes.length > 0,
    );
    for (const { pid, users, capable } of processes) {
      a.equals(`users of process ${pid}`, users, ['gateway']);
      a.equals(`process ${pid} has capabilities`, capable, false);
    }
  }),
);

Then(
  'the start log says that the gateway was launched as that user',
  assertion('hermes.root.privilege-separation-logged', async (a, world) => {
    const lines = await startLog(a, world, 'agent-runtime');
    const said = lines.some((line) => /hermes gateway launched as 'gateway' user \(pid \d+\)/.test(line));
    a.that('what it says', lines, "that the gateway was launched as 'gateway' user", said);
  }),
);

Then(
  'the gateway does not take another one to be running',
  assertion('hermes.root.no-pid-race', async (a, world) => {
    const lost = /PID file race lost|another (?:gateway )?instance/i;
    a.isEmpty(
      'lines that say so',
      (await gatewayLog(a, world)).filter((line) => lost.test(line)),
      'none',
    );
  }),
);

Then(
  'the gateway loads its configuration',
  assertion('hermes.root.config-loads', async (a, world) => {
    a.isEmpty('lines that say otherwise', configurationFailures(await gatewayLog(a, world)), 'none');
  }),
);

Then(
  'the state directory is shared with the group, sticky, and hands its group on',
  assertion('hermes.root.config-root-mode', async (a, world) => {
    const seen = a.see(await world.get('hermes').look(hermesPlaces.home));
    a.equals('what it is', seen?.type ?? 'absent', 'directory');
    a.equals('mode', seen?.mode ?? 'absent', '3770');
  }),
);

Then(
  'every directory that Hermes needs is there, and the gateway can write to it',
  assertion('hermes.root.required-dirs', async (a, world) => {
    const hermes = world.get('hermes');
    for (const one of requiredDirectories) {
      const directory = path.posix.join(hermesPlaces.home, one);
      const seen = a.see(await hermes.look(directory));
      a.equals(`what ${one} is`, seen?.type ?? 'absent', 'directory');
      const { exit, stderr } = a.see(await hermes.tryToWrite('gateway', directory));
      a.that(`the gateway writes to ${one}`, textOf(stderr).trim() || `exit ${exit}`, 'exit 0', exit === 0);
    }
  }),
);

Then(
  'the PID file is a file of its own, not a link',
  assertion('hermes.root.pid-file-regular', async (a, world) => {
    const seen = a.see(await world.get('hermes').look(hermesPlaces.pidFile));
    a.equals('what it is', seen?.type ?? 'absent', 'regular file');
  }),
);

Then(
  'the gateway cannot remove its configuration',
  assertion('hermes.root.config-protected', async (a, world) => {
    const hermes = world.get('hermes');
    const before = a.see(await hermes.read(hermesPlaces.configuration, 'sandbox'));
    a.equals('it was there before', before.there, true);
    // What it makes beside it, it can remove again: so it is the file that is protected, not the directory that is closed.
    const control = a.see(await hermes.tryToWrite('gateway', hermesPlaces.home));
    a.that(
      'removal of a file of its own',
      textOf(control.stderr).trim() || `exit ${control.exit}`,
      'exit 0',
      control.exit === 0,
    );
    const { exit, stderr } = a.see(
      await hermes.exec('gateway', ['rm', '-f', '--', hermesPlaces.configuration], 'sandbox'),
    );
    a.that('removal of the configuration', textOf(stderr).trim() || `exit ${exit}`, 'refused', exit === 1);
    const after = a.see(await hermes.read(hermesPlaces.configuration, 'sandbox'));
    a.equals('the file after that', after, before);
  }),
);

Then(
  'the start log says that the stale link was removed',
  assertion('hermes.root.legacy-pid-migrated', async (a, world) => {
    const lines = await startLog(a, world, 'sandbox');
    const removed = `Removing unsafe stale Hermes legacy PID file symlink: ${hermesPlaces.pidFile}`;
    a.that(
      'what it says',
      lines,
      removed,
      lines.some((line) => line.includes(removed)),
    );
  }),
);

Then(
  "the link is gone, and root's file is what it was",
  assertion('hermes.root.symlink-attack-refused', async (a, world) => {
    const hermes = world.get('hermes');
    const { path: file, bytes } = world.get('victim');
    const link = a.see(await hermes.look(hermesPlaces.pidFile));
    a.that('what lies where the link was', link?.type ?? 'nothing', 'no link', link?.type !== 'symbolic link');
    const seen = a.see(await hermes.look(file));
    a.equals("root's file", seen ?? 'absent', { type: 'regular file', mode: '600', owner: 'root', group: 'root' });
    const content = a.see(await hermes.read(file, 'sandbox'));
    a.equals('its bytes', content.there ? content.bytes.toString('hex') : 'absent', bytes.toString('hex'));
  }),
);
