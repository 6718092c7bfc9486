import { readFileSync } from 'node:fs';
import { reasonOf } from '../../reason';
import { UserError } from '../../user-error';
import { queueRows } from './matrix';
import type { Register } from './register';

/** The issue that Phase 9 resolves. */
const ISSUE = 4355;

const ROW = /\bAQ-(\d{3})\b(?:\s*(?:\.\.\.?|…|–|—|-|to|through)\s*AQ-(\d{3})\b)?/g;

/** The rows that a text names, sorted; a range (AQ-050…AQ-056) names each of its rows. */
export function rowsIn(text: string): string[] {
  const rows = [...text.matchAll(ROW)].flatMap(([, first, last = first]) => {
    const from = Number(first);
    return Array.from({ length: Math.max(1, Number(last) - from + 1) }, (_, index) => from + index);
  });
  return [...new Set(rows)].map((row) => `AQ-${String(row).padStart(3, '0')}`).sort();
}

/** Whether a text refers to the issue: by number (#4355) or by address. */
export function namesIssue(text: string, issue: number = ISSUE): boolean {
  return new RegExp(`(?:^|[^\\w&])#${issue}\\b|/issues/${issue}\\b`).test(text);
}

/** The faults of a pull request's text. */
export function faultsOf(text: string, rows: readonly string[]): string[] {
  const named = rowsIn(text);
  const unknown = named.filter((row) => !rows.includes(row));
  return [
    ...(named.some((row) => rows.includes(row))
      ? []
      : [`it names no row that it covers; there are ${rows.join(', ')}`]),
    ...(unknown.length > 0 ? [`it names ${unknown.join(', ')}, which the work queue does not have`] : []),
    ...(namesIssue(text) ? [] : [`it does not refer to the issue: #${ISSUE}`]),
  ];
}

function givenText({ PR_BODY, PR_BODY_FILE }: NodeJS.ProcessEnv): string {
  if (PR_BODY !== undefined) return PR_BODY;
  if (!PR_BODY_FILE) throw new UserError('set PR_BODY to the pull request’s text, or PR_BODY_FILE to a file with it');
  try {
    return readFileSync(PR_BODY_FILE, 'utf8');
  } catch (error) {
    throw new UserError(`PR_BODY_FILE: ${reasonOf(error)}`);
  }
}

export const registerPullRequest: Register = (ci, action) => {
  ci.command('pr-text')
    .description(
      'check that the text of a pull request, in PR_BODY or in the file PR_BODY_FILE, names its rows and the issue',
    )
    .addHelpText('after', '\nExit status: 0 it does, 1 it does not, 2 there is no text.')
    .action(() =>
      action('pr-text', async () => {
        const text = givenText(process.env);
        const faults = faultsOf(text, queueRows());
        if (faults.length > 0) throw new UserError(`the pull request’s text is incomplete: ${faults.join('; ')}`, 1);
        process.stdout.write(`the text names ${rowsIn(text).join(', ')} and #${ISSUE}\n`);
      }),
    );
};
