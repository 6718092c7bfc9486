import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { amendmentSchema, type NamedAmendment } from '../audit/amendment';
import type { ExpectedInstance, NamedContract, SpecifiedStep } from '../audit/submission';
import { type WorkQueue, workQueueSchema } from '../audit/work-queue';
import { inRepository } from '../repository';
import { contractSchema, deriveContract } from '../spec/contract';
import { loadLedger } from '../spec/ledger';
import { loadManifest, manifestNames } from '../spec/manifest';
import { suiteFiles } from '../spec/suite-files';
import { UserError } from '../user-error';
import { parseYamlFile } from '../yaml-file';

export const queueFile = inRepository('audit/work-queue.yaml');

function yamlFiles<S extends z.ZodType>(directory: string, schema: S): { file: string; value: z.output<S> }[] {
  const at = inRepository(directory);
  if (!existsSync(at)) return [];
  const names = readdirSync(at);
  const ignored = names.find((name) => name.endsWith('.yml'));
  if (ignored !== undefined) throw new UserError(`${path.join(directory, ignored)}: name it .yaml to be read`);
  return names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const file = path.join(at, name);
      return {
        file: path.join(directory, name),
        value: parseYamlFile(file, readFileSync(file, 'utf8'), schema),
      };
    });
}

/**
 * Every contract of the repository.
 * @throws YamlFileError for one that is malformed or breaks the rule of its kind; UserError when two declare the same feature, or
 * one has another name than its file.
 * @param steps the assertion steps of all features, from which rows, assertions, boundaries and legacy scripts follow
 */
export function loadContracts(steps: readonly Pick<SpecifiedStep, 'id' | 'scenario'>[]): NamedContract[] {
  const ledger = loadLedger();
  const contracts = yamlFiles('contracts', contractSchema).map(({ file, value }) => ({
    file,
    contract: { ...value, ...deriveContract(value, steps, ledger) },
  }));
  const claimed = new Map<string, string>();
  for (const { file, contract } of contracts) {
    if (`${contract.name}.yaml` !== path.basename(file)) {
      throw new UserError(`${file}: its name is ${contract.name}, not the file's`);
    }
    for (const one of contract.features) {
      const other = claimed.get(one);
      if (other !== undefined) throw new UserError(`${file}: ${one} is declared by ${other} already`);
      claimed.set(one, file);
    }
  }
  return contracts;
}

/** @throws YamlFileError when it is malformed. */
export function loadQueue(): WorkQueue {
  return parseYamlFile(queueFile, readFileSync(queueFile, 'utf8'), workQueueSchema);
}

/** @throws YamlFileError for one that is malformed. */
export function loadAmendments(): NamedAmendment[] {
  return yamlFiles('audit/amendments', amendmentSchema).map(({ file, value }) => ({ file, amendment: value }));
}

/** The instances that the manifests describe, by manifest. @throws YamlFileError for one that is malformed. */
export function loadInstances(): ReadonlyMap<string, ExpectedInstance> {
  return new Map(
    manifestNames().map((name) => {
      const { agent, provider, messaging, features } = loadManifest(name).spec.onboarding;
      return [name, { agent, provider, messaging, model: features.model, policyPresets: features.policyPresets }];
    }),
  );
}

/** SHA-256 of every file of the suite, and of the suite as a whole, in this checkout. */
export function checkoutDigests(): ReadonlyMap<string, string> {
  return new Map(suiteFiles().map(({ name, sha256 }) => [name, sha256]));
}
