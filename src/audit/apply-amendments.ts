import type { NamedAmendment } from './amendment';
import { aboutRow, type Evidence, key } from './candidates';
import type { Finding } from './finding';
import type { SutKind } from './work-queue';

/** The findings with the amendments applied, and the amendment in force for a row or an ID, by file. */
export interface Amended {
  readonly findings: readonly Finding[];
  readonly inForce: (kind: SutKind, row: string, id: string | null) => string | undefined;
}

/**
 * Applies the amendments in force (gate 8) to an assertion, or to a whole row, that lacks evidence. A missing record, a failed or a not
 * applicable one can be amended; a forged one, a leak, or an incomplete restore cannot. A finding reports each amendment that is not in force.
 */
export function applyAmendments(findings: readonly Finding[], { input }: Evidence): Amended {
  // Bundles without a record of the row count, too: an amendment may be about that very absence.
  const producersOf = (sut: SutKind) =>
    input.submissions
      .map(({ bundle }) => bundle.predicate['phase9/v1'])
      .filter((one) => one.sut.kind === sut)
      .map(({ producer }) => producer);
  const rejected: Finding[] = [];
  const force = new Map<string, string>();
  for (const one of input.amendments) {
    const { amends, sut } = one.amendment;
    const row = input.ledger.byId.get(amends)?.row ?? amends;
    if (!Object.hasOwn(input.ledger.rows, row)) {
      rejected.push(...unknownSubject(one, input.rows));
      continue;
    }
    if (!input.rows.includes(row) || !input.kinds.includes(sut)) continue;
    const reason = reasonToReject(one, input.now, producersOf(sut));
    if (reason === undefined) force.set(key(sut, amends), one.file);
    else rejected.push({ ...rejection(one, row, reason), id: amends === row ? null : amends });
  }
  const inForce = (kind: SutKind, row: string, id: string | null) =>
    (id === null ? undefined : force.get(key(kind, id))) ?? force.get(key(kind, row));
  const amended = findings.map((finding): Finding => {
    if (finding.effect !== 'blocks' || finding.sut === null || !canBeAmended(finding)) return finding;
    const file = inForce(finding.sut, finding.row, finding.id);
    return file === undefined
      ? finding
      : { ...finding, effect: 'amended', wrong: `${finding.wrong} (amended: ${file})` };
  });
  return { findings: [...amended, ...rejected], inForce };
}

/** Only an absence can be amended, and a verdict other than passed: a finding about something that is there cannot. */
function canBeAmended({ gate, where }: Finding): boolean {
  return gate === 'completion' || where === null;
}

function rejection({ file, amendment }: NamedAmendment, row: string, reason: string): Finding {
  const wrong = `the amendment does not count: ${reason}`;
  return { ...aboutRow(row, amendment.sut, 'completion', wrong, { where: file }), effect: 'tells' };
}

/** An amendment of nothing amends nothing; its author learns of it at the first row. */
function unknownSubject(one: NamedAmendment, rows: readonly string[]): Finding[] {
  const reason = `${one.amendment.amends} is neither a row nor an assertion of the ledger`;
  return rows.slice(0, 1).map((row) => rejection(one, row, reason));
}

/** Why an amendment is not in force; undefined when it is. */
function reasonToReject(
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

/** A name without the differences in spelling that make no other person of it. */
function plain(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
