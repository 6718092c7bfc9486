import { redact } from '../secrets/redact';
import { escapeHtml } from './markup';

/** Size of the texts of all records of a page together, in bytes of HTML. */
const PAGE_BYTES = 4_000_000;
const LEAST = 1_000;
const MOST = 60_000;

/** Bytes of HTML for the texts of one record on a page with so many: the whole page opens on a phone. */
export function bytesForEach(records: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.floor(PAGE_BYTES / Math.max(1, records))));
}

/** The budget for the texts of one record, in bytes of HTML; a text that does not fit is cut, with a note. */
export class TextBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Spends `bytes` for the markup around a text. @returns whether they fit */
  spend(bytes: number): boolean {
    if (this.#left < bytes) return false;
    this.#left -= bytes;
    return true;
  }

  /** The text, redacted once more, cut to at most `share` (0 to 1) of the rest of the budget. */
  take(text: string, share = 1): string {
    const shown = cutTo(redact(text), Math.floor(this.#left * share));
    this.#left = Math.max(0, this.#left - htmlBytes(shown));
    return shown;
  }
}

export function htmlBytes(text: string): number {
  return Buffer.byteLength(escapeHtml(text));
}

/** The beginning of a text, at most `bytes` as HTML, and the number of characters left out. */
export function cutTo(text: string, bytes: number): string {
  // No character takes less than a byte: the rest cannot fit.
  const most = text.slice(0, bytes + 1);
  if (most.length === text.length && htmlBytes(text) <= bytes) return text;
  let [fits, more] = [0, most.length + 1];
  while (more - fits > 1) {
    const middle = Math.floor((fits + more) / 2);
    if (htmlBytes(most.slice(0, middle)) <= bytes) fits = middle;
    else more = middle;
  }
  // Never through the middle of a character.
  const end = /[\ud800-\udbff]$/.test(most.slice(0, fits)) ? fits - 1 : fits;
  return `${text.slice(0, end)}… (${text.length - end} characters more in the record)`;
}
