import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Observation, type TraceEntry } from '../evidence/observation';
import { credentialsIn } from '../secrets/redact';
import { sha256 } from '../sha256';

/** A file as its owner sees it; `text` is '' and `mode` null where there is none. */
export interface FoundFile {
  readonly name: string;
  readonly text: string;
  readonly mode: number | null;
}

function read(directory: string, name: string): FoundFile {
  try {
    const file = path.join(directory, name);
    return { name, text: readFileSync(file, 'utf8'), mode: lstatSync(file).mode & 0o7777 };
  } catch {
    return { name, text: '', mode: null };
  }
}

function observed<T>(value: T, source: string, startedAt: string, seen: TraceEntry['seen']): Observation<T> {
  const finishedAt = new Date().toISOString();
  return new Observation(value, { boundary: 'host-cli', kind: 'directory', source, startedAt, finishedAt, seen });
}

/** These files of a directory, each with text and mode. */
export function filesOf(directory: string, names: readonly string[]): Observation<readonly FoundFile[]> {
  const startedAt = new Date().toISOString();
  const found = names.map((name) => read(directory, name));
  const seen = Object.fromEntries(found.map(({ name, text, mode }) => [name, mode === null ? 'absent' : sha256(text)]));
  return observed(found, directory, startedAt, seen);
}

/** A file that contains a secret. */
export interface SecretFile {
  readonly name: string;
  /** Whether another user of the machine can read it: by its own mode, and by those of the directories above it. */
  readonly readable: boolean;
}

/** Directories of programs that others publish: they are large, and nobody writes a key there. */
const LEFT_OUT = /^(?:node_modules|\.git)$/;
/** Larger files than this are archives and programs, in bytes. */
const LARGEST = 8 * 1024 * 1024;

/** The files below `directory` that contain one of these staged secrets. */
export function filesWithSecrets(
  directory: string,
  secrets: readonly string[],
): Observation<{ readonly files: number; readonly withSecret: readonly SecretFile[] }> {
  const startedAt = new Date().toISOString();
  const found: SecretFile[] = [];
  let files = 0;
  const enter = (at: string, open: boolean): void => {
    for (const child of readdirSync(at)) {
      const file = path.join(at, child);
      const entry = lstatSync(file);
      if (entry.isDirectory() && !LEFT_OUT.test(child)) enter(file, open && (entry.mode & 0o011) !== 0);
      if (!entry.isFile() || entry.size > LARGEST) continue;
      files += 1;
      const staged = credentialsIn(readFileSync(file), secrets).some((kind) => kind.startsWith('a staged canary'));
      if (staged) found.push({ name: path.relative(directory, file), readable: open && (entry.mode & 0o044) !== 0 });
    }
  };
  enter(directory, true);
  return observed({ files, withSecret: found }, directory, startedAt, {
    files,
    withSecret: found.map(({ name }) => name).join(', '),
  });
}
