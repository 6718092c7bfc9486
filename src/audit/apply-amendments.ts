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
export function weighAmendments(findings: readonly Finding[], { input }: Evidence): Amended {
  // Also of bundles without a record of the row: that there is none may be what is amended.
  const producersOf = (sut: SutKind) =>
    input.submissions
      .map(({ bundle }) => bundle.predicate['phase9/v1'])
      .filter((one) => one.sut.kind === sut)
      .map(({ producer }) => producer);
  const said: Finding[] = [];
  const force = new Map<string, string>();
  for (const one of input.amendments) {
    const { amends, sut } = one.amendment;
    const row = input.ledger.byId.get(amends)?.row ?? amends;
    if (!Object.hasOwn(input.ledger.rows, row)) {
      said.push(...unknown(one, input.rows));
      continue;
    }
    if (!input.rows.includes(row) || !input.kinds.includes(sut)) continue;
    const wrong = whyNot(one, input.now, producersOf(sut));
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

/** An amendment of nothing amends nothing, and whoever wrote it should know. */
function unknown({ file, amendment: { amends, sut } }: NamedAmendment, rows: readonly string[]): Finding[] {
  const wrong = `the amendment does not count: ${amends} is neither a row nor an assertion of the ledger`;
  return rows
    .slice(0, 1)
    .map((row) => ({ ...aboutRow(row, sut, 'completion', wrong, { where: file }), effect: 'tells' }));
}

function whyNot(
  { amendment: { date, expires, reviewer } }: NamedAmendment,
  now: string,
  producers: readonly string[],
): string | undefined {
  const today = now.slice(0, 10);
  if (date > today) return `it is dated ${date}, which is in the future`;
  if (expires < today) return `it expired on ${expires}`;
  if (producers.map(plain).includes(plain(reviewer)))
    return `its reviewer, ${reviewer}, produced a bundle of this audit`;
  return undefined;
}

/** A name without what makes no other person of it. */
function plain(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
