import type { Command } from 'commander';
import { runAction } from '../run-action';
import { registerAuditJob } from './audit-job';
import { registerDefectsJobs } from './defects-job';
import { registerImages } from './images';
import { registerJobs } from './jobs';
import { registerMatrix } from './matrix';
import { registerPullRequest } from './pull-request';
import { registerLive, registerRow } from './row';
import { registerRunner } from './runner';

/** Adds `phase9 ci`: the commands of the workflows, which run on a developer's machine, too, as npm scripts. */
export function registerCi(program: Command): void {
  const ci = program
    .command('ci')
    .description('the commands of the CI jobs; `npm run` lists them as ci:…, and they run on any machine');
  const action = (name: string, work: (signal: AbortSignal) => Promise<void>) => runAction(`ci ${name}`, work);
  const all = [
    ...[registerMatrix, registerRunner, registerImages, registerRow, registerLive],
    ...[registerAuditJob, registerJobs, registerPullRequest, registerDefectsJobs],
  ];
  for (const register of all) register(ci, action);
}
