import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../reason';
import { SIZE_BOUND } from '../secrets/scan';

/** The bytes of a submitted file, or why it has none: the end of a sentence that begins with its name. */
export type SubmittedBytes = { readonly bytes: Buffer } | { readonly problem: string };

/**
 * Reads a submitted file of at most as many bytes as are searched for secrets. It must be a regular file: a pipe or a device could be read
 * for ever. With `within` it must lie in that directory, links resolved: only there it was searched for secrets.
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

/** The value of a JSON text, or why the text has no certain value. */
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
    // The place alone: the text around it may be anything.
    const place = /position \d+/.exec(reasonOf(error))?.[0];
    return { problem: text.trim() === '' ? 'it is empty' : `it is no whole JSON${place ? `, at ${place}` : ''}` };
  }
  // Where a key occurs twice, one reader takes the first value, another the last.
  if (JSON.stringify(value, null, 2) !== text.trimEnd()) {
    return { problem: 'it is not as a run writes it: a key occurs twice, or its text was formatted anew' };
  }
  return { value };
}
