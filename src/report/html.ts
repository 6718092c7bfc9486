import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { rowAnchor } from './anchor';
import { html, type Markup } from './markup';
import type { ReportModel } from './model';
import { badge, kindBadge, moment } from './page/badge';
import { bundlesSection } from './page/bundles';
import { filterForm } from './page/filter-form';
import { findingsSection } from './page/findings';
import { recordBlock } from './page/record';
import { rowSection } from './page/row';
import { summarySection } from './page/summary';
import { bytesForEach } from './text-budget';
import { plural } from './words';

/** A file that the page contains unchanged, and its hash for the content security policy. */
function inlined(name: string): { readonly text: string; readonly hash: string } {
  const text = readFileSync(path.join(__dirname, 'page', name), 'utf8');
  return { text, hash: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}

/**
 * The report as one self-contained page: no network, no other file, and readable without its script, which filters and follows
 * permalinks. Observed values are text, never markup, and the policy allows only the page's own script and style.
 */
export function reportHtml(model: ReportModel): string {
  const style = inlined('style.css');
  const script = inlined('filter.js');
  const policy = `default-src 'none'; img-src data:; style-src ${style.hash}; script-src ${script.hash}; base-uri 'none'; form-action 'none'`;
  const page = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Phase 9 audit: ${model.complete ? 'evidence-complete' : 'unresolved'}</title>
`;
  return [
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n',
    page,
    `<style>${style.text}</style>\n</head>\n<body>\n`,
    body(model),
    `<script>${script.text}</script>\n</body>\n</html>\n`,
  ].join('');
}

function body(model: ReportModel): Markup {
  const { rows, others, bundles, records, kinds, complete, now } = model;
  const bytes = bytesForEach(records);
  return html`<a class="skip" href="#main">Skip to the findings</a>
<header>
<h1>Phase 9 audit ${verdictBadge(model)}</h1>
<p>${complete ? 'Every asked row is evidence-complete' : 'At least one asked row is unresolved'} for ${kinds.map((kind) => html`${kindBadge(kind)} `)}at ${moment(now)}: ${plural(records, 'record')} in ${plural(bundles.length, 'bundle')}.</p>
<nav aria-label="Sections"><ul class="plain"><li><a href="#findings">Findings</a></li><li><a href="#summary">Rows</a></li>${rows.map(({ row }) => html`<li><a href="#${rowAnchor(row)}">${row}</a></li>`)}<li><a href="#bundles">Bundles</a></li></ul></nav>
</header>
${filterForm(model)}
<main id="main" tabindex="-1">
${findingsSection(model)}${summarySection(model)}${rows.map((row) => rowSection(row, bytes))}${
  others.length > 0 &&
  html`<section aria-labelledby="others">
<h2 id="others">Other records</h2>
<p>They are of no assertion that was asked for.</p>
${others.map((one) => recordBlock(one, bytes))}</section>
`
}${bundlesSection(bundles)}</main>
`;
}

function verdictBadge({ complete, rows }: ReportModel): Markup {
  if (!complete) return badge('unresolved');
  const amended = rows.some(({ kinds }) => kinds.some(({ amendments }) => amendments.length > 0));
  return amended ? badge('amended', 'evidence-complete, amended') : badge('complete');
}
