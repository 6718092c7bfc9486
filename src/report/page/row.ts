import { gates } from '../../audit/finding';
import { rowAnchor } from '../anchor';
import { html, type Markup } from '../markup';
import type { RowKindView, RowView } from '../model';
import { plural } from '../words';
import { assertionCard } from './assertion';
import { badge, kindBadge } from './badge';
import { statusBadge } from './summary';

const signs = { passed: 'passed', failed: 'failed', amended: 'amended', remarked: 'remarked' } as const;

/** One row: its status, its gates, and its assertions in the ledger's order. */
export function rowSection({ row, title, owner, kinds, assertions }: RowView, bytes: number): Markup {
  const anchor = rowAnchor(row);
  return html`<section class="row" data-row="${row}" aria-labelledby="${anchor}">
<h2 id="${anchor}">${row} ${title}</h2>
${owner !== '' && html`<p>Owner: ${owner}</p>`}
${kinds.map((one) => standing(one))}
<h3>Assertions of ${row}</h3>
<ul class="plain cards" role="list">
${assertions.map((one) => assertionCard(row, one, bytes))}</ul>
</section>
`;
}

function standing(view: RowKindView): Markup {
  const { sut, reasons, amendments } = view;
  return html`<div class="standing" data-kind="${sut}">
<p>${kindBadge(sut)} ${statusBadge(view)}</p>
<ul class="plain gates" role="list" aria-label="Gates, ${sut}">
${view.gates.map(
  ({ gate, state, findings }) =>
    html`<li>${badge(signs[state], `${gates[gate]}: ${state}${findings > 0 ? ` (${plural(findings, 'finding')})` : ''}`)}</li>
`,
)}</ul>
${reasons.length > 0 && html`<details><summary>${plural(reasons.length, 'reason')}</summary><ul>${reasons.map((one) => html`<li>${one}</li>`)}</ul></details>`}
${amendments.length > 0 && html`<p>Rests on ${plural(amendments.length, 'amendment')}: ${amendments.map((one) => html`<code>${one}</code> `)}</p>`}
</div>
`;
}
