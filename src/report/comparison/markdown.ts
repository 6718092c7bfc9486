import {
  type ComparedAssertion,
  type ComparedSide,
  type Comparison,
  isWorse,
  systemsOf,
} from '../../audit/compare/compare';
import { redact } from '../../secrets/redact';
import { KNOWN_FAILURES, sentenceOf } from '../../spec/known-failures';
import { escapeMarkdown } from '../markdown';
import { cutTo } from '../text-budget';
import { label, plural } from '../words';
import { beyondNoise, differenceWords, firstLine, headings, listed, movement, noiseWords, resultWords } from './words';

/** At most so many assertions of one class, scenarios, and bytes of one text. */
const ITEMS = 40;
const TEXT_BYTES = 300;

const shown = (text: string) => escapeMarkdown(cutTo(redact(text), TEXT_BYTES));

/** A comparison as Markdown, for the summary of a CI job. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { assertions, warnings, worse, turnedGreen } = comparison;
  const classes = listed.filter((change) => assertions[change].length > 0);
  return [
    `## Phase 9 comparison: ${worse > 0 ? `❌ ${worse} worse` : '✅ nothing worse'}`,
    '',
    `${shown(resultWords(comparison))}.`,
    '',
    '| side | runs | system | suite |',
    '|---|---|---|---|',
    sideRow('A', comparison.a),
    sideRow('B', comparison.b),
    '',
    ...paragraphs(warnings.map((one) => `⚠️ ${shown(one)}`)),
    ...paragraphs(
      turnedGreen.map((one) => `🟢 **Turned green**: ${shown(label(one))}, remove it from \`${KNOWN_FAILURES}\``),
    ),
    ...classes.flatMap((change) => [
      `### ${headings[change]} (${assertions[change].length})`,
      '',
      ...bounded(assertions[change].map(item)),
      '',
    ]),
    `Unchanged: ${assertions['still-green'].length} passed, ${assertions['still-not-applicable'].length} not applicable.`,
    '',
    ...times(comparison),
  ].join('\n');
}

function paragraphs(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...bounded(lines.map((one) => `- ${one}`)), ''];
}

function bounded(items: readonly string[]): string[] {
  const more = items.length - ITEMS;
  return more > 0 ? [...items.slice(0, ITEMS), `- … and ${more} more`] : [...items];
}

function sideRow(name: string, { name: given, runs, ...side }: ComparedSide): string {
  const suites = [...new Set(runs.map(({ suite }) => suite?.slice(0, 12) ?? 'not recorded'))].join(', ');
  return `| **${name}** ${shown(given)} | ${plural(runs.length, 'run')} | ${shown(systemsOf({ ...side, runs }).join('; '))} | ${suites} |`;
}

function item(one: ComparedAssertion): string {
  const known = one.b.is === 'failed' ? one.b.known : null;
  const reason = firstLine(one.b.reason);
  return [
    `- ${isWorse(one) ? '❌ ' : ''}${one.row ? `**${shown(one.row)}** ` : ''}${shown(label(one))}: ${shown(movement(one))}`,
    known ? ` **known**: ${shown(sentenceOf(known))}` : '',
    reason === null ? '' : `<br>${shown(reason)}`,
  ].join('');
}

function times(comparison: Comparison): string[] {
  const { total, scenarios, notComparable, onlyIn } = comparison.times;
  const changed = beyondNoise(comparison).map(
    (one) => `- ${one.is}: ${shown(one.name)}: ${shown(differenceWords(one))}`,
  );
  const names = (title: string, all: readonly string[]) => all.map((name) => `- ${title}: ${shown(name)}`);
  const rest = [
    ...names('not compared, as it failed on one side only', notComparable),
    ...names('only on side A', onlyIn.a),
    ...names('only on side B', onlyIn.b),
  ];
  return [
    '### Times',
    '',
    ...(total === null
      ? ['No scenario ran on both sides, or every one failed on one of them.']
      : [
          `${plural(scenarios.length, 'scenario')}: ${shown(differenceWords(total))}, ${total.is === 'same' ? 'within the noise' : `**${total.is}**`}; ${shown(noiseWords(total))}.`,
        ]),
    '',
    ...bounded(changed),
    ...bounded(rest),
    '',
  ];
}
