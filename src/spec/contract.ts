import { z } from 'zod';
import type { Boundary } from './boundary';
import type { Ledger } from './ledger';

const name = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');
const words = z.string().min(3);

const fixtureSchema = z.strictObject({ name, 'staged-by': words, stages: words, 'restored-by': words });

const substitutionSchema = z.strictObject({
  for: words,
  by: words,
  why: words,
  /** The field of a product manifest that is not taken at its word, where it is one. */
  field: z.enum(['onboarding.provider']).optional(),
});

const common = {
  name,
  features: z.array(z.string().regex(/^features\/.+\.feature$/)).min(1),
  environment: z.strictObject({
    engine: z.enum(['none', 'docker', 'private']),
    network: z.literal('none'),
    host: z.array(words),
  }),
  fixtures: z.array(fixtureSchema).min(1),
  actions: z.array(words).min(1),
  substitutions: z.array(substitutionSchema).default([]),
};

const named = z.strictObject({ name: z.union([name, z.array(name).min(2)]) });
const none = z.strictObject({ none: z.string().min(20, 'the reason, in a sentence') });

/**
 * What the scenarios of one family stage, do and assert (setup gate of the source text). A product contract names the manifest of
 * its instance; an installer contract has none and says why; a runtime-edge contract may name one, which its assertions do
 * without.
 */
export const contractSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('product'), manifest: named }),
  z.strictObject({ ...common, kind: z.literal('installer'), manifest: none }),
  z.strictObject({ ...common, kind: z.literal('runtime-edge'), manifest: z.union([named, none]) }),
]);
export type Contract = z.infer<typeof contractSchema>;

/** The manifests that a contract names: one, one an agent, or none. */
export function manifestsOf({ manifest }: Pick<Contract, 'manifest'>): readonly string[] {
  if (!('name' in manifest)) return [];
  return typeof manifest.name === 'string' ? [manifest.name] : manifest.name;
}

/** What follows from a contract's features and the ledger, and therefore does not stand in the contract. Each list is sorted. */
export interface DerivedContract {
  readonly rows: readonly string[];
  readonly assertions: readonly string[];
  readonly boundaries: readonly Boundary[];
  /** Legacy scripts that made one of the assertions. */
  readonly legacy: readonly string[];
}

/** An assertion that a feature makes, with `file:line` of its scenario. */
interface MadeAssertion {
  readonly id: string;
  readonly scenario: string;
}

/** Derives the rest of a contract. @param steps the assertion steps of all features */
export function deriveContract(
  { features }: Pick<Contract, 'features'>,
  steps: readonly MadeAssertion[],
  ledger: Ledger,
): DerivedContract {
  const made = steps.filter(({ scenario }) => features.includes(scenario.replace(/:\d+$/, ''))).map(({ id }) => id);
  const entries = [...new Set(made)].flatMap((id) => ledger.byId.get(id) ?? []);
  const sorted = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].sort();
  return {
    rows: sorted(entries.map(({ row }) => row)),
    assertions: sorted(entries.map(({ id }) => id)),
    boundaries: sorted(entries.map(({ boundary }) => boundary)),
    legacy: sorted(entries.map(({ legacy }) => legacy).filter((one) => one.endsWith('.sh'))),
  };
}
