import type { ReportSource, SeenReport } from '../spec/public-reports';
import { plural } from './words';

/** The command whose output docs/reports.md is. */
export const RENEWS_THE_PAGE = 'npx phase9 trace --reports --markdown > docs/reports.md';

/** What stands for the assertions where there are none. */
export const NO_CHECK_YET = 'no check yet';

/** A report, and the release after which it came, where that matters. */
function sourceWords({ report, after }: ReportSource): string {
  return after === null ? report : `${report} (after ${after})`;
}

/** The reports as text: for each, its numbers, what went wrong, and which assertions would show it. */
export function reportsText(reports: readonly SeenReport[]): string[] {
  const each = reports.flatMap(({ sources, what, rows, also, assertions, unseen }) => [
    `${sources.map(sourceWords).join(', ')}  ${rows.join(', ')}`,
    `  ${what}`,
    ...(also.length > 0 ? [`  also told of in ${also.join(', ')}`] : []),
    ...(assertions.length > 0 ? assertions.map((id) => `  shown by  ${id}`) : [`  ${lack(unseen)}`]),
  ]);
  return [...each, '', `${sum(reports)}.`];
}

/** The reports as a page of Markdown. */
export function reportsMarkdown(reports: readonly SeenReport[]): string[] {
  const row = ({ sources, what, rows, also, assertions, unseen }: SeenReport): string => {
    const numbers = [...sources.map(sourceWords), ...also.map((one) => `cf. ${one}`)];
    const shown = assertions.length > 0 ? assertions.map((id) => `\`${id}\``).join(', ') : text(lack(unseen));
    return `| ${numbers.map(text).join(', ')} | ${text(what)} | ${rows.join(', ')} | ${shown} |`;
  };
  return [
    '# Public reports, and what would have shown them',
    '',
    `What owners and testers of the product reported in public, in our own words, from [audit/reports.yaml](../audit/reports.yaml); and the assertions of the`,
    '[ledger](../audit/assertions.yaml) that turn red for that defect, which name the report. “after v0.0.53”: reported of a later release, so that the kind of defect counts.',
    `Renew this page by \`${RENEWS_THE_PAGE}\`.`,
    '',
    `${sum(reports)}.`,
    '',
    '| report | what went wrong | rows | shown by |',
    '|---|---|---|---|',
    ...reports.map(row),
  ];
}

/** Our own words in a cell of a table. */
const text = (one: string): string => one.replace(/[\\|<*_`]/g, '\\$&');

function lack(unseen: string | null): string {
  return unseen === null ? NO_CHECK_YET : `no check: ${unseen}`;
}

/** How many reports an assertion would show, how many none would for a reason, and how many have no check yet. */
function sum(reports: readonly SeenReport[]): string {
  const seen = reports.filter(({ assertions }) => assertions.length > 0).length;
  const unseen = reports.filter((one) => one.assertions.length === 0 && one.unseen !== null).length;
  const open = reports.length - seen - unseen;
  return `${plural(reports.length, 'defect')} reported: ${seen} shown by an assertion, ${unseen} that none would show, ${open} with no check yet`;
}
