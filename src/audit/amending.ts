import type { NamedAmendment } from './amendment';
import type { Evidence } from './evidence';
import { aboutRow } from './evidence';
import type { Finding } from './finding';
import type { SutKind } from './work-queue';

/** The findings once amendments are weighed, the amendments in force by row or ID, and what is wrong with the others. */
export interface Amended {
  readonly findings: readonly Finding[];
  readonly inForce: (kind: SutKind, row: string, id: string | null) => string | undefined;
}

/**
 * Lets the amendments in force stand in (gate 8): for an assertion, or for a whole row, that lacks evidence. A missing record, a failed or
 * not applicable one can be amended; a forged one, a leak, or something that was not put back cannot.
 */
export function weighAmendments(findings: readonly Finding[], { input, ofRow }: Evidence): Amended {
  const said: Finding[] = [];
  const force = new Map<string, string>();
  for (const one of input.amendments) {
    const { amends, sut } = one.amendment;
    const row = input.ledger.byId.get(amends)?.row ?? amends;
    if (!input.rows.includes(row) || !input.kinds.includes(sut)) continue;
    const producers = ofRow(sut, row).map(({ submission }) => submission.bundle.predicate['phase9/v1'].producer);
    const wrong = whyNot(one, input.now, producers, row in input.ledger.rows);
    if (wrong === undefined) force.set(`${sut}\0${amends}`, one.file);
    else {
      said.push({
        ...aboutRow(row, sut, 'completion', `the amendment does not count: ${wrong}`, { where: one.file }),
        id: amends === row ? null : amends,
        effect: 'tells',
      });
    }
  }
  const inForce = (kind: SutKind, row: string, id: string | null) =>
    (id === null ? undefined : force.get(`${kind}\0${id}`)) ?? force.get(`${kind}\0${row}`);
  const weighed = findings.map((finding): Finding => {
    if (finding.effect !== 'blocks' || finding.sut === null || !stands(finding)) return finding;
    const file = inForce(finding.sut, finding.row, finding.id);
    return file === undefined
      ? finding
      : { ...finding, effect: 'amended', wrong: `${finding.wrong} (amended: ${file})` };
  });
  return { findings: [...weighed, ...said], inForce };
}

/** Only absence can be amended, and a verdict that is no pass: a finding that points at something that is there stays. */
function stands({ gate, where }: Finding): boolean {
  return gate === 'completion' || where === null;
}

function whyNot(
  { amendment: { amends, date, expires, reviewer } }: NamedAmendment,
  now: string,
  producers: readonly string[],
  known: boolean,
): string | undefined {
  const today = now.slice(0, 10);
  if (!known) return `${amends} is neither a row nor an assertion of the ledger`;
  if (date > today) return `it is dated ${date}, which is in the future`;
  if (expires < today) return `it expired on ${expires}`;
  if (producers.includes(reviewer)) return `its reviewer, ${reviewer}, produced the bundle that it amends`;
  return undefined;
}
