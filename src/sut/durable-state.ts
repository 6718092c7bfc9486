import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { BoundaryError, Observation, type TraceEntry } from '../evidence/observation';
import { directoryDigest } from './directory-digest';
import { backupManifestSchema, type RegistryEntry, registrySchema, sessionSchema } from './durable-documents';

/** One backup directory, and all that lies in it; paths are relative to it, modes are permissions. */
export interface BackupSeen {
  readonly directory: string;
  readonly files: readonly { readonly path: string; readonly mode: number; readonly bytes: Buffer }[];
  /** The backup's own directory is ".". */
  readonly directories: readonly { readonly path: string; readonly mode: number }[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
}

const READ_LIMIT = 64 * 1024 * 1024;

/** The file that describes a backup, in its directory (contract, “Durable state”). */
const MANIFEST = 'rebuild-manifest.json';

/** What lies under HOME and in the SUT's tree. */
export class DurableState {
  constructor(
    private readonly home: string,
    private readonly tree: string,
  ) {}

  get registryPath(): string {
    return path.join(this.home, '.nemoclaw/sandboxes.json');
  }

  get sessionPath(): string {
    return path.join(this.home, '.nemoclaw/onboard-session.json');
  }

  /** Where an installer puts NemoClaw's source: a git checkout (contract, “Durable state”). */
  get sourcePath(): string {
    return path.join(this.home, '.nemoclaw/source');
  }

  /** Where an installer puts the user's own commands. */
  get userPrograms(): string {
    return path.join(this.home, '.local/bin');
  }

  /** A file of the SUT's source tree. */
  inTree(relative: string): string {
    return path.join(this.tree, relative);
  }

  /** The bytes of a file. @throws BoundaryError when there is none. */
  file(file: string): Observation<Buffer> {
    const startedAt = new Date().toISOString();
    try {
      const bytes = readFileSync(file);
      const mode = (lstatSync(file).mode & 0o7777).toString(8);
      return new Observation(
        bytes,
        entry('file', file, startedAt, { bytes: bytes.length, sha256: sha256(bytes), mode }),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BoundaryError(`${file}: ${reason}`, entry('file', file, startedAt, { error: reason }));
    }
  }

  private json<S extends z.ZodType>(file: string, schema: S): Observation<z.output<S>> {
    return this.file(file).map((bytes) => schema.parse(JSON.parse(bytes.toString('utf8'))));
  }

  registry(): Observation<z.output<typeof registrySchema>> {
    return this.json(this.registryPath, registrySchema);
  }

  /** The sandbox's entry, or null; a row that only reserves its name and route is no entry. */
  registryEntry(sandbox: string): Observation<RegistryEntry | null> {
    return this.registry().map(({ sandboxes }) => {
      const entry = sandboxes[sandbox];
      return entry === undefined || entry.pendingRouteReservation === true ? null : entry;
    });
  }

  session(): Observation<z.output<typeof sessionSchema>> {
    return this.json(this.sessionPath, sessionSchema);
  }

  /** Names of the sandbox's backups, oldest first (their names are time stamps). */
  backups(sandbox: string): Observation<readonly string[]> {
    const startedAt = new Date().toISOString();
    const directory = this.backupsOf(sandbox);
    const names = existsSync(directory)
      ? readdirSync(directory, { withFileTypes: true })
          .filter((one) => one.isDirectory())
          .map((one) => one.name)
          .sort()
      : [];
    return new Observation(
      names,
      entry('directory', directory, startedAt, { backups: names.length, newest: names.at(-1) ?? null }),
    );
  }

  /** SHA-256 over all that lies in each backup, by the backup's name. */
  backupDigests(sandbox: string): Observation<Readonly<Record<string, string>>> {
    return this.backups(sandbox).map((names) =>
      Object.fromEntries(names.map((name) => [name, directoryDigest(path.join(this.backupsOf(sandbox), name))])),
    );
  }

  backupsOf(sandbox: string): string {
    return path.join(this.home, '.nemoclaw/rebuild-backups', sandbox);
  }

  /**
   * When a backup was complete: the last change of anything in it, as the filesystem itself notes it. What a backup writes
   * last is its manifest. @throws BoundaryError when there is none.
   */
  backedUpAt(sandbox: string, backup: string): Observation<string> {
    const startedAt = new Date().toISOString();
    const directory = path.join(this.backupsOf(sandbox), backup);
    const manifest = path.join(directory, MANIFEST);
    try {
      if (!existsSync(manifest)) throw new Error(`no ${MANIFEST}`);
      // Not the time of modification, which a copy can bring along.
      const changes = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => ({
        name,
        at: lstatSync(path.join(directory, name)).ctimeMs,
      }));
      const last = changes.reduce((one, other) => (other.at > one.at ? other : one));
      const at = new Date(last.at).toISOString();
      return new Observation(at, entry('directory', directory, startedAt, { changedAt: at, lastChanged: last.name }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new BoundaryError(`${directory}: ${reason}`, entry('directory', directory, startedAt, { error: reason }));
    }
  }

  /** Whether a backup claims to be whole: what is written last, its manifest, is there. */
  isComplete(sandbox: string, backup: string): Observation<boolean> {
    const startedAt = new Date().toISOString();
    const manifest = path.join(this.backupsOf(sandbox), backup, MANIFEST);
    const there = existsSync(manifest);
    return new Observation(there, entry('file', manifest, startedAt, { there }));
  }

  backupManifest(sandbox: string, backup: string): Observation<z.output<typeof backupManifestSchema>> {
    return this.json(path.join(this.backupsOf(sandbox), backup, MANIFEST), backupManifestSchema);
  }

  /** All that lies in a backup. @throws BoundaryError when the backup is not there or larger than can be searched whole (64 MiB). */
  backup(sandbox: string, backup: string): Observation<BackupSeen> {
    const startedAt = new Date().toISOString();
    const directory = path.join(this.backupsOf(sandbox), backup);
    const fail = (reason: string) => {
      throw new BoundaryError(`${directory}: ${reason}`, entry('directory', directory, startedAt, { error: reason }));
    };
    if (!existsSync(directory)) fail('no such backup');
    const modeOf = (file: string) => lstatSync(file).mode & 0o7777;
    const files: BackupSeen['files'][number][] = [];
    const directories = [{ path: '.', mode: modeOf(directory) }];
    const links: BackupSeen['links'][number][] = [];
    let total = 0;
    for (const one of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      const file = path.join(one.parentPath, one.name);
      const relative = path.relative(directory, file);
      if (one.isDirectory()) directories.push({ path: relative, mode: modeOf(file) });
      if (one.isSymbolicLink()) links.push({ path: relative, target: readlinkSync(file) });
      if (!one.isFile()) continue;
      const bytes = readFileSync(file);
      total += bytes.length;
      if (total > READ_LIMIT) fail('more than 64 MiB');
      files.push({ path: relative, mode: modeOf(file), bytes });
    }
    return new Observation(
      { directory, files, directories, links },
      entry('directory', directory, startedAt, { files: files.length, bytes: total }),
    );
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function entry(kind: 'file' | 'directory', source: string, startedAt: string, seen: TraceEntry['seen']): TraceEntry {
  return { boundary: 'durable-state', kind, source, startedAt, finishedAt: new Date().toISOString(), seen };
}
