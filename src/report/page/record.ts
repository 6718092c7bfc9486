import { besideBundle } from '../../audit/candidates';
import type { Submission } from '../../audit/submission';
import type { EvidenceRecord } from '../../evidence/record';
import { scenarioAnchor } from '../anchor';
import { html, type Markup } from '../markup';
import type { RecordView } from '../model';
import { TextBudget } from '../text-budget';
import { duration, label, plural } from '../words';
import { badge, moment } from './badge';

/** Approximate bytes of HTML around one reading of a trace. */
const AROUND_READING = 400;

/** One record: verdict, expected and observed values, every reading behind them, and the record's file. */
export function recordBlock({ listed, found, submission }: RecordView, bytes: number): Markup {
  const file = besideBundle(submission, listed.path);
  const inBundle = submission.bundle.predicate['phase9/v1'];
  return html`<div class="record">
<p>${badge(listed.verdict)} <code>${label(listed)}</code> in run ${inBundle.run}</p>
${'problem' in found ? html`<p>No record: ${new TextBudget(bytes).take(found.problem)}</p>` : body(found.record, submission, new TextBudget(bytes))}
<dl class="file"><dt>Evidence</dt><dd><code>${file}</code></dd><dt>SHA-256</dt><dd><code>${listed.sha256}</code>${
    'sha256' in found && found.sha256 !== listed.sha256 && html` but the file has <code>${found.sha256}</code>`
  }</dd></dl>
</div>
`;
}

function body(record: EvidenceRecord, submission: Submission, budget: TextBudget): Markup {
  const { reason, expected, observed, execution, scenario, scenarioName, step, startedAt, finishedAt } = record;
  // The most useful text first: the budget is spent in this order.
  const shownReason = reason === null ? null : budget.take(reason, 0.2);
  const [was, is] = [budget.take(expected, 0.25), budget.take(observed, 0.35)];
  return html`${shownReason !== null && html`<p class="reason">${shownReason}</p>`}
<div class="compared"><figure><figcaption>Expected</figcaption><pre>${was}</pre></figure><figure><figcaption>Observed</figcaption><pre>${is}</pre></figure></div>
<dl><dt>Step</dt><dd>${budget.take(step, 0.2)}</dd><dt>Scenario</dt><dd>${scenarioLink(record, submission, budget.take(scenarioName, 0.2))} <code>${scenario}</code></dd><dt>Made</dt><dd>${moment(startedAt)}, ${duration(Date.parse(finishedAt) - Date.parse(startedAt))}, ${execution}</dd></dl>
${trace(record, budget)}${fixtures(record, budget)}`;
}

/** A scenario that did not end has no summary to link to. */
function scenarioLink({ scenario }: EvidenceRecord, { bundle, digest }: Submission, name: string): Markup | string {
  const ended = bundle.predicate['phase9/v1'].scenarios.some((one) => one.scenario === scenario);
  return ended ? html`<a href="#${scenarioAnchor(digest, scenario)}">${name}</a>` : name;
}

function trace({ trace: readings }: EvidenceRecord, budget: TextBudget): Markup {
  if (readings.length === 0) return html`<p>Nothing was read.</p>`;
  const shown: Markup[] = [];
  for (const { boundary, kind, source, startedAt, seen } of readings) {
    if (!budget.spend(AROUND_READING)) break;
    const values = Object.entries(seen).filter(([name]) => budget.spend(40 + name.length));
    shown.push(html`<li><span class="boundary">${boundary}</span> ${kind} <code>${budget.take(source, 0.3)}</code> ${moment(startedAt)}
<dl>${values.map(([name, value]) => html`<dt>${name}</dt><dd><code>${budget.take(String(value), 0.3)}</code></dd>`)}</dl></li>
`);
  }
  const left = readings.length - shown.length;
  return html`<p class="part">Trace</p>
<ol class="trace">${shown}</ol>${left > 0 && html`<p>${plural(left, 'reading')} more in the record.</p>`}
`;
}

function fixtures({ fixtures: staged }: EvidenceRecord, budget: TextBudget): Markup {
  const shown: Markup[] = [];
  for (const { fixture, stagedAt, proof } of staged) {
    if (!budget.spend(AROUND_READING)) break;
    const proofs = Object.entries(proof).filter(([name]) => budget.spend(40 + name.length));
    shown.push(html`<li>${fixture} ${moment(stagedAt)}
<dl>${proofs.map(([name, value]) => html`<dt>${name}</dt><dd><code>${budget.take(value, 0.3)}</code></dd>`)}</dl></li>
`);
  }
  const left = staged.length - shown.length;
  return html`${shown.length > 0 && html`<p class="part">Fixtures</p><ul class="trace">${shown}</ul>`}${left > 0 && html`<p>${plural(left, 'fixture')} more in the record.</p>`}`;
}
