import { gates } from '../audit/finding';
import { redact } from '../secrets/redact';
import { KNOWN_FAILURES, sentenceOf } from '../spec/known-failures';
import { visible } from './markup';
import type { FindingGroup, ReportModel, RowKindView } from './model';
import { cutTo } from './text-budget';
import { countStandings, label, plural } from './words';

/** At most so many findings, IDs of one finding, and bytes of one text: a job summary has room for a megabyte, a reader for less. */
const FINDINGS = 40;
const PLACES = 5;
const TEXT_BYTES = 600;

/** Escapes text: to Markdown nothing in it is markup, a link, the edge of a table or a new line. */
export function escapeMarkdown(text: string): string {
  return visible(text.replace(/\s+/g, ' ')).replace(/[\\`*_{}[\]()<>&#|~!@$:"'=+^]|www(?=\.)/gu, (one) =>
    [...one].map(reference).join(''),
  );
}

function reference(one: string): string {
  return `&#${one.codePointAt(0)};`;
}

const shown = (text: string) => escapeMarkdown(cutTo(redact(text), TEXT_BYTES));

/** The audit as Markdown, for the summary of a CI job. */
export function reportMarkdown(model: ReportModel): string {
  const { rows, kinds, complete, now, bundles } = model;
  const amended = rows.some((row) => row.kinds.some(({ amendments }) => amendments.length > 0));
  const title = complete ? (amended ? '✅ evidence-complete, by amendments' : '✅ evidence-complete') : '❌ unresolved';
  return [
    `## Phase 9 audit: ${title}`,
    '',
    `At ${shown(now)}, over ${plural(bundles.length, 'bundle')} with ${plural(model.records, 'record')}.`,
    '',
    `| row | ${kinds.join(' | ')} |`,
    `|---|${kinds.map(() => '---').join('|')}|`,
    ...rows.map(
      ({ row, title: what, kinds: standings }) =>
        `| **${shown(row)}** ${shown(what)} | ${kinds
          .map((kind) =>
            standings
              .filter(({ sut }) => sut === kind)
              .map(cell)
              .join(' '),
          )
          .join(' | ')} |`,
    ),
    '',
    ...findingLists(model),
    ...knownList(model),
    ...bundleTable(model),
    'The whole report, with every reading behind every verdict: `npx phase9 report --html` on the run’s directory.',
    '',
  ].join('\n');
}

function cell({ evidence, amendments, assertions, gates: views }: RowKindView): string {
  const failed = views.filter(({ state }) => state === 'failed').map(({ gate }) => gates[gate]);
  const status =
    evidence === 'unresolved'
      ? '❌ unresolved'
      : amendments.length > 0
        ? '🟡 evidence-complete, amended'
        : '✅ evidence-complete';
  return `${status}<br>${countStandings(assertions)}${failed.length > 0 ? `<br>failed gates: ${failed.join(', ')}` : ''}`;
}

const headings = { blocks: 'Blocks', amended: 'Amended', tells: 'About the product' } as const;

function findingLists({ findings }: ReportModel): string[] {
  let left = FINDINGS;
  const lines = (['blocks', 'amended', 'tells'] as const).flatMap((effect) => {
    const all = findings[effect];
    if (all.length === 0) return [];
    const shown = all.slice(0, left);
    left -= shown.length;
    const more = all.length - shown.length;
    return [
      `### ${headings[effect]}`,
      '',
      ...shown.map(finding),
      ...(more > 0 ? [`- … and ${plural(more, 'finding')} more, in the report`] : []),
      '',
    ];
  });
  return lines.length > 0 ? lines : ['No findings: every row passes every gate.', ''];
}

function finding({ row, sut, gate, wrong, places }: FindingGroup): string {
  const named = places.flatMap(({ id, variant, where, missing }) => {
    const what = id === null ? (missing ?? where) : label({ id, variant });
    return what === null || wrong.includes(what) ? [] : [shown(what)];
  });
  const more = named.length > PLACES ? `, and ${named.length - PLACES} more` : '';
  const list = named.length === 0 ? '' : `: ${named.slice(0, PLACES).join(', ')}${more}`;
  return `- **${shown(row)}** ${sut === null ? '' : `(${sut}) `}gate ${gates[gate]}: ${shown(wrong)}${list}`;
}

function knownList({ known }: ReportModel): string[] {
  if (known.length === 0) return [];
  return [
    '### Known failures',
    '',
    ...known.map((one) => {
      const what =
        one.is === 'red'
          ? `**known**: ${shown(sentenceOf(one.failure))}`
          : `🟢 **turned green**: remove it from \`${KNOWN_FAILURES}\``;
      return `- **${shown(one.row)}** (${one.sut}) ${shown(label(one))}: ${what}`;
    }),
    '',
  ];
}

function bundleTable({ bundles }: ReportModel): string[] {
  if (bundles.length === 0) return ['No bundle was audited.', ''];
  return [
    '| bundle | run | producer | system | result |',
    '|---|---|---|---|---|',
    ...bundles.map(
      ({ digest, run, producer, sut, result }) =>
        `| \`${digest}\` | ${shown(run)} | ${shown(producer)} | ${sut.kind} ${shown(sut.version)} | ${result} |`,
    ),
    '',
  ];
}
