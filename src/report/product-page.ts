import type { Bundle } from '../evidence/bundle';
import type { EvidenceRecord, Verdict } from '../evidence/record';
import { redact } from '../secrets/redact';
import { type EnvironmentNotes, reasonInEnvironment } from '../spec/environment';
import { type KnownFailure, knownFailure } from '../spec/known-failures';
import { code, prose, reportLink } from './plain-markdown';
import { cutTo } from './text-budget';
import { label, plural } from './words';

/** Bytes of one expected or observed value: the record has the whole. */
const VALUE_BYTES = 200;
const REASON_BYTES = 240;

/** A run of the product, as far as its page tells of it. */
export interface ProductRun {
  readonly bundle: Bundle;
  /** Of the bundle's bytes. */
  readonly sha256: string;
  readonly records: readonly EvidenceRecord[];
  /** The words of the run's summary about the restore; undefined where the run has no such summary. */
  readonly restored: readonly string[] | undefined;
  /** Seconds by the clock; undefined as above. */
  readonly seconds: number | undefined;
}

export interface ProductPage {
  /** At least one; all of one system under test. */
  readonly runs: readonly ProductRun[];
  readonly known: readonly KnownFailure[];
  readonly environment: EnvironmentNotes;
  /** The row of an ID, where no record names it. */
  readonly rowOf: (id: string) => string;
}

type Standing = Verdict | 'machine';

/** A planned assertion of one of the runs. */
interface Judged {
  readonly run: string;
  readonly row: string;
  readonly id: string;
  readonly variant: string | null;
  readonly standing: Standing;
  /** Null where the run left none. */
  readonly record: EvidenceRecord | null;
  /** Why it tells of the machine and not of the product. */
  readonly machine: string | undefined;
}

/**
 * What runs showed of one release of a product, row by row, as a page in Markdown: every red assertion with what was expected and seen and why, what
 * was not run, and how the machine was afterwards. Pure: all of it stands in the runs, the known failures and the notes on the machine.
 */
export function productPage(page: ProductPage): string {
  const all = page.runs.flatMap((run) => judgedOf(run, page));
  // What several runs say of an assertion stands once, from the last of them.
  const last = new Map(all.map((one) => [`${one.standing} ${label(one)}`, one]));
  const of = (standing: Standing) => [...last.values()].filter((one) => one.standing === standing);
  return [
    ...heading(page),
    ...rowTable(page, all),
    ...redList(page, of('failed')),
    ...reasonList('Not run', of('not-run'), ({ record }) => record?.reason ?? 'The run left no record of it.'),
    ...reasonList('Not applicable', of('not-applicable'), ({ record }) => record?.reason ?? ''),
    ...reasonList('Told by this machine, not by the product', of('machine'), ({ machine }) => machine ?? ''),
    ...machineList(page),
  ].join('\n');
}

function judgedOf({ bundle, records }: ProductRun, { environment, rowOf }: ProductPage): Judged[] {
  const { missing, run } = bundle.predicate['phase9/v1'];
  const judged = (id: string, variant: string | null, row: string, record: EvidenceRecord | null): Judged => {
    const machine = reasonInEnvironment(environment, { id, variant });
    const standing = machine === undefined ? (record?.verdict ?? 'not-run') : 'machine';
    return { run, row, id, variant, standing, record, machine };
  };
  return [
    ...records.map((record) => judged(record.id, record.variant, record.row, record)),
    ...missing.map(({ id, variant }) => judged(id, variant, rowOf(id), null)),
  ];
}

function heading({ runs, environment }: ProductPage): string[] {
  const { sut, startedAt } = (runs[0] as ProductRun).bundle.predicate['phase9/v1'];
  const changed = sut.dirty === true ? ', with changes that are not committed' : '';
  return [
    `# NemoClaw ${prose(sut.version)} (${sut.kind}) under this suite`,
    '',
    '<!-- Written by `phase9 report RUN… --product-page`, from the runs below. Change those, not this page. -->',
    '',
    `System: commit ${code(sut.commit ?? 'unknown')}${changed}, tree sha256 ${code(sut.treeDigest.slice(0, 12))}.`,
    `First run: ${prose(startedAt)}.`,
    '',
    ...(environment.substitutes.length === 0
      ? []
      : [
          'On this machine, in place of what the product gets elsewhere:',
          '',
          ...environment.substitutes.map((one) => `- ${prose(one)}`),
          '',
        ]),
  ];
}

