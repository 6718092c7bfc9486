import { appendFileSync } from 'node:fs';
import { loadQueue } from '../../audit-input/repository';
import type { Register } from './register';

/**
 * The rows of the queue, sorted.
 * @throws YamlFileError with file:line:column when the queue is malformed.
 */
export function queueRows(): string[] {
  return Object.keys(loadQueue().rows).sort();
}

/** A job for each row, in the form of GitHub's `strategy.matrix`. */
export function matrixOf(rows: readonly string[]): { readonly row: readonly string[] } {
  return { row: rows };
}

export const registerMatrix: Register = (ci, action) => {
  ci.command('matrix')
    .description('print the rows of audit/work-queue.yaml as a matrix of jobs')
    .addHelpText('after', '\nIn a job of GitHub it becomes the step’s output `matrix` ($GITHUB_OUTPUT) as well.')
    .action(() =>
      action('matrix', async () => {
        const matrix = JSON.stringify(matrixOf(queueRows()));
        process.stdout.write(`${matrix}\n`);
        const { GITHUB_OUTPUT } = process.env;
        if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `matrix=${matrix}\n`);
      }),
    );
};
