import path from 'node:path';
import type { AuditInput, Submission } from '../audit/submission';
import { type SutKind, sutKinds } from '../audit/work-queue';
import { REPOSITORY } from '../repository';
import { COMMITTED, filesUnder, scanFiles } from '../secrets/scan';
import { loadLedger } from '../spec/ledger';
import { UserError } from '../user-error';
import { findBundles, readSubmission } from './bundles';
import { checkoutDigests, loadAmendments, loadContracts, loadInstances, loadQueue } from './repository';
import { readSignature } from './signature';
import type { Trust } from './trust';

export interface AuditRequest {
  /** Bundles, runs, or directories of runs. */
  readonly paths: readonly string[];
  /** Rows asked for; all of the ledger's when empty. */
  readonly rows: readonly string[];
  /** Kinds of system under test asked for; those that the bundles are about when empty. */
  readonly kinds: readonly SutKind[];
  readonly now: Date;
  /** The steps of the features that make assertions, as `phase9 trace` prints them. */
  readonly specification: AuditInput['specification'];
  /** Whether records keep the fields that no gate reads, for a report. */
  readonly keep: 'whole' | 'for-audit';
  /** Whose signatures count, where they are required. */
  readonly trust?: Trust;
}

/**
 * Reads everything that an audit needs.
 * @throws UserError when something asked for does not exist or is malformed.
 */
export async function loadAudit(request: AuditRequest): Promise<AuditInput> {
  const { paths, rows, kinds, now, specification, keep, trust } = request;
  const ledger = loadLedger();
  const known = Object.keys(ledger.rows);
  const unknown = rows.filter((row) => !known.includes(row));
  if (unknown.length > 0) {
    throw new UserError(`the ledger has no row ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  }
  const contracts = loadContracts(specification);
  const queue = loadQueue();
  const amendments = loadAmendments();
  const manifests = loadInstances();
  const files = [...new Set(paths.flatMap(findBundles))];
  const submissions: Submission[] = [];
  for (const file of files) {
    const directory = path.dirname(file);
    const secrets = await scanFiles(filesUnder(directory), { base: directory });
    const submitted = readSubmission(file, keep);
    const signature = trust === undefined ? null : readSignature(file, submitted, trust);
    submissions.push({ ...submitted, secrets, signature });
  }
  const present = sutKinds.filter((kind) =>
    submissions.some(({ bundle }) => bundle.predicate['phase9/v1'].sut.kind === kind),
  );
  return {
    now: now.toISOString(),
    rows: rows.length > 0 ? known.filter((row) => rows.includes(row)) : known,
    kinds: kinds.length > 0 ? kinds : present,
    ledger,
    specification,
    checkout: checkoutDigests(),
    contracts,
    manifests,
    queue,
    amendments,
    submissions,
    secrets: await scanFiles(filesUnder(...COMMITTED), { base: REPOSITORY }),
  };
}
