import { appendFileSync } from 'node:fs';
import type { Place } from '../../report/junit';
import { visible } from '../../report/markup';
import { redact } from '../../secrets/redact';

/** A remark that GitHub shows at a line of a file, or at the job. */
export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  readonly place?: Place | undefined;
}

/** GitHub shows at most so many annotations of one level a step. */
const SHOWN = 10;

const CODES = { '%': '%25', '\r': '%0D', '\n': '%0A', ':': '%3A', ',': '%2C' } as const;
const escaped = (text: string, what: RegExp) => text.replace(what, (one) => CODES[one as keyof typeof CODES]);

/** Evidence may contain anything: it must not leave its line, nor contain a secret. */
const message = (text: string) => escaped(redact(text).split('\n').map(visible).join('\n'), /[%\r\n]/g);
const property = (text: string) => escaped(visible(redact(text.replace(/\s+/g, ' '))), /[%\r\n:,]/g);

/** The line by which a job annotates: `::error file=…,line=…,title=…::message`. */
export function annotationLine({ level, title, message: text, place }: Annotation): string {
  const at = place === undefined ? [] : [`file=${property(place.file)}`, `line=${place.line}`];
  return `::${level} ${[...at, `title=${property(title)}`].join(',')}::${message(text)}`;
}

/** The lines of all annotations; where there are more of a level than GitHub shows, the last one says how many. */
export function annotationLines(annotations: readonly Annotation[]): string[] {
  return (['error', 'warning'] as const).flatMap((level) => {
    const all = annotations.filter((one) => one.level === level);
    if (all.length <= SHOWN) return all.map(annotationLine);
    const shown = all.slice(0, SHOWN - 1);
    const rest = {
      level,
      title: `${all.length - shown.length} more`,
      message: 'The summary of the job lists all of them.',
    };
    return [...shown, rest].map(annotationLine);
  });
}

/** Prints annotations in a job of GitHub; elsewhere they would be noise beside the verdicts. */
export function annotate(annotations: readonly Annotation[], environment: NodeJS.ProcessEnv = process.env): void {
  if (environment.GITHUB_ACTIONS !== 'true') return;
  for (const line of annotationLines(annotations)) process.stdout.write(`${line}\n`);
}

/** Adds Markdown to the job's summary, where there is one ($GITHUB_STEP_SUMMARY). */
export function addToSummary(markdown: string, { GITHUB_STEP_SUMMARY: file }: NodeJS.ProcessEnv = process.env): void {
  if (file) appendFileSync(file, markdown.endsWith('\n') ? markdown : `${markdown}\n`);
}

/** Sets an output of the step, where there are any ($GITHUB_OUTPUT). @param value one line */
export function setOutput(name: string, value: string, { GITHUB_OUTPUT: file }: NodeJS.ProcessEnv = process.env): void {
  if (file) appendFileSync(file, `${name}=${value}\n`);
}