function rowTable({ runs, known, environment }: ProductPage, all: readonly Judged[]): string[] {
  const rows = [...new Set(all.map(({ row }) => row))].sort();
  const machine = environment.assertions.length > 0;
  const head = [
    'row',
    'passed',
    'failed',
    'of these known',
    'not applicable',
    'not run',
    ...(machine ? ['machine'] : []),
  ];
  const lines = runs.flatMap(({ bundle, seconds }) => {
    const { run, sut } = bundle.predicate['phase9/v1'];
    return rows.flatMap((row) => {
      const here = all.filter((one) => one.run === run && one.row === row);
      if (here.length === 0) return [];
      const count = (standing: Standing) => here.filter((one) => one.standing === standing).length;
      const explained = here.filter(
        (one) => one.standing === 'failed' && knownFailure(known, sut, one) !== undefined,
      ).length;
      const counts = [count('passed'), count('failed'), explained, count('not-applicable'), count('not-run')];
      const cells = [row, ...counts, ...(machine ? [count('machine')] : []), code(run), seconds ?? '–'];
      return [`| ${cells.join(' | ')} |`];
    });
  });
  return [
    '## Rows',
    '',
    `| ${[...head, 'run', 'seconds of the run'].join(' | ')} |`,
    `|${'---|'.repeat(head.length + 2)}`,
    ...lines,
    '',
  ];
}

function redList({ runs, known }: ProductPage, red: readonly Judged[]): string[] {
  if (red.length === 0) return ['## Failed', '', 'None.', ''];
  const { sut } = (runs[0] as ProductRun).bundle.predicate['phase9/v1'];
  const rows = [...new Set(red.map(({ row }) => row))].sort();
  const lines = rows.flatMap((row) => [
    `### ${row}`,
    '',
    ...red.filter((one) => one.row === row).flatMap((one) => redItem(one, knownFailure(known, sut, one))),
    '',
  ]);
  return ['## Failed', '', ...lines];
}

function redItem(judged: Judged, failure: KnownFailure | undefined): string[] {
  const { record } = judged;
  const why =
    failure === undefined
      ? '**new**: no known failure explains it'
      : `known since ${prose(failure.since)}: ${prose(failure.what)} (${reportLink(failure.report)})`;
  return [
    `- ${code(label(judged))} (${record?.level}): ${prose(record?.step ?? '')}`,
    `  - ${why}`,
    ...differences(record?.reason ?? '').map((one) => `  - ${one}`),
  ];
}

/** Begins the words about one comparison in the reason of a failed assertion. */
const COMPARISON = /^(?=[^\n]+: expected )/m;

/** What did not hold, each comparison by itself; whatever else is the reason, as it is. */
function differences(reason: string): string[] {
  return reason.split(COMPARISON).map((one) => {
    const [, what, expected, observed] = /^(.+?): expected (.*?); observed (.*)$/s.exec(one.trim()) ?? [];
    if (what === undefined || expected === undefined || observed === undefined) return value(one);
    return `${prose(redact(what))}: expected ${value(expected)}, observed ${value(observed)}`;
  });
}

/** Members of a list up to which the page shows them. */
const SHOWN_MEMBERS = 6;

/** A value in short. What a program printed over several lines, and a long list, stand in the record. */
function value(text: string): string {
  const lines = text.trim().split('\n').length;
  if (lines > 1 && !/^\s*(?:nothing of )?[[{]/.test(text)) return `${plural(lines, 'line')} of text`;
  const members = /^\s*(?:nothing of )?\[/.test(text) ? lines - 2 : 0;
  if (members > SHOWN_MEMBERS) return `a list of ${members}, in the record`;
  return code(cutTo(redact(text), VALUE_BYTES));
}

/** IDs under the reason that they share. */
function reasonList(title: string, judged: readonly Judged[], reasonOf: (one: Judged) => string): string[] {
  if (judged.length === 0) return [];
  const by = new Map<string, string[]>();
  for (const one of judged) {
    const reason = cutTo(redact(reasonOf(one)), REASON_BYTES);
    by.set(reason, [...(by.get(reason) ?? []), code(label(one))]);
  }
  const items = [...by].flatMap(([reason, labels]) => [
    `- ${code(reason)}: ${plural(labels.length, 'assertion')}`,
    ...labels.map((one) => `  - ${one}`),
  ]);
  return [`## ${title}`, '', ...items, ''];
}

function machineList({ runs }: ProductPage): string[] {
  return [
    '## The machine after the runs, compared with before',
    '',
    ...runs.map(({ bundle, sha256, restored }) => {
      const { run, restore } = bundle.predicate['phase9/v1'];
      const suite = bundle.predicate.configuration.find(({ name }) => name === 'suite')?.digest.sha256 ?? 'unknown';
      const [first = `not compared; the restore was ${restore}`, ...more] = restored ?? [];
      const rest = more.map((one) => code(redact(one))).join(', ');
      const by = `suite ${code(suite.slice(0, 12))}, bundle ${code(sha256.slice(0, 12))}`;
      return `- ${code(run)} (${by}): ${prose(first)}${rest && `: ${rest}`}`;
    }),
    '',
  ];
}
