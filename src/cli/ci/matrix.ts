import { loadQueue } from '../../audit-input/repository';
import { setOutput } from './github';
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

function give(matrix: object): void {
  const json = JSON.stringify(matrix);
  process.stdout.write(`${json}\n`);
  setOutput('matrix', json);
}

const AS_OUTPUT = '\nIn a job of GitHub it becomes the step’s output `matrix` ($GITHUB_OUTPUT) as well.';

export const registerMatrix: Register = (ci, action) => {
  ci.command('matrix')
    .description('print the rows of audit/work-queue.yaml as a matrix of jobs')
    .addHelpText('after', AS_OUTPUT)
    .action(() => action('matrix', async () => give(matrixOf(queueRows()))));
};
