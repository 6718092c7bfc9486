import { visible } from './markup';

/** Text as a span of code, in which nothing is markup: its fence is longer than every run of backticks inside. */
export function code(text: string): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  if (line === '') return '(nothing)';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Text of this repository's own files in a page that people also read unrendered: only what would be markup gets a backslash. */
export function prose(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim()).replace(/[\\`*_[\]<>|#&~]/g, '\\$&');
}

/** A public report as a link; `no public report` for null. */
export function reportLink(report: string | null): string {
  if (report === null) return 'no public report';
  const [, repository, issue] = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(report) ?? [];
  if (repository === undefined) return `<${report}>`;
  return `[${prose(report)}](https://github.com/${repository}/issues/${issue})`;
}
