import {
  type Change,
  type ComparedAssertion,
  type ComparedSide,
  type Comparison,
  isWorse,
  systemsOf,
} from '../audit/compare/compare';
import {
  beyondNoise,
  differenceWords,
  firstLine,
  headings,
  listed,
  movement,
  noiseWords,
  resultWords,
} from '../report/comparison/words';
import { visible } from '../report/markup';
import { cutTo } from '../report/text-budget';
import { label, plural } from '../report/words';
import { colour } from '../run/colour';
import { redact } from '../secrets/redact';
import { KNOWN_FAILURES, sentenceOf } from '../spec/known-failures';

/** Longest reason on a line, in bytes. */
const REASON_BYTES = 300;

/** Prints a comparison for people. Evidence may contain anything: it neither acts on the terminal nor begins a line. */
export function printComparison(comparison: Comparison, printLine: (line: string) => void): void {
  const print = (line: string, tone: (text: string) => string = (text) => text) => printLine(tone(visible(line)));
  printSide('A', comparison.a, print);
  printSide('B', comparison.b, print);
  for (const one of comparison.warnings) print(`warning: ${one}`, colour.yellow);
  for (const change of listed) printClass(change, comparison.assertions[change], print);
  const { 'still-green': green, 'still-not-applicable': inapplicable } = comparison.assertions;
  print('');
  print(`Unchanged: ${green.length} passed, ${inapplicable.length} not applicable`);
  for (const one of comparison.turnedGreen) {
    print(`TURNED GREEN: ${label(one)} is a known failure and passes: remove it from ${KNOWN_FAILURES}`, colour.bold);
  }
  printTimes(comparison, print);
  print('');
  print(`Result: ${resultWords(comparison)}`, comparison.worse > 0 ? colour.red : colour.green);
}

type Print = (line: string, tone?: (text: string) => string) => void;

function printSide(name: string, side: ComparedSide, print: Print): void {
  print(`${name}  ${side.name}: ${plural(side.runs.length, 'run')} of ${systemsOf(side).join('; ')}`);
  for (const { run, producer, startedAt, suite, result } of side.runs) {
    print(`     ${run} by ${producer}, ${startedAt}, ${result}, suite ${suite?.slice(0, 12) ?? 'not recorded'}`);
  }
}

function printClass(change: Change, all: readonly ComparedAssertion[], print: Print): void {
  if (all.length === 0) return;
  print('');
  print(`${headings[change]} (${all.length}):`, colour.bold);
  for (const one of all) {
    const known = one.b.is === 'failed' ? one.b.known : null;
    const extended = one.level === 'extended' ? ', extended' : '';
    const line = `  ${one.row ?? '      '}  ${label(one)}: ${movement(one)}${known ? ' (known)' : ''}${extended}`;
    print(line, isWorse(one) ? colour.red : undefined);
    if (known) print(`            ${sentenceOf(known)}`);
    const reason = firstLine(one.b.reason);
    if (reason !== null) print(`            ${cutTo(redact(reason), REASON_BYTES)}`);
    if (one.b.evidence !== null && isWorse(one)) print(`            ${one.b.evidence}`);
  }
}

function printTimes(comparison: Comparison, print: Print): void {
  const { total, scenarios, notComparable, onlyIn } = comparison.times;
  print('');
  if (total === null) print('Time: no scenario ran on both sides, or every one failed on one of them');
  else {
    const is = total.is === 'same' ? 'within the noise' : total.is.toUpperCase();
    print(`Time of ${plural(scenarios.length, 'scenario')}: ${differenceWords(total)}: ${is}`);
    print(`  ${noiseWords(total)}`);
  }
  for (const one of beyondNoise(comparison)) {
    print(`  ${one.is}  ${one.name}: ${differenceWords(one)}`, one.is === 'slower' ? colour.red : colour.green);
  }
  for (const name of notComparable) print(`  not compared, as it failed on one side only: ${name}`);
  for (const name of onlyIn.a) print(`  only in A: ${name}`);
  for (const name of onlyIn.b) print(`  only in B: ${name}`);
}
