import type { Verdict } from '../evidence/record';
import type { Boundary } from '../spec/boundary';
import type { Finding } from './finding';
import type { SutKind } from './work-queue';

/** The standing of one assertion of the ledger, in one variant, for one kind of system under test. */
export interface AssertionStanding {
  readonly id: string;
  readonly variant: string | null;
  readonly level: 'core' | 'extended';
  readonly boundary: Boundary;
  /** `missing`: no bundle has a record; `refused`: a gate does not accept the record. */
  readonly standing: Verdict | 'missing' | 'refused';
  /** The amendment in force, by file; null without one. */
  readonly amendment: string | null;
  /** Evidence: digest of the bundle, path of the record in it, and SHA-256 of the record. Null when there is none. */
  readonly evidence: { readonly bundle: string; readonly path: string; readonly sha256: string } | null;
}

/** The standing of a row for one kind of system under test. */
export interface RowStanding {
  readonly row: string;
  readonly title: string;
  readonly owner: string;
  readonly sut: SutKind;
  readonly evidence: 'unresolved' | 'evidence-complete';
  /** SHA-256 of the bundles with records of the row, sorted. */
  readonly bundles: readonly string[];
  /** Amendments in force for the row, by file. */
  readonly amendments: readonly string[];
  /** Why it is unresolved; for a row that is complete by amendments, what they amend. */
  readonly reasons: readonly string[];
  readonly assertions: readonly AssertionStanding[];
}

/** A bundle that was audited. */
export interface AuditedBundle {
  readonly digest: string;
  readonly run: string;
  readonly producer: string;
  readonly sut: {
    readonly kind: SutKind;
    readonly version: string;
    readonly commit: string | null;
    readonly treeDigest: string;
  };
  readonly startedAt: string;
  readonly result: 'PASSED' | 'WARNED' | 'FAILED';
}

/** The result of an audit. The same bundles in any order give the same result, byte for byte. */
export interface AuditResult {
  /** Whether every asked row is evidence-complete for every asked kind. */
  readonly complete: boolean;
  readonly rows: readonly RowStanding[];
  readonly findings: readonly Finding[];
  readonly bundles: readonly AuditedBundle[];
}
