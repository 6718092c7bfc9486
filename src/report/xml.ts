import { controlPicture, TURNS } from './markup';

const UNSEEN = new RegExp(`(?![\\t\\n\\r])[\\p{Cc}${TURNS}]`, 'gu');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/**
 * Text without the characters that XML 1.0 excludes even when escaped: control characters become visible (ESC as ␛), lone surrogates
 * and non-characters the replacement character.
 */
export function xmlText(text: string): string {
  return text.replace(UNSEEN, controlPicture).replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}

/** An attribute; line breaks and tabs become references, which keeps them. */
export function attribute(name: string, value: string | number): string {
  return ` ${name}="${xmlText(String(value)).replace(/[&<>"'\t\n\r]/g, (one) => ENTITIES[one] ?? one)}"`;
}

/** The content of an element. */
export function content(text: string): string {
  return xmlText(text).replace(/[&<>\r]/g, (one) => ENTITIES[one] ?? one);
}
