import type { SUITE } from '../../spec/suite-files';
import { about, aboutRow, type Candidate, type Evidence, featureOf } from '../candidates';
import type { Finding } from '../finding';
import type { Submission } from '../submission';

const LEDGER = 'audit/assertions.yaml';
/** The suite's digest by name; its type is imported, its module is not: it reads files. */
const WHOLE: typeof SUITE = 'suite';

const named = new WeakMap<Submission, ReadonlySet<string>>();

/**
 * Evidence gate: a bundle names the digest of every file that decides what its records mean: the ledger, a record's feature, the definition
 * of its step, its contract, and the suite as a whole, which shows files that came or went.
 */
export function configurationFindings(candidate: Candidate): Finding[] {
  const { submission, submitted, contract, step } = candidate;
  const { configuration } = submission.bundle.predicate;
  // A bundle without any configuration has one finding of its own.
  if (configuration.length === 0) return [];
  const present = named.get(submission) ?? new Set(configuration.map(({ name }) => name));
  named.set(submission, present);
  const feature = featureOf(submitted.listed.scenario);
  return [LEDGER, feature, contract?.file, step?.definition.replace(/:\d+$/, ''), WHOLE]
    .filter((file): file is string => file !== undefined && !present.has(file))
    .map((file) => about(candidate, 'evidence', `its bundle does not state which ${file} it was made with`, file));
}

/** Evidence gate: every bundle names its configuration, and the suite has not changed since. */
export function changedConfigurations({ input, rows, bundlesOf }: Evidence): Finding[] {
  const changes = new Map(input.submissions.map((one) => [one, changedSince(one, input.checkout)]));
  return rows.flatMap(({ kind, row }) =>
    bundlesOf(kind, row).flatMap((one) => {
      if (one.bundle.predicate.configuration.length === 0) {
        const wrong = 'the bundle does not state which ledger and features it was made with';
        return [aboutRow(row, kind, 'evidence', wrong, { where: one.where, missing: 'configuration' })];
      }
      const change = changes.get(one);
      if (change === undefined) return [];
      const missing = 'evidence of the specification as it is now';
      return [aboutRow(row, kind, 'evidence', change, { where: one.where, missing })];
    }),
  );
}

/** How the suite differs from the one of a run, in a sentence; undefined when it does not. */
function changedSince({ bundle }: Submission, checkout: ReadonlyMap<string, string>): string | undefined {
  const changed = bundle.predicate.configuration
    .filter(({ name, digest }) => checkout.get(name) !== digest.sha256)
    .map(({ name }) => name);
  if (changed.length === 0) return undefined;
  const [first, ...more] = changed.filter((name) => name !== WHOLE);
  if (first === undefined) return 'the suite has files now that it did not have when the run was made';
  return `${first}${more.length > 0 ? ` (and ${more.length} more)` : ''} is not as it was when the run was made`;
}
