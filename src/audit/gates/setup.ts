import { manifestsOf } from '../../spec/contract';
import { about, aboutRow, type Candidate, type Evidence, featureOf } from '../candidates';
import type { Finding } from '../finding';
import type { ExpectedInstance, NamedContract } from '../submission';

/** The fixture by which a scenario shows which instance it onboarded, and from which manifest. */
export const INSTANCE = 'instance';

/**
 * Setup gate: the contract of a scenario declares its environment, its manifest or the reason for having none, its fixtures, actions and
 * assertions; a record comes from a scenario that keeps to its contract, and a product instance is the one that its manifest describes.
 */
export function setupGate({ input, candidates }: Evidence): Finding[] {
  const rows = input.rows.flatMap((row) =>
    input.contracts
      .filter(({ contract }) => contract.rows.includes(row))
      .flatMap((one) => contractFindings(row, one, input)),
  );
  const records = candidates.flatMap((candidate) => {
    const { contract, record, submitted, id } = candidate;
    const finding = (wrong: string, missing: string | null = null) => about(candidate, 'setup', wrong, missing);
    if (!contract) {
      return [finding(`no contract declares ${featureOf(submitted.listed.scenario)}`, 'a contract')];
    }
    const found: Finding[] = [];
    if (!contract.contract.assertions.includes(id)) {
      found.push(finding(`no feature of the contract ${contract.contract.name} makes this assertion`, id));
    }
    if (record && record.verdict !== 'not-run') {
      const declared = new Set([...contract.contract.fixtures.map(({ name }) => name), INSTANCE]);
      for (const fixture of new Set(record.fixtures.map((one) => one.fixture))) {
        if (!declared.has(fixture)) {
          found.push(
            finding(`the contract ${contract.contract.name} does not declare the fixture ${fixture}`, fixture),
          );
        }
      }
      found.push(...instanceFindings(candidate, contract, input.manifests, finding));
    }
    return found;
  });
  return [...rows, ...records];
}

function contractFindings(row: string, { file, contract }: NamedContract, input: Evidence['input']): Finding[] {
  const finding = (wrong: string, missing: string) => aboutRow(row, null, 'setup', wrong, { missing, where: file });
  const missing = manifestsOf(contract).filter((name) => !input.manifests.has(name));
  return missing.map((name) =>
    finding(`the contract ${contract.name} names the manifest ${name}, which is not there`, `manifests/${name}.yaml`),
  );
}

/** Compares the product instance that registry and session showed with its manifest, except for the declared substitutions. */
function instanceFindings(
  { record, scenario }: Candidate,
  { contract }: NamedContract,
  manifests: ReadonlyMap<string, ExpectedInstance>,
  finding: (wrong: string, missing?: string | null) => Finding,
): Finding[] {
  if (contract.kind !== 'product' || !record) return [];
  // Some assertions are made before registry and session exist: the scenario shows the instance as a whole.
  const shown = (scenario?.fixtures ?? record.fixtures)
    .filter(({ fixture }) => fixture === INSTANCE)
    .map(({ proof }) => proof);
  if (shown.length === 0) return [finding('its scenario does not show the instance that it onboarded', INSTANCE)];
  const seen = Object.assign({}, ...shown) as Readonly<Record<string, string>>;
  const name = seen.manifest ?? '';
  const declared = manifestsOf(contract);
  const expected = manifests.get(name);
  if (!expected || !declared.includes(name)) {
    return [
      finding(
        `its instance was onboarded from “${name}”; the contract ${contract.name} names ${declared.join(', ')}`,
        declared.join(', '),
      ),
    ];
  }
  const substituted = new Set(contract.substitutions.map(({ field }) => field));
  const wanted: Readonly<Record<string, string>> = {
    agent: expected.agent,
    model: expected.model,
    messaging: list(expected.messaging),
    ...(seen.policyPresets === undefined ? {} : { policyPresets: list(expected.policyPresets) }),
    ...(substituted.has('onboarding.provider') ? {} : { provider: expected.provider }),
  };
  return Object.entries(wanted)
    .filter(([field, value]) => seen[field] !== value)
    .map(([field, value]) =>
      finding(`registry and session show ${field} “${seen[field] ?? ''}”; the manifest ${name} has “${value}”`, field),
    );
}

/** A list in the form of a proof: sorted, so that order means nothing. */
function list(values: readonly string[]): string {
  return [...values].sort().join(', ');
}
