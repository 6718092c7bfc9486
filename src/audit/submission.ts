import type { Bundle, BundledRecord } from '../evidence/bundle';
import type { EvidenceRecord } from '../evidence/record';
import type { Signature } from '../evidence/signature';
import type { SecretSeen } from '../secrets/scan';
import type { Contract, DerivedContract } from '../spec/contract';
import type { Ledger } from '../spec/ledger';
import type { NamedAmendment } from './amendment';
import type { SutKind, WorkQueue } from './work-queue';

/**
 * A record that a bundle lists, and what was found at its place. A mere audit leaves out the fields that no gate reads (expected,
 * observed, seen), so that a hundred thousand records fit into memory.
 */
export interface SubmittedRecord {
  readonly listed: BundledRecord;
  /** `sha256` of the file's bytes; or the reason why there is no record: no file, no JSON, another shape. */
  readonly found: { readonly sha256: string; readonly record: EvidenceRecord } | { readonly problem: string };
}

/** One run's evidence, as it lies on disk. */
export interface Submission {
  /** Path of bundle.json, as a reader can open it. */
  readonly where: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
  readonly bundle: Bundle;
  readonly records: readonly SubmittedRecord[];
  /** Further files that the bundle lists and that are not there as it lists them; `problem` is the end of a sentence. */
  readonly spoilt: readonly { readonly path: string; readonly problem: string }[];
  /** Evidence beside the bundle that it does not list, by path. */
  readonly unlisted: readonly string[];
  readonly secrets: readonly SecretSeen[];
  /** Null where signatures are not required. */
  readonly signature: Signature | null;
}

/** A step of the features that makes an assertion; a record must agree with it. */
export interface SpecifiedStep {
  readonly id: string;
  readonly variant: string | null;
  /** `file:line` of the scenario. */
  readonly scenario: string;
  readonly step: string;
  /** `file:line` of the step definition. */
  readonly definition: string;
  /** The fixture whose restore it asserts; null for any other assertion. */
  readonly cleansUp: string | null;
}

/** The instance that a product manifest describes, as far as registry and session show it. */
export interface ExpectedInstance {
  readonly agent: string;
  readonly provider: string;
  readonly model: string;
  readonly messaging: readonly string[];
  readonly policyPresets: readonly string[];
}

export interface NamedContract {
  /** Relative to the repository. */
  readonly file: string;
  /** As it stands there, with what follows from its features and the ledger. */
  readonly contract: Contract & DerivedContract;
}

/** Everything that an audit reads, as plain data: a second audit of it has the same result. */
export interface AuditInput {
  /** Now, as UTC ISO 8601: later evidence and expired amendments do not count. */
  readonly now: string;
  /** The rows asked for. */
  readonly rows: readonly string[];
  /** The kinds of system under test asked for. */
  readonly kinds: readonly SutKind[];
  readonly ledger: Ledger;
  readonly specification: readonly SpecifiedStep[];
  /** SHA-256 of every file of the suite, by path relative to the repository, and of the suite as a whole. */
  readonly checkout: ReadonlyMap<string, string>;
  readonly contracts: readonly NamedContract[];
  readonly manifests: ReadonlyMap<string, ExpectedInstance>;
  readonly queue: WorkQueue;
  readonly amendments: readonly NamedAmendment[];
  readonly submissions: readonly Submission[];
  /** Secrets in committed files: manifests, contracts, fixtures, audit. */
  readonly secrets: readonly SecretSeen[];
}
