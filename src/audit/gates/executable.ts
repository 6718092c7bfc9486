import { about, aboutRow, type Evidence, key, requiredBy } from '../candidates';
import type { Finding } from '../finding';
import { grouped } from '../grouped';

/** Executable assertion gate: behind every ID stands a step of a feature, and a record comes from that very step. */
export function executableGate({ input, candidates, rows }: Evidence): Finding[] {
  const made = grouped(input.specification, ({ id, variant }) => key(id, variant));
  const scenariosOf = (id: string, variant: string | null) =>
    (made.get(key(id, variant)) ?? []).map(({ scenario }) => scenario);
  const notMade = rows.flatMap(({ kind, row }) =>
    requiredBy(input, row)
      .filter(({ assertion, variant }) => scenariosOf(assertion.id, variant).length === 0)
      .map(
        ({ assertion, variant }): Finding => ({
          ...aboutRow(row, kind, 'executable', 'no step of any feature makes this assertion', { missing: 'a step' }),
          id: assertion.id,
          variant,
          effect: assertion.level === 'core' ? 'blocks' : 'tells',
        }),
      ),
  );
  const strayed = candidates.flatMap((candidate) => {
    const { id, variant, record, step, submitted } = candidate;
    const finding = (wrong: string, missing: string) => [about(candidate, 'executable', wrong, missing)];
    const scenarios = scenariosOf(id, variant);
    if (scenarios.length === 0) return finding('a record for an ID that no step makes', 'a step');
    const REQUIRED = 'a record of the step that makes it';
    if (!step) {
      const scenario = record?.scenario ?? submitted.listed.scenario;
      const others = scenarios.join(', ');
      return finding(
        `it claims to come from ${scenario}, which does not make this assertion; ${others} does`,
        REQUIRED,
      );
    }
    if (record && record.step !== step.step) {
      return finding(
        `it claims to come from the step “${record.step}”; the one that makes it is “${step.step}”`,
        REQUIRED,
      );
    }
    return [];
  });
  return [...notMade, ...strayed];
}
