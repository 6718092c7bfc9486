import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workQueueSchema } from '../../audit/work-queue';
import { parseYamlFile } from '../../yaml-file';
import { REPOSITORY } from '../setup/repository';
import type { Register } from './command';

/**
 * The rows of the queue, in its order.
 * @throws YamlFileError with file:line:column when the queue is malformed.
 */
export function queueRows(file = path.join(REPOSITORY, 'audit', 'work-queue.yaml')): string[] {
  return Object.keys(parseYamlFile(file, readFileSync(file, 'utf8'), workQueueSchema).rows).sort();
}

/** A job for each row: what GitHub's `strategy.matrix` takes. */
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
