import { about, aboutRow, type Evidence, owedBy } from '../evidence';
import type { Finding } from '../finding';

/** Executable assertion gate: behind every ID stands a step of a feature, and a record comes from that very step. */
export function executableGate({ input, candidates }: Evidence): Finding[] {
  const made = new Map<string, string[]>();
  for (const { id, variant, scenario } of input.specification) {
    const key = `${id}\0${variant ?? ''}`;
    made.set(key, [...(made.get(key) ?? []), scenario]);
  }
  const scenariosOf = (id: string, variant: string | null) => made.get(`${id}\0${variant ?? ''}`) ?? [];
  const notMade = input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) =>
      owedBy(input, row)
        .filter(({ assertion, variant }) => scenariosOf(assertion.id, variant).length === 0)
        .map(
          ({ assertion, variant }): Finding => ({
            ...aboutRow(row, kind, 'executable', 'no step of any feature makes this assertion', { missing: 'a step' }),
            id: assertion.id,
            variant,
            effect: assertion.level === 'core' ? 'blocks' : 'tells',
          }),
        ),
    ),
  );
  const strayed = candidates.flatMap((candidate) => {
    const { id, variant, record, step } = candidate;
    const scenarios = scenariosOf(id, variant);
    const scenario = record?.scenario ?? candidate.submitted.listed.scenario;
    if (scenarios.length === 0)
      return [about(candidate, 'executable', 'a record for an ID that no step makes', 'a step')];
    if (!step) {
      return [
        about(
          candidate,
          'executable',
          `it claims to come from ${scenario}, which does not make this assertion; ${scenarios.join(', ')} does`,
          'a record of the step that makes it',
        ),
      ];
    }
    if (record && record.step !== step.step) {
      return [
        about(
          candidate,
          'executable',
          `it claims to come from the step “${record.step}”; the one that makes it is “${step.step}”`,
          'a record of the step that makes it',
        ),
      ];
    }
    return [];
  });
  return [...notMade, ...strayed];
}
