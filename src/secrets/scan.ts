import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { inRepository } from '../repository';
import { credentialHits } from './credentials';
import { type Hit, search } from './search';
import { canarySearches, credentialSearches, knownSearches, type Search } from './values';

/** Largest file that is searched, in bytes. A larger one is a finding: nothing is skipped silently. */
export const SIZE_BOUND = 64 * 1024 * 1024;

/** Archives and compressed files that are not unpacked, by their first bytes. gzip is unpacked; tar does not need it. */
const SEALED: readonly (readonly [name: string, magic: Buffer])[] = [
  ['zip', Buffer.from('PK\x03\x04', 'latin1')],
  ['xz', Buffer.from('\xfd7zXZ\0', 'latin1')],
  ['bzip2', Buffer.from('BZh')],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['7z', Buffer.from("7z\xbc\xaf'\x1c", 'latin1')],
];
const GZIP = Buffer.from([0x1f, 0x8b]);

export interface ScanOptions {
  /** Secrets with a known value, of at least 8 characters each. */
  readonly secrets?: readonly string[];
  /** Directory to which the findings' file names are relative. */
  readonly base: string;
}

/**
 * Searches files, one after the other, for credentials (secretlint), for the canaries of this and any other run, and for known secrets: raw,
 * base64, base64url, URL-encoded, hex, JSON-escaped, and split by a line wrap. A file that no longer exists leaks nothing.
 * @throws RangeError when a known secret is too short to be searched for.
 */
export async function scanFiles(files: readonly string[], { secrets = [], base }: ScanOptions): Promise<SecretSeen[]> {
  // A secret that contains a canary is found by the canary's shape.
  const known = [...new Set(secrets)].filter((value) => search(value, canarySearches).length === 0);
  const searches = [...canarySearches, ...credentialSearches, ...known.flatMap(knownSearches)];
  const seen: SecretSeen[] = [];
  for (const file of files) {
    const name = path.relative(base, file) || path.basename(file);
    const shown = withoutSecrets(name, searches);
    if (shown !== name) seen.push({ file: shown, line: 1, secret: "a secret in the file's name" });
    seen.push(...(await scanFile(file, searches)).map((one) => ({ file: shown, ...one })));
  }
  return seen;
}

/** A finding as `file:line: kind`. */
export function secretLine({ file, line, secret }: SecretSeen): string {
  return `${file}:${line}: ${secret}`;
}

async function scanFile(file: string, searches: readonly Search[]): Promise<Pick<SecretSeen, 'line' | 'secret'>[]> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > SIZE_BOUND) return [tooBig(size)];
    const bytes = await handle.readFile();
    const sealed = SEALED.find(([, magic]) => bytes.subarray(0, magic.length).equals(magic));
    if (sealed) return [{ line: 1, secret: `not searched: packed as ${sealed[0]}` }];
    const packed = bytes.subarray(0, GZIP.length).equals(GZIP);
    const text = (packed ? await unpacked(bytes) : bytes).toString('latin1');
    return byLine(text, [...search(text, searches), ...(await credentialHits(text))]);
  } catch (error) {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    return [{ line: 1, secret: `not searched: ${code === 'unknown' ? message : code}` }];
  } finally {
    await handle?.close();
  }
}

function tooBig(bytes: number): Pick<SecretSeen, 'line' | 'secret'> {
  return { line: 1, secret: `not searched: too big (${bytes} bytes; at most ${SIZE_BOUND} are searched)` };
}

function unpacked(bytes: Buffer): Promise<Buffer> {
  return promisify(gunzip)(bytes, { maxOutputLength: SIZE_BOUND }) as Promise<Buffer>;
}

/** One finding for each line and kind, in the order of the file. */
function byLine(text: string, hits: readonly Hit[]): Pick<SecretSeen, 'line' | 'secret'>[] {
  const found = new Map<string, Pick<SecretSeen, 'line' | 'secret'>>();
  let line = 1;
  let from = 0;
  for (const { offset, secret } of [...hits].sort((a, b) => a.offset - b.offset)) {
    for (let end = text.indexOf('\n', from); end !== -1 && end < offset; end = text.indexOf('\n', from)) {
      line += 1;
      from = end + 1;
    }
    found.set(`${line} ${secret}`, { line, secret });
  }
  return [...found.values()];
}

/** A file's name up to its first secret. */
function withoutSecrets(name: string, searches: readonly Search[]): string {
  const first = Math.min(...search(Buffer.from(name).toString('latin1'), searches).map(({ offset }) => offset));
  return first === Number.POSITIVE_INFINITY
    ? name
    : `${Buffer.from(name).subarray(0, first).toString()}[a secret in the name]`;
}

/** Committed places that must not contain a secret. */
export const COMMITTED = ['manifests', 'contracts', 'fixtures', 'audit'].map(inRepository);

/**
 * All files at and below `places`, sorted. Links to files count as files; links to directories below a place are not followed; other
 * entries, such as sockets, have no content. A place that does not exist has no files.
 */
export function filesUnder(...places: string[]): string[] {
  const files = places.flatMap((place) => {
    if (!existsSync(place)) return [];
    const root = realpathSync(place);
    if (!statSync(root).isDirectory()) return [place];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ parentPath, name }) => path.join(place, path.relative(root, path.join(parentPath, name))))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  });
  return [...new Set(files)].sort();
}

/** A secret that a scan found; never its value. */
export interface SecretSeen {
  /** Relative to the bundle, or to the repository. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The kind of the secret, and its encoding. */
  readonly secret: string;
}
