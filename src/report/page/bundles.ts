import type { ScenarioSummary } from '../../evidence/scenario-summary';
import { bundleAnchor, scenarioAnchor } from '../anchor';
import { html, type Markup } from '../markup';
import type { BundleView } from '../model';
import { cutTo } from '../text-budget';
import { duration, plural } from '../words';
import { badge, kindBadge, moment } from './badge';

const results = { PASSED: 'passed', WARNED: 'remarked', FAILED: 'failed' } as const;
/** Longest text of one obligation, in bytes of HTML. */
const OBLIGATION_BYTES = 400;

/** The audited bundles, each with its scenarios: their times, their obligations and the restore. */
export function bundlesSection(bundles: readonly BundleView[]): Markup {
  return html`<section aria-labelledby="bundles">
<h2 id="bundles">Bundles</h2>
${bundles.length === 0 && html`<p>None was audited.</p>`}
${bundles.map(bundleBlock)}</section>
`;
}

function bundleBlock({ digest, run, producer, sut, startedAt, result, submission }: BundleView): Markup {
  const inside = submission?.bundle.predicate['phase9/v1'];
  return html`<div class="bundle" id="${bundleAnchor(digest)}" data-kind="${sut.kind}">
<h3>${run}</h3>
<p>${kindBadge(sut.kind)} ${badge(results[result], result)}</p>
<dl><dt>SHA-256</dt><dd><code>${digest}</code></dd><dt>Producer</dt><dd>${producer}</dd><dt>Started</dt><dd>${moment(startedAt)}</dd><dt>System</dt><dd>NemoClaw ${sut.version}${sut.commit !== null && html`, commit <code>${sut.commit}</code>`}, tree <code>${sut.treeDigest}</code></dd>${submission && html`<dt>File</dt><dd><code>${submission.where}</code></dd>`}${inside && html`<dt>Profile</dt><dd>${inside.profile}</dd><dt>Restored</dt><dd>${inside.restore === 'complete' ? 'everything' : badge('failed', 'not everything')}</dd>`}</dl>
${inside && inside.missing.length > 0 && html`<p>${plural(inside.missing.length, 'assertion')} planned and not judged: ${inside.missing.map(({ id }) => html`<code>${id}</code> `)}</p>`}
${submission && submission.unlisted.length > 0 && html`<p>Evidence beside it that it does not list: ${submission.unlisted.map((one) => html`<code>${one}</code> `)}</p>`}
${submission && configuration(submission.bundle.predicate.configuration)}
${inside?.scenarios.map((one) => scenarioBlock(digest, one))}</div>
`;
}

function configuration(
  files: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[],
): Markup {
  return html`<details><summary>${plural(files.length, 'file')} that define the run</summary>
<ul>${files.map(({ name, digest }) => html`<li>${name} <code>${digest.sha256}</code></li>`)}</ul></details>`;
}

function scenarioBlock(bundle: string, one: ScenarioSummary): Markup {
  const { scenario, name, startedAt, wallMs, sutMs, failure, restore, obligations } = one;
  const harness = wallMs === 0 ? 0 : Math.max(0, ((wallMs - sutMs) / wallMs) * 100);
  return html`<div class="scenario" id="${scenarioAnchor(bundle, scenario)}">
<h4>${name}</h4>
<p><code>${scenario}</code> ${moment(startedAt)}: ${duration(wallMs)}, of which ${duration(sutMs)} in the system under test (harness ${harness.toFixed(1)} %)</p>
${failure !== null && html`<pre class="reason">${cutTo(failure, 4000)}</pre>`}
<details><summary>${plural(obligations.length, 'obligation')}, ${restore === 'complete' ? 'all restored' : badge('failed', 'not all restored')}</summary>
<ol class="trace">${obligations.map(obligation)}</ol></details>
</div>
`;
}

function obligation(one: ScenarioSummary['obligations'][number]): Markup {
  const short = (text: string) => cutTo(text, OBLIGATION_BYTES);
  const at = (name: string, iso: string | null) => iso !== null && html`<dt>${name}</dt><dd>${moment(iso)}</dd>`;
  const text = (name: string, value: string | null) => value !== null && html`<dt>${name}</dt><dd>${short(value)}</dd>`;
  return html`<li><code>${short(one.owed)}</code>${one.dischargedAt === null && html` ${badge('failed', 'not restored')}`}
<dl><dt>Fixture</dt><dd>${one.fixture}</dd>${at('Registered', one.owedAt)}${at('Mutated', one.mutatedAt)}${text('During', one.during)}${at('Restored early', one.settledAt)}${at('Restored', one.dischargedAt)}${text('After', one.after)}${text('Refused', one.refusal)}</dl></li>
`;
}
