import { rowAnchor } from '../anchor';
import { html, type Markup } from '../markup';
import type { ReportModel, RowKindView } from '../model';
import { countStandings, plural } from '../words';
import { badge } from './badge';

/** The status of every row for every kind of system under test. */
export function summarySection({ rows, kinds }: ReportModel): Markup {
  return html`<section aria-labelledby="summary">
<h2 id="summary">Rows</h2>
<table class="summary">
<caption>Status of each row for each kind of system under test</caption>
<thead><tr><th scope="col">Row</th>${kinds.map((kind) => html`<th scope="col">${kind}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ({
    row,
    title,
    kinds: standings,
  }) => html`<tr><th scope="row"><a href="#${rowAnchor(row)}">${row}</a><span class="title">${title}</span></th>${kinds.map(
    (kind) => html`<td>${standings.filter(({ sut }) => sut === kind).map(cell)}</td>`,
  )}</tr>
`,
)}</tbody>
</table>
</section>
`;
}

/** A row's status; one that rests on amendments is never shown as simply complete. */
export function statusBadge({ evidence, amendments }: RowKindView): Markup {
  if (evidence === 'unresolved') return badge('unresolved');
  return amendments.length > 0 ? badge('amended', 'evidence-complete, amended') : badge('complete');
}

function cell(standing: RowKindView): Markup {
  const failed = standing.gates.filter(({ state }) => state === 'failed').length;
  return html`${statusBadge(standing)}<span class="counts">${countStandings(standing.assertions)}</span>${
    failed > 0 && html`<span class="counts">${plural(failed, 'gate')} failed</span>`
  }`;
}
