const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What turns the direction of the text around it, also of what is not its own. */
export const TURNS = '\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069';
const UNSEEN = new RegExp(`[\\p{Cc}${TURNS}]`, 'gu');
const UNSEEN_IN_LINES = new RegExp(`(?![\\n\\t])[\\p{Cc}${TURNS}]`, 'gu');

/** One line of text in which control characters, and those that turn its direction, are to be seen. */
export function visible(line: string): string {
  return line.replace(UNSEEN, controlPicture);
}

/** Escapes text for an element's content or a quoted attribute; control characters become visible (ESC as ␛), but newline and tab; so do those that turn its direction. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one).replace(UNSEEN_IN_LINES, controlPicture);
}

/** A visible sign for a control character: Unicode has pictures for the ASCII ones; others are named by their number. */
export function controlPicture(one: string): string {
  const code = one.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return code < 0x100 ? '\ufffd' : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** HTML that is ready: made by {@link html} alone, so that no text from elsewhere can pass for it. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** The template's own text stands as it is; everything put into it is escaped, unless it is Markup. */
  static of(strings: TemplateStringsArray, parts: readonly Part[]): Markup {
    let text = strings[0] ?? '';
    for (const [index, part] of parts.entries()) text += render(part) + (strings[index + 1] ?? '');
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template. Null, undefined and false leave nothing. */
export type Part = Markup | string | number | null | undefined | false | readonly Part[];

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return part.map(render).join('');
}

/**
 * A template of HTML with escaping built in. Small enough to be read whole, and type-checked where a template in a file would not be.
 * Attributes are always quoted; nothing is ever put into a script, a style or a URL but fragments made by `anchorOf`.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return Markup.of(strings, parts);
}
