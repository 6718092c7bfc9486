import type { Bundle, BundledRecord } from '../evidence/bundle';
import type { EvidenceRecord } from '../evidence/record';
import type { SecretSeen } from '../secrets/scan';
import type { Contract } from '../spec/contract';
import type { Ledger } from '../spec/ledger';
import type { NamedAmendment } from './amendment';
import type { SutKind, WorkQueue } from './work-queue';

/**
 * A record that a bundle lists, and what was found where it should lie. Who only audits may leave out what no gate reads
 * (expected, observed, seen), so that a hundred thousand records fit into memory.
 */
export interface SubmittedRecord {
  readonly listed: BundledRecord;
  /** `sha256` of the file's bytes; or why there is no record: no file, no JSON, not a record's shape. */
  readonly found: { readonly sha256: string; readonly record: EvidenceRecord } | { readonly problem: string };
}

/** One run's evidence, as it lies on disk. */
export interface Submission {
  /** Path of bundle.json as the reader may open it. */
  readonly where: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
  readonly bundle: Bundle;
  readonly records: readonly SubmittedRecord[];
  /** Records that lie beside the bundle and that it does not list, by path. */
  readonly unlisted: readonly string[];
  readonly secrets: readonly SecretSeen[];
}

/** A step of the features that makes an assertion: what a record must agree with. */
export interface SpecifiedStep {
  readonly id: string;
  readonly variant: string | null;
  /** `file:line` of the scenario. */
  readonly scenario: string;
  readonly step: string;
  /** `file:line` of the step definition. */
  readonly definition: string;
  /** The fixture whose putting back it asserts; null for any other assertion. */
  readonly cleansUp: string | null;
}

/** What a product manifest says of the instance, as far as registry and session show it. */
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
  readonly contract: Contract;
}

/** Everything that an audit looks at. Plain data: who audits it again finds the same. */
export interface AuditInput {
  /** Now, as UTC ISO 8601: evidence from later, and amendments that have expired, do not count. */
  readonly now: string;
  /** The rows asked for. */
  readonly rows: readonly string[];
  /** The kinds of system under test asked for. */
  readonly kinds: readonly SutKind[];
  readonly ledger: Ledger;
  readonly specification: readonly SpecifiedStep[];
  /** SHA-256 of the checkout's files, by path relative to it: those that the bundles name in their configuration. */
  readonly checkout: ReadonlyMap<string, string>;
  readonly contracts: readonly NamedContract[];
  readonly manifests: ReadonlyMap<string, ExpectedInstance>;
  readonly queue: WorkQueue;
  readonly amendments: readonly NamedAmendment[];
  readonly submissions: readonly Submission[];
  /** Secrets in what is committed: manifests, contracts, fixtures. */
  readonly secrets: readonly SecretSeen[];
}
