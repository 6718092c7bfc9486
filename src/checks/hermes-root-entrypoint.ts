import path from 'node:path';
import type { AssertionContext } from '../evidence/assertion';
import { requiredDirectories } from '../staging/hermes-root-entrypoint-layout';
import { hermesPlaces } from '../sut/hermes-root-entrypoint';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';

/** The user that the image makes for the gateway. */
export const GATEWAY_USER = 'gateway';

/**
 * Hermes' first words where it cannot reach its configuration, its later ones where it cannot read or understand it.
 */
const NOT_LOADED = /(?:could not load|failed to \w+) .*config\.yaml|config\.yaml .*failed/i;
/**
 * The system's error for config.yaml or the environment file beside it; a gateway that dies of it adds nothing of its
 * own.
 */
const NOT_OPENED = /\[Errno \d+\] .*\/\.hermes\/(?:config\.yaml|\.env)\b/;

/** The lines of the gateway's log which show that it did not load its configuration. */
export function configurationFailures(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => NOT_LOADED.test(line) || NOT_OPENED.test(line));
}

/** The lines of a log. The log has to exist and contain some: a missing one would lack every complaint. */
async function linesOf(
  a: AssertionContext,
  world: Phase9World,
  log: string,
  boundary: 'agent-runtime' | 'sandbox',
): Promise<string[]> {
  const file = a.see(await world.get('hermes').read(log, boundary));
  const lines = file.there ? textOf(file.bytes).split('\n').filter(Boolean) : [];
  a.isTrue(`${log} exists`, file.there);
  a.isNotEmpty(`lines in ${log}`, lines);
  return lines;
}

function gatewayLog(a: AssertionContext, world: Phase9World): Promise<string[]> {
  return linesOf(a, world, hermesPlaces.gatewayLog, 'agent-runtime');
}

/** Hermes itself answers the request for its health. */
export async function isHealthy(a: AssertionContext, world: Phase9World): Promise<void> {
  const { status, body } = a.see(await world.get('hermes').health());
  const { health, healthAlso } = world.profile.release.hermes;
  a.equals('status code', status, 200);
  const answer = Object.entries(typeof body === 'object' && body !== null ? body : { body });
  a.equals('answer', Object.fromEntries(answer.filter(([key]) => !healthAlso.includes(key))), health);
  const keys = answer.map(([key]) => key);
  a.hasAll('the answer', keys, [...Object.keys(health), ...healthAlso]);
}

/** The gateway has a process, and each of its processes has one user, the gateway's, not root's group, and no capability. */
export async function runsUnprivileged(a: AssertionContext, world: Phase9World): Promise<void> {
  const processes = a.see(await world.get('hermes').gatewayProcesses(world.profile.release.hermes.programs));
  a.isNotEmpty(
    'processes of the gateway',
    processes.map(({ command }) => command),
  );
  for (const { pid, users, rootsGroup, capable } of processes) {
    a.equals(`users of process ${pid}`, users, [GATEWAY_USER]);
    a.equals(`process ${pid} has root's group`, rootsGroup, false);
    a.equals(`process ${pid} has capabilities`, capable, false);
  }
}

/** The start log names the user that the gateway was launched as. */
export async function launchIsReported(a: AssertionContext, world: Phase9World): Promise<void> {
  const lines = await linesOf(a, world, hermesPlaces.startLog, 'agent-runtime');
  a.matches('the start log', lines.join('\n'), /hermes gateway launched as 'gateway' user \(pid \d+\)/);
}

/** The gateway did not take another gateway to be running. */
export async function noOtherGatewayIsReported(a: AssertionContext, world: Phase9World): Promise<void> {
  const lines = await gatewayLog(a, world);
  const lost = /PID file race lost|another (?:gateway )?instance/i;
  a.isEmpty(
    'lines about another gateway',
    lines.filter((line) => lost.test(line)),
  );
}

/** The gateway's log reports no failure to load the configuration. */
export async function configurationIsLoaded(a: AssertionContext, world: Phase9World): Promise<void> {
  a.isEmpty('lines about a configuration that was not loaded', configurationFailures(await gatewayLog(a, world)));
}

