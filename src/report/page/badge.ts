import { html, type Markup } from '../markup';
import { type Standing, standings } from '../words';

const others = {
  amended: { word: 'amended', sign: '≈' },
  remarked: { word: 'remarked', sign: 'i' },
  complete: { word: 'evidence-complete', sign: '✓' },
  unresolved: { word: 'unresolved', sign: '✗' },
  known: { word: 'known', sign: '=' },
  'turned-green': { word: 'turned green', sign: '↑' },
} as const;
export type BadgeName = Standing | keyof typeof others;

const all: Readonly<Record<BadgeName, { readonly word: string; readonly sign: string }>> = { ...standings, ...others };

/** A word with its sign and colour; screen readers skip the sign. */
export function badge(name: BadgeName, word: string = all[name].word): Markup {
  return html`<span class="badge ${name}"><span aria-hidden="true">${all[name].sign}</span> ${word}</span>`;
}

/** The kind of system under test. */
export function kindBadge(kind: string): Markup {
  return html`<span class="kind">${kind}</span>`;
}

/** A moment, to the millisecond, UTC. */
export function moment(iso: string): Markup {
  return html`<time datetime="${iso}">${iso.replace('T', ' ')}</time>`;
}
