import { z } from 'zod';
import { jsonOf } from '../../json';
import { UserError } from '../../user-error';
import { annotate } from './github';
import type { Register } from './register';

/** `needs` of a job, as GitHub writes it: each job before it by name. */
const needsSchema = z.record(z.string(), z.looseObject({ result: z.string() }));

/**
 * The jobs that did not succeed, with how they ended: a skipped job did nothing, and counts as little as a failed one.
 * @param text JSON of a job's `needs` @throws UserError where it names no job
 */
export function unsuccessfulJobs(text: string | undefined): string[] {
  const needs = needsSchema.safeParse(jsonOf(text ?? ''));
  if (!needs.success || Object.keys(needs.data).length === 0) {
    throw new UserError('set JOBS to the JSON of the jobs before this one: toJSON(needs)');
  }
  return Object.entries(needs.data).flatMap(([job, { result }]) => (result === 'success' ? [] : [`${job}: ${result}`]));
}

export const registerJobs: Register = (ci, action) => {
  ci.command('jobs')
    .description('fail where one of the jobs before this one, in JOBS, did not succeed: a skipped one did not')
    .addHelpText('after', '\nExit status: 0 all succeeded, 1 one did not, 2 JOBS names none.')
    .action(() =>
      action('jobs', async () => {
        const unsuccessful = unsuccessfulJobs(process.env.JOBS);
        annotate(unsuccessful.map((one) => ({ level: 'error', title: 'A job did not succeed', message: one })));
        if (unsuccessful.length > 0) throw new UserError(`not every job succeeded: ${unsuccessful.join(', ')}`, 1);
        process.stdout.write('every job before this one succeeded\n');
      }),
    );
};
