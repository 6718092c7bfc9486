import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasBundles } from '../../audit-input/bundles';
import { addToSummary, annotate } from './github';
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
    .argument(
      '[directory]',
      'a directory of runs, or of directories of runs; without any evidence no row is complete',
      ARTIFACTS,
    )
    .option('--into <directory>', 'where to write them', 'audit-report')
    .addHelpText(
      'after',
      '\nIn a job of GitHub the Markdown becomes its summary ($GITHUB_STEP_SUMMARY).\nExit status: as of `phase9 audit`.',
    )
    .action((directory: string, { into }: { into: string }) =>
      action('audit', async (signal) => {
        mkdirSync(into, { recursive: true });
        const at = (name: string) => path.join(into, name);
        const markdown = at('audit.md');
        const arrived = hasBundles(directory);
        // Without a bundle there is nothing to merge, and no kind of system that the bundles are about.
        const evidence = arrived
          ? [directory, '--merge', at('merged.json')]
          : [directory, '--or-none', '--sut', 'reference'];
        const files = ['--html', at('audit.html'), '--junit', at('audit.junit.xml'), '--markdown', markdown];
        const exit = await callPhase9(['audit', ...evidence, '--rows', queueRows().join(','), ...files], signal);
        process.exitCode = exit;
        if (!arrived) {
          const message = `No bundle arrived below ${directory}: see the jobs of the rows.`;
          annotate([{ level: 'error', title: 'No evidence', message }]);
        }
        if (!existsSync(markdown)) {
          writeFileSync(
            markdown,
            `## Phase 9 audit: ❌ ended with ${exit}\n\nIt wrote no report; its output says why.\n`,
          );
        }
        addToSummary(readFileSync(markdown, 'utf8'));
      }),
    );
};
