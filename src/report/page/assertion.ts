import { gates } from '../../audit/finding';
import { sentenceOf } from '../../spec/known-failures';
import { html, type Markup } from '../markup';
import type { AssertionView, KindView, SeenRed } from '../model';
import { label } from '../words';
import { badge, kindBadge } from './badge';
import { recordBlock } from './record';

/** One assertion in one variant: its standing when closed, the evidence of each kind of system when open. */
export function assertionCard(row: string, view: AssertionView, bytes: number): Markup {
  const { anchor, id, variant, level, boundary, ledger, kinds, seenRed } = view;
  const name = label({ id, variant });
  return html`<li class="card" id="${anchor}" data-row="${row}" data-boundary="${boundary}">
<details><summary><span class="states">${kinds.map(
    (kind) =>
      html`<span class="state" data-kind="${kind.sut}">${kinds.length > 1 && kindBadge(kind.sut)}${standingBadges(kind)}</span>`,
  )}</span><span class="id">${name}</span><span class="boundary">${boundary}</span>${level === 'extended' && html`<span class="level">extended</span>`}</summary>
${
  ledger &&
  html`<dl class="ledger"><dt>Observes</dt><dd>${ledger.observe}</dd><dt>Expects</dt><dd>${ledger.expect}</dd><dt>Must turn red for</dt><dd>${ledger.red}</dd>${ledger.reports.length > 0 && html`<dt>Reported as</dt><dd>${ledger.reports.join(', ')}</dd>`}${seenRed.length > 0 && html`<dt>Seen red by</dt><dd>${seenRed.map(seenRedText).join('; ')}</dd>`}</dl>`
}
${kinds.map((kind) => kindBlock(kind, bytes))}</details>
<a class="permalink" href="#${anchor}" aria-label="Permalink to ${name}">#</a>
</li>
`;
}

/** A defect that turned the assertion red, and when. */
function seenRedText({ defect, at, holds }: SeenRed): string {
  return `${defect}, ${at.slice(0, 10)}${holds ? '' : ' (with another suite or SUT)'}`;
}

function standingBadges({ standing, amendment, known }: KindView): Markup {
  return html`${badge(standing)}${amendment !== null && badge('amended')}${known && badge(known.is === 'red' ? 'known' : known.is)}`;
}

function kindBlock(view: KindView, bytes: number): Markup {
  const { sut, standing, amendment, evidence, records, findings, known } = view;
  const states = `${standing}${amendment === null ? '' : ' amended'}${known?.is === 'red' ? ' known' : ''}`;
  return html`<div class="evidence" role="group" data-kind="${sut}" data-standing="${states}" aria-label="Evidence, ${sut}">
<p>${kindBadge(sut)} ${standingBadges(view)}${amendment !== null && html` Amended by <code>${amendment}</code>`}</p>
${
  known &&
  html`<p>${known.is === 'red' ? 'Known failure' : 'Known failure that passes now'}: ${sentenceOf(known.failure)}, since ${known.failure.since}</p>
`
}${findings.length > 0 && html`<ul>${findings.map(({ gate, wrong, missing }) => html`<li>gate ${gates[gate]}: ${wrong}${missing !== null && html` (missing: <code>${missing}</code>)`}</li>`)}</ul>`}
${evidence === null && html`<p>No bundle has a record of it.</p>`}
${records.map((one) => recordBlock(one, bytes))}</div>
`;
}
