import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from '../../src/repository';

const step = z.looseObject({
  name: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).default({}),
});
export type Step = z.infer<typeof step>;

const listed = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const job = z.looseObject({
  'runs-on': listed,
  'timeout-minutes': z.number(),
  if: z.string().optional(),
  needs: listed.default([]),
  permissions: z.unknown().optional(),
  strategy: z.looseObject({ 'fail-fast': z.boolean(), matrix: z.string() }).optional(),
  steps: z.array(step).min(1),
});
export type Job = z.infer<typeof job>;

const workflow = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  on: z.record(z.string(), z.unknown()),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) }),
  jobs: z.record(z.string(), job),
});
export type Workflow = z.infer<typeof workflow>;

const action = z.looseObject({ runs: z.object({ using: z.literal('composite'), steps: z.array(step).min(1) }) });

const GITHUB = path.join(REPOSITORY, '.github');

/** The names of all workflows, and of all actions of this repository. */
export const workflowNames = readdirSync(path.join(GITHUB, 'workflows')).map((name) => path.parse(name).name);
export const actionNames = readdirSync(path.join(GITHUB, 'actions'));

export function workflowFile(name: string): string {
  return path.join(GITHUB, 'workflows', `${name}.yml`);
}

export function actionFile(name: string): string {
  return path.join(GITHUB, 'actions', name, 'action.yml');
}

export function readYaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'));
}

/** The steps of an action of this repository. */
export function actionSteps(name: string): readonly Step[] {
  return action.parse(readYaml(actionFile(name))).runs.steps;
}

/** A workflow as it runs: the steps of this repository's own actions stand in their place. */
export function readWorkflow(name: string): Workflow {
  const read = workflow.parse(readYaml(workflowFile(name)));
  const jobs = Object.entries(read.jobs).map(([key, one]) => {
    const steps = one.steps.flatMap((each) => {
      const [, own] = /^\.\/\.github\/actions\/(.+)$/.exec(each.uses ?? '') ?? [];
      return own === undefined ? [each] : actionSteps(own);
    });
    return [key, { ...one, steps }] as const;
  });
  return { ...read, jobs: Object.fromEntries(jobs) };
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
