import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { IFilterablePickle } from '@cucumber/cucumber/api';
import { readSettings } from '../settings';
import { identityOf } from '../sut/identity';
import type { Profile } from '../sut/profile';
import { owedAssertions } from '../world/owed-assertions';
import { agentOf } from '../world/tags';
import { ledgerPath } from './ledger';
import type { RunPlan } from './run-plan';

const repository = path.resolve(__dirname, '../..');

/** What decides how the SUT is reached, what the scenarios say they do, and the instances that they onboard. */
function declarations(): string[] {
  return ['src/sut/profiles', 'contracts', 'manifests'].flatMap((directory) => {
    const at = path.join(repository, directory);
    return existsSync(at) ? readdirSync(at).map((name) => path.join(at, name)) : [];
  });
}

/** What the run called `run` is to do: the assertions that `pickles` owe, on the SUT as it is now, by the files that say what they mean. */
export async function planOf(run: string, profile: Profile, pickles: readonly IFilterablePickle[]): Promise<RunPlan> {
  const files = new Set<string>([ledgerPath, ...declarations()]);
  const scenarios = pickles.map(({ pickle, location }) => {
    files.add(path.resolve(pickle.uri));
    const owed = owedAssertions(pickle);
    for (const { definition } of owed) files.add(path.resolve(definition.file));
    return {
      location: `${pickle.uri}:${location.line}`,
      name: pickle.name,
      agent: agentOf(pickle.tags) ?? null,
      assertions: owed.map(({ entry, variant, text }) => ({ id: entry.id, variant, step: text })),
    };
  });
  return {
    run,
    producer: readSettings().producer,
    startedAt: new Date().toISOString(),
    profile: profile.name,
    sut: await identityOf(profile),
    scenarios,
    configuration: [...files].sort().map((file) => ({
      name: path.relative(repository, file),
      sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
    })),
  };
}
