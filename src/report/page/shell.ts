import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { html, type Markup } from '../markup';

/** A file that a page contains unchanged, and its hash for the content security policy. */
function inlined(name: string): { readonly text: string; readonly hash: string } {
  const text = readFileSync(path.join(__dirname, name), 'utf8');
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}

/**
 * One self-contained page: no network, no other file. Observed values are text, never markup, and the policy allows only the page's own
 * style and, where it has one, its own script.
 * @param script the name of its script in this directory
 */
export function pageOf(title: string, body: Markup, script?: 'filter.js'): string {
  const style = inlined('style.css');
  const own = script === undefined ? undefined : inlined(script);
  const scripts = own === undefined ? '' : ` script-src ${own.hash};`;
  const policy = `default-src 'none'; img-src data:; style-src ${style.hash};${scripts} base-uri 'none'; form-action 'none'`;
  const head = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
`;
  return [
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n',
    head,
    `<style>${style.text}</style>\n</head>\n<body>\n`,
    body,
    own === undefined ? '</body>\n</html>\n' : `<script>${own.text}</script>\n</body>\n</html>\n`,
  ].join('');
}
