import { gates } from '../../audit/finding';
import { anchorOf, rowAnchor } from '../anchor';
import { html, type Markup } from '../markup';
import type { FindingGroup, ReportModel } from '../model';
import { label, plural } from '../words';
import { badge, kindBadge } from './badge';

const parts = {
  blocks: { title: 'What blocks', badge: 'failed', word: 'blocks', about: 'A row with one of these stays unresolved.' },
  amended: {
    title: 'What is amended',
    badge: 'amended',
    word: 'amended',
    about: 'Evidence is missing here, or did not pass; a reviewer’s amendment replaces it for a time.',
  },
  tells: {
    title: 'About the product',
    badge: 'remarked',
    word: 'remark',
    about: 'Remarks, which do not block.',
  },
} as const;
/** IDs behind one finding that are shown at once; the others are a click away. */
const AT_ONCE = 3;

/** Everything that the audit found, the worst first. */
export function findingsSection({ findings, rows }: ReportModel): Markup {
  const anchors = new Set(rows.flatMap((row) => row.assertions.map(({ anchor }) => anchor)));
  const known = new Set(rows.map(({ row }) => row));
  const effects = (['blocks', 'amended', 'tells'] as const).filter((effect) => findings[effect].length > 0);
  return html`<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
${effects.length === 0 && html`<p>None: every row passes every gate.</p>`}
${effects.map(
  (effect) => html`<h3>${badge(parts[effect].badge, parts[effect].word)} ${parts[effect].title}</h3>
<p>${parts[effect].about}</p>
<ul class="plain findings">
${findings[effect].map((group) => finding(group, anchors, known))}</ul>
`,
)}</section>
`;
}

function finding(group: FindingGroup, anchors: ReadonlySet<string>, known: ReadonlySet<string>): Markup {
  const { row, sut, gate, wrong, places } = group;
  // The sentence of a finding often names what is missing.
  const items = places
    .map((one) => (one.missing !== null && wrong.includes(one.missing) ? { ...one, missing: null } : one))
    .filter(({ id, where, missing }) => id !== null || where !== null || missing !== null)
    .map((one) => place(one, anchors));
  return html`<li class="finding" data-row="${row}" data-kind="${sut ?? ''}">
<p><strong>${known.has(row) ? html`<a href="#${rowAnchor(row)}">${row}</a>` : row}</strong> ${kindBadge(sut ?? 'every system')} <span class="gate">gate ${gates[gate]}</span> <span class="wrong">${wrong}</span></p>
${
  items.length <= AT_ONCE
    ? items.length > 0 && html`<ul>${items}</ul>`
    : html`<details><summary>${plural(items.length, 'place')}</summary><ul>${items}</ul></details>`
}
</li>
`;
}

function place({ id, variant, missing, where }: FindingGroup['places'][number], anchors: ReadonlySet<string>): Markup {
  const anchor = id === null ? '' : anchorOf({ id, variant });
  const name = id === null ? null : label({ id, variant });
  return html`<li>${anchors.has(anchor) ? html`<a href="#${anchor}"><code>${name}</code></a> ` : name && html`<code>${name}</code> `}${missing !== null && html`missing: <code>${missing}</code> `}${where !== null && html`in <code>${where}</code>`}</li>`;
}
