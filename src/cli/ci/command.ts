import type { Command } from 'commander';
import { runAction } from '../run-action';
import { registerAuditJob } from './audit-job';
import { registerImages } from './images';
import { registerMatrix } from './matrix';
import { registerPullRequest } from './pull-request';
import { registerRow } from './row';

/** What the jobs of the pull request's workflow run, and a developer's machine can: each is an npm script as well. */
export function registerCi(program: Command): void {
  const ci = program
    .command('ci')
    .description('what the jobs of CI run; `npm run` lists them as ci:…, and they run here too');
  const action = (name: string, work: (signal: AbortSignal) => Promise<void>) => runAction(`ci ${name}`, work);
  for (const register of [registerMatrix, registerRow, registerAuditJob, registerPullRequest, registerImages]) {
    register(ci, action);
  }
}
