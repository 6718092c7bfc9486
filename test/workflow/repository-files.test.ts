import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { z } from 'zod';
import { REPOSITORY } from '../../src/repository';
import { actionNames, readYaml } from './workflow-file';

const github = (name: string) => path.join(REPOSITORY, '.github', name);

describe('CODEOWNERS', () => {
  const lines = readFileSync(github('CODEOWNERS'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/));

  it('names an owner of everything that judges, and of itself', () => {
    for (const judging of ['/audit/', '/src/audit/', '/contracts/', '/.github/']) {
      const [, ...owners] = lines.filter(([pattern = '']) => judging.startsWith(pattern)).at(-1) ?? [];
      expect(owners, judging).not.to.deep.equal([]);
    }
  });

  it('names paths that are there, and accounts or teams', () => {
    for (const [pattern = '', ...owners] of lines) {
      expect(existsSync(path.join(REPOSITORY, pattern)), pattern).to.equal(true);
      for (const owner of owners) expect(owner).to.match(/^@[\w-]+(\/[\w-]+)?$/);
    }
  });
});

describe('dependabot.yml', () => {
  const { updates } = z
    .object({
      version: z.literal(2),
      updates: z.array(
        z.looseObject({
          'package-ecosystem': z.string(),
          directory: z.string().optional(),
          directories: z.array(z.string()).optional(),
          schedule: z.object({ interval: z.string() }),
        }),
      ),
    })
    .parse(readYaml(github('dependabot.yml')));

  it('looks after npm packages, and the actions of workflows and of actions', () => {
    const of = (ecosystem: string) => updates.find((one) => one['package-ecosystem'] === ecosystem);
    expect(of('npm')?.directory).to.equal('/');
    expect(of('github-actions')?.directories).to.include('/');
    if (actionNames.length > 0) expect(of('github-actions')?.directories).to.include('/.github/actions/*');
  });
});