/**
 * Mode 3770: owner and group may use the directory, new files belong to its group, and only a file's owner may delete
 * it.
 */
export async function stateDirectoryIsShared(a: AssertionContext, world: Phase9World): Promise<void> {
  const seen = a.see(await world.get('hermes').look(hermesPlaces.home));
  a.equals('type of the state directory', seen?.type ?? 'absent', 'directory');
  a.equals('its mode', seen?.mode ?? 'absent', '3770');
}

/** Every directory that Hermes needs exists, and the gateway's user makes and removes a file there. */
export async function requiredDirectoriesAreWritable(a: AssertionContext, world: Phase9World): Promise<void> {
  const hermes = world.get('hermes');
  for (const name of requiredDirectories) {
    const directory = path.posix.join(hermesPlaces.home, name);
    const seen = a.see(await hermes.look(directory));
    a.equals(`type of ${name}`, seen?.type ?? 'absent', 'directory');
    succeeds(a, await hermes.tryToWrite(GATEWAY_USER, directory), `the gateway's attempt to write to ${name}`);
  }
}

/** The PID file is no link; where this release keeps it elsewhere than older ones, nothing lies at the older place. */
export async function pidFileIsRegular(a: AssertionContext, world: Phase9World): Promise<void> {
  const { pidFile, nothingAt } = world.profile.release.hermes;
  const seen = a.see(await world.get('hermes').look(path.posix.join(hermesPlaces.home, pidFile)));
  a.equals('type of the PID file', seen?.type ?? 'absent', 'regular file');
  if (nothingAt === null) return;
  const older = a.see(await world.get('hermes').look(path.posix.join(hermesPlaces.home, nothingAt)));
  a.equals(`type of ${nothingAt}`, older?.type ?? 'absent', 'absent');
}

/** The gateway's user tries to change the configuration, and to remove it, and fails. */
export async function configurationIsProtected(a: AssertionContext, world: Phase9World): Promise<void> {
  const hermes = world.get('hermes');
  const before = a.see(await hermes.read(hermesPlaces.configuration, 'sandbox'));
  a.isTrue('the configuration existed before', before.there);
  // The user can remove a file of its own beside it: so the file is protected, and the directory is not merely closed.
  succeeds(a, await hermes.tryToWrite(GATEWAY_USER, hermesPlaces.home), 'the removal of a file of its own');
  const change = ['sh', '-c', ': >>"$1"', 'change', hermesPlaces.configuration];
  a.differs(
    'exit status of a change of the configuration',
    a.see(await hermes.exec(GATEWAY_USER, change, 'sandbox')).exit,
    0,
  );
  const removal = ['rm', '-f', '--', hermesPlaces.configuration];
  const { exit } = a.see(await hermes.exec(GATEWAY_USER, removal, 'sandbox'));
  a.equals('exit status of the removal of the configuration', exit, 1);
  const after = a.see(await hermes.read(hermesPlaces.configuration, 'sandbox'));
  a.equals('the configuration afterwards', after, before);
}

/** The start log names the link that was removed. */
export async function removalIsReported(a: AssertionContext, world: Phase9World): Promise<void> {
  const lines = await linesOf(a, world, hermesPlaces.startLog, 'sandbox');
  const removed = `Removing unsafe stale Hermes legacy PID file symlink: ${hermesPlaces.legacyPidFile}`;
  a.includes('the start log', lines.join('\n'), removed);
}

/** No link lies where the planted one was, and the file that it pointed at has its content, owner and mode. */
export async function plantedLinkIsGone(a: AssertionContext, world: Phase9World): Promise<void> {
  const hermes = world.get('hermes');
  const { path: file, bytes } = world.get('victim');
  const link = a.see(await hermes.look(hermesPlaces.legacyPidFile));
  a.differs('type of what lies where the link was', link?.type ?? 'nothing', 'symbolic link');
  const seen = a.see(await hermes.look(file));
  a.equals("root's file", seen ?? 'absent', { type: 'regular file', mode: '600', owner: 'root', group: 'root' });
  const content = a.see(await hermes.read(file, 'sandbox'));
  a.equals('its bytes (hex)', content.there ? content.bytes.toString('hex') : 'absent', bytes.toString('hex'));
}
