import {
  type Change,
  type ComparedAssertion,
  type ComparedSide,
  type Comparison,
  isWorse,
  systemsOf,
} from '../../audit/compare/compare';
import type { SideState } from '../../audit/compare/side';
import { redact } from '../../secrets/redact';
import { KNOWN_FAILURES, sentenceOf } from '../../spec/known-failures';
import { anchorOf } from '../anchor';
import { html, type Markup } from '../markup';
import { badge, moment } from '../page/badge';
import { pageOf } from '../page/shell';
import { cutTo } from '../text-budget';
import { duration, label, plural } from '../words';
import { beyondNoise, differenceWords, headings, listed, noiseWords, resultWords, stateWords } from './words';

/** Longest reason of one assertion, in bytes of HTML. */
const REASON_BYTES = 2000;

/** A comparison as one self-contained page, in the style of the audit's; it has no script. */
export function comparisonHtml(comparison: Comparison): string {
  const result = comparison.worse > 0 ? 'worse' : 'not worse';
  return pageOf(`Phase 9 comparison: ${result}`, body(comparison));
}

function body(comparison: Comparison): Markup {
  const { assertions, warnings, worse } = comparison;
  const shown = listed.filter((change) => assertions[change].length > 0);
  return html`<a class="skip" href="#main">Skip to the changes</a>
<header>
<h1>Phase 9 comparison ${worse > 0 ? badge('failed', `${worse} worse`) : badge('passed', 'nothing worse')}</h1>
<p>${resultWords(comparison)}</p>
<nav aria-label="Sections"><ul class="plain">${shown.map((change) => html`<li><a href="#${change}">${headings[change]} (${assertions[change].length})</a></li>`)}<li><a href="#times">Times</a></li></ul></nav>
</header>
<main id="main" tabindex="-1">
<section aria-labelledby="sides">
<h2 id="sides">Sides</h2>
${side('A, before', comparison.a)}${side('B, after', comparison.b)}${
  warnings.length > 0 &&
  html`<ul class="plain">${warnings.map(
    (one) => html`<li>${badge('remarked', 'warning')} ${one}</li>
`,
  )}</ul>`
}</section>
${turnedGreen(comparison)}${shown.map((change) => classSection(change, assertions[change]))}<section aria-labelledby="unchanged">
<h2 id="unchanged">Unchanged</h2>
<p>${assertions['still-green'].length} passed, ${assertions['still-not-applicable'].length} not applicable, on both sides.</p>
</section>
${times(comparison)}</main>
`;
}

function side(name: string, of: ComparedSide): Markup {
  return html`<div class="bundle">
<h3>${name}: ${of.name}</h3>
<p>${plural(of.runs.length, 'run')} of ${systemsOf(of).join('; ')}</p>
<ul>${of.runs.map(
    ({ run, producer, startedAt, result, suite, digest }) =>
      html`<li>${run} by ${producer}, ${moment(startedAt)}: ${result}, suite <code>${suite ?? 'not recorded'}</code>, bundle <code>${digest}</code></li>
`,
  )}</ul>
</div>
`;
}

function turnedGreen({ turnedGreen: all }: Comparison): Markup | false {
  return (
    all.length > 0 &&
    html`<section aria-labelledby="turned-green">
<h2 id="turned-green">Turned green</h2>
<p>Known failures that pass on side B: remove them from <code>${KNOWN_FAILURES}</code>.</p>
<ul>${all.map(
      (one) => html`<li>${badge('turned-green')} <code>${label(one)}</code></li>
`,
    )}</ul>
</section>
`
  );
}

function classSection(change: Change, all: readonly ComparedAssertion[]): Markup {
  return html`<section aria-labelledby="${change}">
<h2 id="${change}">${headings[change]} (${all.length})</h2>
<ul class="plain cards" role="list">
${all.map(card)}</ul>
</section>
`;
}

function card(one: ComparedAssertion): Markup {
  const { a, b, row, level } = one;
  const known = b.is === 'failed' ? b.known : null;
  return html`<li class="card" id="${anchorOf(one)}">
<p>${state(a)} → ${state(b)} ${known && badge('known')} ${row} <span class="id">${label(one)}</span>${level === 'extended' && html` <span class="level">extended</span>`}</p>
${known && html`<p>${sentenceOf(known)}, known since ${known.since}</p>`}
${b.reason !== null && b.reason !== '' && html`<p class="${isWorse(one) ? 'reason' : 'counts'}">${cutTo(redact(b.reason), REASON_BYTES)}</p>`}
${b.evidence !== null && html`<p>Record: <code>${b.evidence}</code></p>`}
</li>
`;
}

function state(of: SideState): Markup {
  return of.is === 'absent' ? html`<span class="badge">not there</span>` : badge(of.is, stateWords(of));
}

function times(comparison: Comparison): Markup {
  const { total, scenarios, notComparable, onlyIn } = comparison.times;
  const changed = beyondNoise(comparison);
  const names = (title: string, all: readonly string[]) =>
    all.length > 0 &&
    html`<p>${title}:</p><ul>${all.map((name) => html`<li>${name}</li>`)}</ul>
`;
  return html`<section aria-labelledby="times">
<h2 id="times">Times</h2>
${
  total === null
    ? html`<p>No scenario ran on both sides, or every one failed on one of them.</p>`
    : html`<p>${plural(scenarios.length, 'scenario')}: ${differenceWords(total)}. ${total.is === 'same' ? 'Within the noise.' : badge(total.is === 'slower' ? 'failed' : 'passed', total.is)}</p>
<p>${noiseWords(total)}.</p>
<p>${changed.length === 0 ? 'No scenario is slower or faster than the noise.' : ''}</p>
${
  changed.length > 0 &&
  html`<table><caption>Scenarios that are slower or faster than the noise</caption>
<thead><tr><th scope="col">Scenario</th><th scope="col">A</th><th scope="col">B</th><th scope="col">Difference</th></tr></thead>
<tbody>${changed.map(
    (
      one,
    ) => html`<tr><th scope="row">${one.name}</th><td>${duration(one.a)}</td><td>${duration(one.b)}</td><td>${badge(one.is === 'slower' ? 'failed' : 'passed', one.is)} ${differenceWords(one)}</td></tr>
`,
  )}</tbody></table>`
}`
}
${names('Not compared, as they failed on one side only', notComparable)}${names('Only on side A', onlyIn.a)}${names('Only on side B', onlyIn.b)}</section>
`;
}
