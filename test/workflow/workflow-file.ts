import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from '../../src/repository';

export const WORKFLOW = path.join(REPOSITORY, '.github', 'workflows', 'phase9.yml');

const step = z.looseObject({
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).default({}),
});
export type Step = z.infer<typeof step>;

const job = z.looseObject({
  'runs-on': z.string(),
  'timeout-minutes': z.number(),
  if: z.string().optional(),
  needs: z.string().optional(),
  permissions: z.unknown().optional(),
  strategy: z.looseObject({ 'fail-fast': z.boolean(), matrix: z.string() }).optional(),
  steps: z.array(step).min(1),
});
export type Job = z.infer<typeof job>;

const workflow = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  on: z.looseObject({}),
  jobs: z.record(z.string(), job),
});

/** The workflow of pull requests, as it lies in the repository. */
export function readWorkflow(): z.infer<typeof workflow> {
  return workflow.parse(parse(readFileSync(WORKFLOW, 'utf8')));
}

export function npmScripts(): Readonly<Record<string, string>> {
  return z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'))).scripts;
}

/** What `npm run [-s] NAME [-- ARGUMENTS]` says; undefined for any other line. */
export function npmRun(line: string): { readonly script: string; readonly args: readonly string[] } | undefined {
  const [, script, args] = /^npm run (?:-s )?([a-z:-]+)(?: -- ([a-z -]+))?$/.exec(line) ?? [];
  return script === undefined ? undefined : { script, args: args?.split(' ') ?? [] };
}

/** An expression of GitHub's, as it stands in a workflow. */
export function expression(inside: string): string {
  return ['$', '{{ ', inside, ' }}'].join('');
}
