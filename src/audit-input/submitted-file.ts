import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Largest file that is read as evidence, in bytes: as much as is searched for secrets. */
const SIZE_BOUND = 64 * 1024 * 1024;

/** A file that somebody submitted: its bytes, or why they are not to be had; a sentence's end. */
export type SubmittedBytes = { readonly bytes: Buffer } | { readonly problem: string };

/**
 * Reads a submitted file. It must be a file, not a pipe or a device, which could be read for ever; and, with `within`, lie in that directory,
 * where it was searched for secrets, also behind links.
 */
export function readSubmitted(file: string, within?: string): SubmittedBytes {
  try {
    if (within !== undefined && !isWithin(realpathSync(within), realpathSync(file))) {
      return { problem: 'lies outside the bundle, behind a link' };
    }
    const found = statSync(file);
    if (!found.isFile())
      return { problem: `is no file but ${found.isDirectory() ? 'a directory' : 'a pipe or a device'}` };
    if (found.size > SIZE_BOUND) return { problem: `is too big (${found.size} bytes; at most ${SIZE_BOUND} are read)` };
    return { bytes: readFileSync(file) };
  } catch (error) {
    return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code ?? error})` };
  }
}

function isWithin(directory: string, file: string): boolean {
  return file.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}

/** JSON as text, and what it says; or why it says nothing for sure. */
export function parseSubmitted(bytes: Buffer): { readonly value: unknown } | { readonly problem: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: 'it is not UTF-8' };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // What is wrong is told without the text around it, which may be anything.
    const place = error instanceof Error ? /position \d+/.exec(error.message)?.[0] : undefined;
    return { problem: text.trim() === '' ? 'it is empty' : `it is no whole JSON${place ? `, at ${place}` : ''}` };
  }
  // Of a key that stands twice one reader takes the first, another the last.
  if (JSON.stringify(value, null, 2) !== text.trimEnd()) {
    return { problem: 'it is not written as a run writes it: a key stands twice, or its text was formatted anew' };
  }
  return { value };
}
