const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that change the direction of the text around them. */
export const TURNS = '\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069';
const UNSEEN = new RegExp(`[\\p{Cc}${TURNS}]`, 'gu');
const UNSEEN_IN_LINES = new RegExp(`(?![\\n\\t])[\\p{Cc}${TURNS}]`, 'gu');

/** One line of text with visible control characters, and visible ones for its direction. */
export function visible(line: string): string {
  return line.replace(UNSEEN, controlPicture);
}

/** Escapes text for an element's content or a quoted attribute; control characters other than newline and tab become visible (ESC as ␛), and so do those for direction. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one).replace(UNSEEN_IN_LINES, controlPicture);
}

/** A visible sign for a control character: Unicode has pictures for the ASCII ones; the sign of others is their number. */
export function controlPicture(one: string): string {
  const code = one.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return code < 0x100 ? '\ufffd' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Finished HTML: only {@link html} makes it, so that no other text can be taken for it. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Keeps the template's own text, and escapes every part that is not Markup. */
  static of(strings: TemplateStringsArray, parts: readonly Part[]): Markup {
    let text = strings[0] ?? '';
    for (const [index, part] of parts.entries()) text += render(part) + (strings[index + 1] ?? '');
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** A part of a template. Null, undefined and false are empty. */
export type Part = Markup | string | number | null | undefined | false | readonly Part[];

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(render).join('');
}

/**
 * A template of HTML that escapes its parts. Unlike a template in a file, it is type-checked.
 * Attributes are always quoted; only fragments by `anchorOf` are inserted into URLs, and nothing into scripts or styles.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return Markup.of(strings, parts);
}
