import { rowAnchor } from './anchor';
import { html, type Markup } from './markup';
import type { ReportModel } from './model';
import { badge, kindBadge, moment } from './page/badge';
import { bundlesSection } from './page/bundles';
import { filterForm } from './page/filter-form';
import { findingsSection } from './page/findings';
import { knownSection } from './page/known';
import { recordBlock } from './page/record';
import { rowSection } from './page/row';
import { pageOf } from './page/shell';
import { summarySection } from './page/summary';
import { bytesForEach } from './text-budget';
import { plural } from './words';

/**
 * The report as one self-contained page, readable without its script, which filters and follows permalinks.
 */
export function reportHtml(model: ReportModel): string {
  return pageOf(`Phase 9 audit: ${model.complete ? 'evidence-complete' : 'unresolved'}`, body(model), 'filter.js');
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
${findingsSection(model)}${knownSection(model)}${summarySection(model)}${rows.map((row) => rowSection(row, bytes))}${
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
