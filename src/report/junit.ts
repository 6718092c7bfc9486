import { attribute, content } from './xml';

/** The outcome of one assertion, in JUnit's terms. */
export type Outcome =
  | { readonly is: 'passed' }
  | { readonly is: 'failure' | 'error'; readonly type: string; readonly message: string; readonly text: string }
  | { readonly is: 'skipped'; readonly message: string };

/** One assertion in one variant. */
export interface Case {
  readonly name: string;
  /** Row and scenario, without a line: it is the same in the next run, whatever was put above it. */
  readonly classname: string;
  /** Where its scenario stands; undefined where there is no record. */
  readonly place?: Place | undefined;
  /** Duration in ms. */
  readonly ms: number;
  readonly outcome: Outcome;
  /** Further properties: level, evidence, digest. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A line of a file, as CI systems link it. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** The place `file:line`. */
export function placeOf(location: string): Place | undefined {
  const [, file, line] = /^(.+):(\d+)$/.exec(location) ?? [];
  return file === undefined ? undefined : { file, line: Number(line) };
}

/** A class name of JUnit: its readers take a dot for the end of a package. */
export function classNameOf(row: string, scenario: string): string {
  return `${row}.${scenario.replace(/\./g, '')}`;
}

/** One row, for one system under test. */
export interface Suite {
  readonly name: string;
  /** UTC, ISO 8601; undefined where nothing ran. */
  readonly startedAt: string | undefined;
  readonly cases: readonly Case[];
}

const seconds = (ms: number) => (Math.max(0, ms) / 1000).toFixed(3);
const total = (cases: readonly Case[]) => seconds(cases.reduce((sum, { ms }) => sum + Math.max(0, ms), 0));

function counts(cases: readonly Case[]): string {
  const count = (is: Outcome['is']) => cases.filter(({ outcome }) => outcome.is === is).length;
  return [
    attribute('tests', cases.length),
    attribute('failures', count('failure')),
    attribute('errors', count('error')),
    attribute('skipped', count('skipped')),
    attribute('time', total(cases)),
  ].join('');
}

/** JUnit XML with a testcase for each assertion, as CI systems read it. Cucumber's own has one for each scenario. */
export function junitXml(suites: readonly Suite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attribute('name', 'Phase 9 assertions')}${counts(all)}>`,
    ...suites.flatMap(({ name, startedAt, cases }) => [
      `  <testsuite${attribute('name', name)}${startedAt === undefined ? '' : attribute('timestamp', startedAt)}${counts(cases)}>`,
      ...cases.flatMap(caseXml),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function caseXml({ name, classname, place, ms, outcome, properties }: Case): string[] {
  const at = place === undefined ? '' : `${attribute('file', place.file)}${attribute('line', place.line)}`;
  const start = `    <testcase${attribute('name', name)}${attribute('classname', classname)}${at}${attribute('time', seconds(ms))}`;
  const all = Object.entries(properties).map(
    ([key, value]) => `        <property${attribute('name', key)}${attribute('value', value)}/>`,
  );
  return [
    `${start}>`,
    ...(all.length > 0 ? ['      <properties>', ...all, '      </properties>'] : []),
    ...outcomeXml(outcome),
    '    </testcase>',
  ];
}

function outcomeXml(outcome: Outcome): string[] {
  if (outcome.is === 'passed') return [];
  if (outcome.is === 'skipped') return [`      <skipped${attribute('message', outcome.message)}/>`];
  const { is, type, message, text } = outcome;
  return [`      <${is}${attribute('message', message)}${attribute('type', type)}>${content(text)}</${is}>`];
}
