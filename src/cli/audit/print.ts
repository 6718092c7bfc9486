import { type Finding, gates } from '../../audit/finding';
import { knownStandings } from '../../audit/known';
import type { ReleaseFault } from '../../audit/release';
import type { AuditResult, RowStanding } from '../../audit/result';
import { visible } from '../../report/markup';
import { label } from '../../report/words';
import { colour } from '../../run/colour';
import { KNOWN_FAILURES, type KnownFailure, sentenceOf } from '../../spec/known-failures';

/** Prints an audit for people: findings, known failures, then the table of rows. */
export function printAudit(
  result: AuditResult,
  printLine: (line: string) => void,
  known: readonly KnownFailure[] = [],
): void {
  // Evidence may contain anything: it must not move the cursor or begin a line of its own.
  const print = (line: string) => printLine(visible(line));
  const groups: [Finding['effect'], string][] = [
    ['blocks', 'Unresolved, because'],
    ['amended', 'Amended'],
    ['tells', 'About the product; does not block'],
  ];
  for (const [effect, title] of groups) {
    const findings = result.findings.filter((one) => one.effect === effect);
    if (findings.length === 0) continue;
    print(`${title}:`);
    for (const finding of findings) printFinding(finding, print);
    print('');
  }
  printKnown(result, known, print);
  print('Row     System     Evidence           Core         Extended  Bundles');
  for (const row of result.rows) printLine(rowLine(row));
  for (const { digest, run, sut, producer } of result.bundles) {
    print('');
    print(`Bundle  ${digest}`);
    print(`        run ${run} by ${producer}, NemoClaw ${sut.version} (${sut.kind})`);
  }
}

/** Prints what rows lack for a release: in full where it was asked for, else how many lack something. */
export function printRelease(faults: readonly ReleaseFault[], asked: boolean, print: (line: string) => void): void {
  if (!asked) {
    const rows = new Set(faults.map(({ row }) => row)).size;
    if (rows > 0) print(`\n${rows} rows are not fit for a release: \`phase9 audit --release\` tells why`);
    return;
  }
  print(faults.length === 0 ? '\nFit for a release' : '\nNot fit for a release, because');
  for (const { row, wrong, ids } of faults) {
    print(`  ${row}  ${wrong}${ids.length > 0 ? `: ${ids.join(', ')}` : ''}`);
  }
}

/** They explain a failure; the row stays unresolved. */
function printKnown(result: AuditResult, known: readonly KnownFailure[], print: (line: string) => void): void {
  const all = knownStandings(result, known);
  if (all.length === 0) return;
  print('Known failures:');
  for (const one of all) {
    const subject = `${one.row}  ${one.sut}  ${label(one)}`;
    if (one.is === 'red')
      print(`  FAIL (known): ${subject}: ${sentenceOf(one.failure)}, known since ${one.failure.since}`);
    else print(`  TURNED GREEN: ${subject}: remove it from ${KNOWN_FAILURES}`);
  }
  print('');
}

function printFinding(
  { gate, row, id, variant, sut, wrong, missing, where }: Finding,
  print: (line: string) => void,
): void {
  const subject = [row, sut, id === null ? null : `${id}${variant === null ? '' : ` [${variant}]`}`]
    .filter((one) => one !== null)
    .join('  ');
  print(`  ${subject}`);
  const [first = '', ...more] = wrong.split('\n');
  print(`    gate ${gates[gate]}: ${first}`);
  for (const line of more) print(`      ${line}`);
  if (missing !== null) print(`    missing: ${missing}`);
  if (where !== null) print(`    where: ${where}`);
}

function rowLine({ row, sut, evidence, assertions, bundles, amendments }: RowStanding): string {
  const count = (level: 'core' | 'extended') => {
    const of = assertions.filter((one) => one.level === level);
    return `${of.filter(({ standing }) => standing === 'passed').length} of ${of.length}`;
  };
  const state = amendments.length > 0 && evidence === 'evidence-complete' ? `${evidence} (amended)` : evidence;
  const shown = evidence === 'evidence-complete' ? colour.green(state.padEnd(18)) : colour.red(state.padEnd(18));
  return `${row}  ${sut.padEnd(10)} ${shown} ${count('core').padEnd(12)} ${count('extended').padEnd(9)} ${bundles.map((one) => one.slice(0, 12)).join(' ')}`;
}
