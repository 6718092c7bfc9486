import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Bundle, bundleOf } from '../../evidence/bundle';
import { type EvidenceRecord, readRecords } from '../../evidence/record';
import { reasonOf } from '../../reason';
import { placeOf } from '../../report/junit';
import { escapeMarkdown } from '../../report/markdown';
import { cutTo } from '../../report/text-budget';
import { label } from '../../report/words';
import { EXIT } from '../../run/exit';
import { summarySchema } from '../../run/summary';
import { redact } from '../../secrets/redact';
import { type KnownFailure, knownFailure, sentenceOf } from '../../spec/known-failures';
import type { Annotation } from './github';

/** What a job knows of its run, however that ended. */
export interface EndedRun {
  /** What was run: a row, or the product. */
  readonly subject: string;
  readonly exit: number;
  readonly bundle: Bundle;
  readonly records: readonly EvidenceRecord[];
  /** The run's own words about the restore; none where it did not come so far. */
  readonly restored: readonly string[];
  /** Secrets in what the run leaves behind. */
  readonly leaks: number;
}

/** Why a run has no evidence at all. */
export interface UnbegunRun extends Pick<EndedRun, 'subject' | 'exit'> {
  readonly reason: string;
}

/** Reads what a run left in its directory: all of it after a kill, too, as far as it came. */
export function readEnded(subject: string, exit: number, directory: string): EndedRun | UnbegunRun {
  try {
    if (!existsSync(path.join(directory, 'run.json'))) {
      return { subject, exit, reason: 'it was stopped before its first scenario; its output says why' };
    }
    const summary = path.join(directory, 'summary.json');
    const { restored = [], leaks = 0 } = existsSync(summary)
      ? summarySchema.parse(JSON.parse(readFileSync(summary, 'utf8')))
      : {};
    const records = readRecords(directory).map(({ record }) => record);
    return { subject, exit, bundle: bundleOf(directory), records, restored, leaks };
  } catch (error) {
    return { subject, exit, reason: `its reports cannot be read: ${reasonOf(error)}` };
  }
}

const REASON_BYTES = 600;
const short = (text: string) => cutTo(redact(text), REASON_BYTES);

/** Everything red of a run, at the line of its scenario. */
function redsOf(run: EndedRun, known: readonly KnownFailure[]): Annotation[] {
  const { sut, missing, scenarios } = run.bundle.predicate['phase9/v1'];
  const judged = run.records
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run')
    .map((record): Annotation => {
      const failure = record.verdict === 'failed' ? knownFailure(known, sut, record) : undefined;
      const why = short(record.reason ?? 'no reason is recorded');
      const what = record.verdict === 'failed' ? 'failed' : 'was not run';
      return {
        level: failure === undefined ? 'error' : 'warning',
        title: `${record.row} ${label(record)} ${what}${failure === undefined ? '' : ' (known)'}`,
        message: failure === undefined ? `${record.step}\n${why}` : `${record.step}\n${sentenceOf(failure)}\n${why}`,
        place: placeOf(record.scenario),
      };
    });
  const absent = missing.map((one): Annotation => {
    const message = 'The run planned it, and has no record of it.';
    return { level: 'error', title: `${label(one)} is missing`, message, place: placeOf(one.scenario) };
  });
  // A scenario fails with its assertions; what its records do not tell is told here.
  const judgedIn = new Set(
    [...run.records.filter(({ verdict }) => verdict === 'failed'), ...missing].map((one) => one.scenario),
  );
  const others = scenarios
    .filter((one) => one.restore === 'incomplete' || (one.failure !== null && !judgedIn.has(one.scenario)))
    .map((one): Annotation => {
      const what = one.restore === 'incomplete' ? 'did not restore everything' : 'failed';
      const message = short(one.failure ?? 'its journal says what is left');
      return {
        level: 'error',
        title: `“${one.name}” ${what}`,
        message,
        place: placeOf(one.scenario),
      };
    });
  return [...judged, ...absent, ...others];
}

/** What is red of a run, at the line of its scenario; whatever else ended it with another status than 0, without a place. */
export function annotationsOf(run: EndedRun | UnbegunRun, known: readonly KnownFailure[]): Annotation[] {
  if ('reason' in run) {
    if (run.exit === EXIT.passed) return [];
    return [{ level: 'error', title: `${run.subject} ended with ${run.exit}`, message: run.reason }];
  }
  const reds = redsOf(run, known);
  const leaks: Annotation[] =
    run.leaks > 0
      ? [
          {
            level: 'error',
            title: `${run.subject} leaves secrets`,
            message: `${run.leaks} found; secrets.json of the run lists them`,
          },
        ]
      : [];
  const all = [...reds, ...leaks];
  if (run.exit === EXIT.passed || all.some(({ level }) => level === 'error')) return all;
  const message = run.restored.slice(0, 5).join('\n') || 'the output of the job says why';
  return [...all, { level: 'error', title: `${run.subject} ended with ${run.exit}`, message }];
}

/** A run as Markdown, for the summary of its job. */
export function summaryOf(run: EndedRun | UnbegunRun, known: readonly KnownFailure[]): string {
  const state = run.exit === EXIT.passed ? '✅ passed' : `❌ ended with ${run.exit}`;
  const title = `## ${escapeMarkdown(run.subject)}: ${state}`;
  if ('reason' in run) return [title, '', `No evidence: ${escapeMarkdown(short(run.reason))}.`, ''].join('\n');
  const { predicate } = run.bundle;
  const { sut, run: name } = predicate['phase9/v1'];
  const count = (verdict: EvidenceRecord['verdict']) => run.records.filter((one) => one.verdict === verdict).length;
  const missing = predicate['phase9/v1'].missing.length;
  const counts = [
    `${count('passed')} passed`,
    `${count('failed')} failed`,
    `${count('not-applicable')} not applicable`,
    `${count('not-run') + missing} not run`,
  ];
  const system = `NemoClaw ${escapeMarkdown(sut.version)} (${sut.kind})`;
  const reds = redsOf(run, known);
  return [
    title,
    '',
    `${counts.join(', ')}, on ${system}, in the run ${escapeMarkdown(name)}.`,
    '',
    ...(reds.length === 0 ? [] : ['| red | where | why |', '|---|---|---|', ...reds.map(line), '']),
    ...run.restored.map((one) => `- ${escapeMarkdown(one)}`),
    ...(run.leaks > 0 ? [`- ${run.leaks} secrets in what the run leaves behind`] : []),
    '',
  ].join('\n');
}

function line({ level, title, message, place }: Annotation): string {
  const where = place === undefined ? '' : `${place.file}:${place.line}`;
  return `| ${level === 'error' ? '❌' : '🟡'} ${escapeMarkdown(title)} | ${escapeMarkdown(where)} | ${escapeMarkdown(message)} |`;
}
