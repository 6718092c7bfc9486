import { loadQueue } from '../../audit-input/repository';
import { UserError } from '../../user-error';
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

/** A job for each part of a whole, in the same form. @throws UserError for a text that is no number from 1 to 64 */
export function partsOf(text: string | undefined): {
  readonly part: readonly number[];
  readonly of: readonly number[];
} {
  const parts = Number(text);
  if (!/^[1-9]\d?$/.test(text ?? '') || parts > 64) throw new UserError('set PARTS to a number from 1 to 64');
  return { part: Array.from({ length: parts }, (_, index) => index + 1), of: [parts] };
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
  ci.command('parts')
    .description('print the parts of `phase9 defects --shard`, as many as PARTS says, as a matrix of jobs')
    .addHelpText('after', AS_OUTPUT)
    .action(() => action('parts', async () => give(partsOf(process.env.PARTS))));
};
