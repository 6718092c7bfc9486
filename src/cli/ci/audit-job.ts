import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../user-error';
import { queueRows } from './matrix';
import type { Register } from './register';
import { callPhase9 } from './row';

/** Where the auditing job finds the evidence of the other jobs, a directory for each. */
const ARTIFACTS = 'artifacts';

export const registerAuditJob: Register = (ci, action) => {
  ci.command('audit')
    .description(
      'audit all evidence below a directory, for all rows of the queue; write page, JUnit, Markdown and merged bundle',
    )
    .argument('[directory]', 'a directory of runs, or of directories of runs', ARTIFACTS)
    .option('--into <directory>', 'where to write them', 'audit-report')
    .addHelpText(
      'after',
      '\nIn a job of GitHub the Markdown becomes its summary ($GITHUB_STEP_SUMMARY).\nExit status: as of `phase9 audit`.',
    )
    .action((directory: string, { into }: { into: string }) =>
      action('audit', async (signal) => {
        if (!existsSync(directory))
          throw new UserError(`there is no directory ${directory} with the evidence of the rows`);
        mkdirSync(into, { recursive: true });
        const at = (name: string) => path.join(into, name);
        const markdown = at('audit.md');
        const files = [
          '--merge',
          at('merged.json'),
          '--html',
          at('audit.html'),
          '--junit',
          at('audit.junit.xml'),
          '--markdown',
          markdown,
        ];
        process.exitCode = await callPhase9(['audit', directory, '--rows', queueRows().join(','), ...files], signal);
        const { GITHUB_STEP_SUMMARY } = process.env;
        if (GITHUB_STEP_SUMMARY && existsSync(markdown)) appendFileSync(GITHUB_STEP_SUMMARY, readFileSync(markdown));
      }),
    );
};
