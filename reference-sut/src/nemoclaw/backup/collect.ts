import { lstatSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { sha256 } from '../../shared/sha256';
import { CommandFailure } from '../failure';
import { streamIn } from '../openshell';
import { reasonToLeaveOut, sanitize } from './sanitizer';
import { endOf } from './stream-end';

/** The files that went into a backup's tree, and those that did not. */
export interface Collected {
  readonly digests: Record<string, string>;
  readonly withheld: { path: string; values: number }[];
  readonly leftOut: { path: string; reason: string }[];
  /** Permissions in the sandbox, by path: in the backup nobody but its owner has any. */
  readonly modes: Record<string, number>;
}

export function nothingCollected(): Collected {
  return { digests: {}, withheld: [], leftOut: [], modes: {} };
}

/** A path of the stream that may be written under the backup's root; undefined for the root itself. */
function safePath(name: string): string | undefined {
  const path = normalize(name).replace(/\/+$/, '');
  if (path === '.' || path === '') return undefined;
  if (path.startsWith('/') || path === '..' || path.startsWith('../')) {
    throw new CommandFailure(`The sandbox sent the path ${JSON.stringify(name)}, which lies outside its state.`);
  }
  return path;
}

/** A sandbox is not trusted: nothing of it is written through a symbolic link that it sent before. */
function refuseLinkedParents(root: string, path: string): void {
  const parents = dirname(path).split('/');
  for (let depth = 1; depth <= parents.length; depth += 1) {
    const parent = join(root, ...parents.slice(0, depth));
    if (parent !== root && lstatSync(parent, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new CommandFailure(`The sandbox sent ${JSON.stringify(path)}, whose parent is a symbolic link.`);
    }
  }
}

function contentOf(stream: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

/** Writes one file without its credentials, with its time; its mode is noted. */
export function keepFile(
  root: string,
  path: string,
  bytes: Buffer,
  attributes: { mode: number; mtime?: Date | undefined },
  secretForms: readonly string[],
  collected: Collected,
): void {
  const clean = sanitize(path, bytes, secretForms);
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  writeFileSync(target, clean.bytes, { mode: 0o600 });
  collected.modes[path] = attributes.mode & 0o7777;
  if (attributes.mtime !== undefined) utimesSync(target, attributes.mtime, attributes.mtime);
  collected.digests[path] = sha256(clean.bytes);
  if (clean.withheld > 0) collected.withheld.push({ path, values: clean.withheld });
}

async function keepEntry(
  root: string,
  header: Header,
  stream: Readable,
  secretForms: readonly string[],
  collected: Collected,
): Promise<void> {
  const path = safePath(header.name);
  const bytes = await contentOf(stream);
  if (path === undefined) return;
  const reason = reasonToLeaveOut(path);
  if (reason !== undefined) {
    collected.leftOut.push({ path, reason });
    return;
  }
  refuseLinkedParents(root, path);
  const target = join(root, path);
  if (header.type === 'directory') {
    mkdirSync(target, { recursive: true, mode: 0o700 });
    collected.modes[path] = (header.mode ?? 0o700) & 0o7777;
  } else if (header.type === 'symlink') {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    symlinkSync(header.linkname ?? '', target);
  } else if (header.type === 'file' || header.type === 'contiguous-file') {
    keepFile(root, path, bytes, { mode: header.mode ?? 0o600, mtime: header.mtime }, secretForms, collected);
  } else {
    collected.leftOut.push({ path, reason: `a ${header.type}, which holds no content` });
  }
}

/**
 * Streams the state directories out of the sandbox by tar and keeps them under `root`; no byte of a credential touches
 * the disk. @throws CommandFailure when tar failed inside, or the stream was cut.
 */
export async function collectDirectories(
  sandbox: string,
  stateRoot: string,
  directories: readonly string[],
  root: string,
  secretForms: readonly string[],
  collected: Collected,
): Promise<void> {
  // Hard links come as whole files: each of them has to pass the sanitizer by itself.
  const command = ['tar', '--hard-dereference', '-C', stateRoot, '-cf', '-', '--', ...directories];
  const child = streamIn(sandbox, command);
  const { stdout } = child;
  if (stdout === null) throw new CommandFailure('openshell could not be started with pipes.');
  // Status 1 of tar means that a file changed while it was read: a running agent's log does, and it was read whole.
  const ended = endOf(child, 'tar inside the sandbox', 1);
  // It may end badly before the last entry is unpacked; it is awaited below.
  ended.catch(() => undefined);
  child.stdin?.end();
  const unpack = extract();
  stdout.pipe(unpack);
  stdout.on('error', (error) => unpack.destroy(error));
  try {
    for await (const entry of unpack) {
      await keepEntry(root, entry.header, entry as unknown as Readable, secretForms, collected);
    }
  } catch (error) {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
    throw error;
  }
  await ended;
}
