import { html, type Markup } from '../markup';
import type { ReportModel } from '../model';
import { standings } from '../words';

/** The filter. Hidden until the page's script shows it: without a script nothing is filtered. */
export function filterForm({ rows, kinds, known }: ReportModel): Markup {
  const boundaries = [...new Set(rows.flatMap((row) => row.assertions.map(({ boundary }) => boundary)))].sort();
  return html`<form id="filter" role="search" aria-label="Filter assertions and findings" hidden>
<label class="wide">Text <input type="search" name="text" autocomplete="off" placeholder="an ID, a word, a digest"></label>
${select('standing', 'Standing', [
  ['open', 'not passed'],
  ...Object.entries(standings).map(([name, { word }]) => [name, word] as const),
  ['amended', 'amended'],
  ...(known.some(({ is }) => is === 'red') ? [['known', 'known failure'] as const] : []),
])}${select(
  'row',
  'Row',
  rows.map(({ row }) => [row, row] as const),
)}${select(
  'boundary',
  'Boundary',
  boundaries.map((one) => [one, one] as const),
)}${select(
  'kind',
  'System',
  kinds.map((one) => [one, one] as const),
)}<button type="reset">Show all</button>
<output name="count" aria-live="polite"></output>
</form>`;
}

function select(name: string, title: string, options: readonly (readonly [value: string, text: string])[]): Markup {
  return html`<label>${title} <select name="${name}"><option value="">all</option>${options.map(
    ([value, text]) => html`<option value="${value}">${text}</option>`,
  )}</select></label>
`;
}
