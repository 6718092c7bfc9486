import { loadLedger } from '../../spec/ledger';
import type { Profile } from '../../sut/profile';
import { lackOn } from '../../world/capabilities';
import type { ScenarioGroup } from './contracts';
import type { Installation, Look } from './look';
import { lookAt, type Need, needsOf } from './needs';

/** Whether the scenarios of a group can run. */
export interface GroupReadiness {
  readonly group: ScenarioGroup;
  /** What stops them; empty where they can run. */
  readonly stoppedBy: readonly Look[];
}

/** Whether a row can run: all of it, some of its groups, or none. */
export interface RowReadiness {
  readonly row: string;
  readonly can: 'all' | 'some' | 'none';
  readonly groups: readonly GroupReadiness[];
  /** IDs that make no sense on this installation, by the reason. */
  readonly notApplicable: ReadonlyMap<string, readonly string[]>;
  /** How many assertions the row has. */
  readonly assertions: number;
}

/** What was looked at, by need. */
export type Looks = ReadonlyMap<Need, readonly Look[]>;

/** Looks at `needs`, each once, concurrently. */
export async function lookAtAll(installation: Installation, needs: Iterable<Need>): Promise<Looks> {
  const each = [...new Set(needs)].map(async (need) => [need, await lookAt(installation, need)] as const);
  return new Map(await Promise.all(each));
}

/** What `looks` mean for every row of the ledger: by its contracts, and by the capabilities that its assertions need. */
export function rowsReady(groups: readonly ScenarioGroup[], looks: Looks, profile: Profile): RowReadiness[] {
  return Object.entries(loadLedger().rows).map(([row, { assertions }]) => {
    const notApplicable = notApplicableIn(row, profile);
    const own = groups.filter((group) => group.rows.includes(row)).map((group) => groupReady(group, looks, profile));
    const able = own.filter(({ stoppedBy }) => stoppedBy.length === 0).length;
    const can = able === own.length ? 'all' : able === 0 ? 'none' : 'some';
    return { row, can, groups: own, notApplicable, assertions: assertions.length };
  });
}

/** What `looks` mean for a group. Where nothing that it asserts makes sense, nothing is staged, and nothing can stop it. */
export function groupReady(group: ScenarioGroup, looks: Looks, profile: Profile): GroupReadiness {
  if (group.rows.every((row) => nothingApplies(row, profile))) return { group, stoppedBy: [] };
  const stoppedBy = needsOf(group)
    .flatMap((need) => looks.get(need) ?? [])
    .filter(({ state }) => state === 'fail');
  return { group, stoppedBy };
}

function nothingApplies(row: string, profile: Profile): boolean {
  const lacking = [...notApplicableIn(row, profile).values()].flat();
  return lacking.length === loadLedger().rows[row]?.assertions.length;
}

/** The IDs of a row that are not applicable to a system, by the reason. */
function notApplicableIn(row: string, profile: Profile): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, applies } of loadLedger().rows[row]?.assertions ?? []) {
    const reason = applies.flatMap((one) => lackOn(profile, one) ?? [])[0];
    if (reason !== undefined) found.set(reason, [...(found.get(reason) ?? []), id]);
  }
  return found;
}

/** What stops a group, in a sentence with the remedies. */
export function reasonsOf({ group, stoppedBy }: GroupReadiness): string {
  const each = stoppedBy.map(
    ({ name, found, advice }) => `${name}: ${found}${advice === undefined ? '' : `. ${advice}`}`,
  );
  return `${group.name} cannot run: ${[...new Set(each)].join('; ')}`;
}
