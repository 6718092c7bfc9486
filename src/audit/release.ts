import type { Survivor } from '../spec/mutants';
import type { Proof } from '../spec/proofs';
import type { Soak } from '../spec/soaks';
import { compare } from './finding';
import type { AuditResult } from './result';

/** Complete runs of the healthy SUT without a red that a release needs. */
export const SOAK_RUNS = 20;

/** What is known of how well the suite sees, and of its false reds. */
export interface Sensitivity {
  readonly proofs: readonly Proof[];
  readonly survivors: readonly Survivor[];
  readonly soaks: readonly Soak[];
  /** SHA-256 of the suite and of the reference SUT's sources as they are now. */
  readonly suite: string;
  readonly sut: string;
}

/** Why a row is not fit for a release. */
export interface ReleaseFault {
  readonly row: string;
  readonly wrong: string;
  /** The assertions concerned. */
  readonly ids: readonly string[];
}

/** Whether a proof or a soak was made with this suite and SUT. */
export function holds(one: Pick<Proof, 'suite' | 'sut'>, { suite, sut }: Pick<Sensitivity, 'suite' | 'sut'>): boolean {
  return one.suite === suite && one.sut === sut;
}

/**
 * What each audited row lacks for a release: a proof that holds for each assertion, no open hole, and {@link SOAK_RUNS} runs without a red.
 * Pure.
 */
export function releaseFaults({ rows }: Pick<AuditResult, 'rows'>, sensitivity: Sensitivity): ReleaseFault[] {
  const current = sensitivity.proofs.filter((one) => holds(one, sensitivity));
  const proven = new Set(current.map(({ id }) => id));
  const old = new Set(sensitivity.proofs.map(({ id }) => id));
  const holes = sensitivity.survivors.filter(({ verdict }) => verdict === 'hole');
  const names = [...new Set(rows.map(({ row }) => row))].sort(compare);
  return names.flatMap((row): ReleaseFault[] => {
    const ids = [
      ...new Set(rows.filter((one) => one.row === row).flatMap((one) => one.assertions.map(({ id }) => id))),
    ];
    const unproven = ids.filter((id) => !proven.has(id));
    const never = unproven.filter((id) => !old.has(id));
    const outdated = unproven.filter((id) => old.has(id));
    const soaked = sensitivity.soaks.filter((one) => holds(one, sensitivity) && one.rows.includes(row));
    const runs = soaked.reduce((sum, { times }) => sum + times, 0);
    const reds = soaked.flatMap((one) => one.reds).filter(({ id }) => ids.includes(id));
    const fault = (wrong: string, concerned: readonly string[] = []) => [{ row, wrong, ids: [...concerned] }];
    return [
      ...(never.length > 0 ? fault('no defect was seen to turn them red (phase9 defects)', never) : []),
      ...(outdated.length > 0 ? fault('they were seen red with another suite or SUT (phase9 defects)', outdated) : []),
      ...(runs < SOAK_RUNS ? fault(`${runs} of ${SOAK_RUNS} runs on the healthy SUT were made (phase9 soak)`) : []),
      ...(reds.length > 0 ? fault('red on the healthy SUT', [...new Set(reds.map(({ id }) => id))]) : []),
      ...(holes.length > 0 ? fault(`${holes.length} mutants are judged to show a hole (audit/mutants.yaml)`) : []),
    ];
  });
}
