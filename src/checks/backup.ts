import type { AssertionContext } from '../evidence/assertion';
import { credentialsIn } from '../secrets/redact';
import { agentFacts } from '../sut/agents';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';

/** Names of the sandbox's backups that were not there before the action. */
export function newBackups(a: AssertionContext, world: Phase9World): readonly string[] {
  const before = world.get('backupsBefore');
  return a.see(world.own.durable.backups(world.get('sandbox'))).filter((name) => !before.includes(name));
}

/** The one backup that the action made; where it made none, or several, the comparison fails. */
export function newBackup(a: AssertionContext, world: Phase9World): string | undefined {
  const names = newBackups(a, world);
  a.equals('number of new backups', names.length, 1);
  return names.at(-1);
}

/** The manifest of the sandbox's newest backup. */
export function newestManifest(a: AssertionContext, world: Phase9World) {
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  const newest = a.see(durable.backups(sandbox)).at(-1);
  if (newest === undefined) throw new Error(`no backup of ${sandbox}`);
  return a.see(durable.backupManifest(sandbox, newest));
}

/** A backup contains the marker, with the bytes that the owner wrote. */
export function markerInBackup(a: AssertionContext, world: Phase9World, backup: string): void {
  const { path, bytes } = world.get('marker');
  expectation('the marker’s bytes', bytes);
  const { files } = a.see(world.own.durable.backup(world.get('sandbox'), backup));
  const inside = path.slice(agentFacts[world.get('agent')].stateDirectory.length + 1);
  const marker = files.find((file) => file.path.endsWith(inside));
  const observed = marker?.bytes.toString('hex') ?? `no ${inside}`;
  a.equals('the marker’s bytes in the backup (hex)', observed, bytes.toString('hex'));
}

/** The action made one backup, and the marker is in it. */
export function newBackupHasMarker(a: AssertionContext, world: Phase9World): void {
  const name = newBackup(a, world);
  if (name !== undefined) markerInBackup(a, world, name);
}

/** Package lockfiles contain integrity strings that look like tokens and are none (contract, “Durable state”). */
const LOCKFILE = /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock)$/;

/** The backup that the action made contains no credential: in no file and no file name, in none of the usual encodings. */
export function newBackupIsSanitized(a: AssertionContext, world: Phase9World): void {
  const name = newBackup(a, world);
  if (name === undefined) return;
  const { files } = a.see(world.own.durable.backup(world.get('sandbox'), name));
  a.atLeast('files in the backup', files.length, 1);
  const canaries = world.get('canaries');
  a.atLeast('canary secrets that the owner had, one of them in the sandbox', canaries.length, 2);
  const found = files.flatMap((file) => {
    const kinds = credentialsIn(Buffer.from(file.path), canaries);
    if (!LOCKFILE.test(file.path)) kinds.push(...credentialsIn(file.bytes, canaries));
    return kinds.map((kind) => `${file.path}: ${kind}`);
  });
  a.isEmpty('credentials in the backup', found);
}

/** Every backup from before the action is still there, with the same content. */
export function earlierBackupsUnchanged(a: AssertionContext, world: Phase9World): void {
  const before = Object.entries(world.get('backupDigestsBefore'));
  a.isNotEmpty(
    'backups made before',
    before.map(([name]) => name),
  );
  const now = a.see(world.own.durable.backupDigests(world.get('sandbox')));
  const changed = before.filter(([name, digest]) => now[name] !== digest).map(([name]) => name);
  a.isEmpty('earlier backups that are gone, or have another content', changed);
}

/** No backup came or went. */
export function sameBackups(a: AssertionContext, world: Phase9World): void {
  a.equals('backups', a.see(world.own.durable.backups(world.get('sandbox'))), world.get('backupsBefore'));
}
