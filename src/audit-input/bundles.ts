import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Submission, SubmittedRecord } from '../audit/submission';
import { digestBeside, filesBeside, namesBundle } from '../evidence/beside';
import { type Bundle, bundleSchema } from '../evidence/bundle';
import { type EvidenceRecord, recordSchema } from '../evidence/record';
import { sha256 } from '../sha256';
import { UserError } from '../user-error';
import { parseSubmitted, readSubmitted } from './submitted-file';

const BUNDLE = 'bundle.json';

/**
 * The bundles that `given` names: a bundle.json, a run's directory, or a directory with runs at any depth (links are not followed, so
 * that `latest` does not count twice).
 * @throws UserError when there is none.
 */
export function findBundles(given: string): string[] {
  if (!existsSync(given)) throw new UserError(`${given}: no such bundle, run or directory`);
  if (!statSync(given).isDirectory()) return [given];
  if (existsSync(path.join(given, BUNDLE))) return [path.join(given, BUNDLE)];
  const found = bundlesBelow(given);
  if (found.length === 0) throw new UserError(`${given}: no bundle.json there; \`npx phase9 report RUN\` makes one`);
  return found;
}

/** Whether {@link findBundles} finds one there. */
export function hasBundles(given: string): boolean {
  if (!existsSync(given)) return false;
  return !statSync(given).isDirectory() || existsSync(path.join(given, BUNDLE)) || bundlesBelow(given).length > 0;
}

function bundlesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map((one) => path.join(directory, one.name))
    .sort()
    .flatMap((inside) => (existsSync(path.join(inside, BUNDLE)) ? [path.join(inside, BUNDLE)] : bundlesBelow(inside)));
}

/**
 * Reads a bundle and the records beside it that it lists; `for-audit` leaves out the fields that no gate reads.
 * @throws UserError when it is not a bundle.
 */
export function readSubmission(file: string, keep: 'whole' | 'for-audit'): Omit<Submission, 'secrets' | 'signature'> {
  const read = readSubmitted(file);
  if ('problem' in read) throw new UserError(`${file} ${read.problem}`);
  const { bytes } = read;
  const content = parseSubmitted(bytes);
  if ('problem' in content) throw new UserError(`${file}: no evidence bundle: ${content.problem}`);
  if (isMerged(content.value)) {
    throw new UserError(`${file} is a merged statement, without the records: audit the runs that it was merged from`);
  }
  const parsed = bundleSchema.safeParse(content.value);
  if (!parsed.success) throw new UserError(`${file}: no evidence bundle: ${z.prettifyError(parsed.error)}`);
  const bundle = parsed.data;
  const directory = path.dirname(file);
  const listed = bundle.predicate['phase9/v1'].records;
  const keeping = keep === 'whole' ? (record: EvidenceRecord) => record : compact();
  const records = listed.map((one): SubmittedRecord => ({ listed: one, found: found(directory, one.path, keeping) }));
  const digest = sha256(bytes);
  const beside = bundle.predicate['phase9/v1'].files ?? [];
  const paths = new Set([...listed, ...beside].map((one) => one.path));
  return {
    where: path.relative(process.cwd(), file) || file,
    digest,
    bundle,
    records,
    spoilt: beside.flatMap((one) => spoiltBeside(directory, one, digest)),
    unlisted: [...evidenceFiles(directory), ...filesBeside(directory)].filter((one) => !paths.has(one)),
  };
}

/** Leaves out of records the fields that no gate reads, and keeps values that many of them share once. */
function compact(): (record: EvidenceRecord) => EvidenceRecord {
  const known = new Map<string, unknown>();
  const once = <T>(value: T): T => {
    const text = JSON.stringify(value);
    if (!known.has(text)) known.set(text, value);
    return known.get(text) as T;
  };
  const something = { leftOut: true };
  const nothing = {};
  return (record) => ({
    ...record,
    expected: '',
    observed: '',
    sut: once(record.sut),
    fixtures: record.fixtures.map(once),
    trace: record.trace.map((one) => ({ ...one, seen: Object.keys(one.seen).length === 0 ? nothing : something })),
  });
}

function found(
  directory: string,
  relative: string,
  keeping: (record: EvidenceRecord) => EvidenceRecord,
): SubmittedRecord['found'] {
  const file = path.resolve(directory, relative);
  if (!file.startsWith(path.resolve(directory) + path.sep)) return { problem: `${relative} lies outside the bundle` };
  const read = readSubmitted(file, directory);
  if ('problem' in read) return { problem: `${relative} ${read.problem}` };
  const content = parseSubmitted(read.bytes);
  if ('problem' in content) return { problem: `${relative} is no evidence record: ${content.problem}` };
  const parsed = recordSchema.safeParse(content.value);
  if (!parsed.success) return { problem: `${relative} is no evidence record: ${z.prettifyError(parsed.error)}` };
  return { sha256: sha256(read.bytes), record: keeping(parsed.data) };
}

type ListedFile = NonNullable<Bundle['predicate']['phase9/v1']['files']>[number];

function spoiltBeside(
  directory: string,
  { path: name, sha256: listed }: ListedFile,
  bundle: string,
): Submission['spoilt'] {
  const file = path.resolve(directory, name);
  const read = readSubmitted(file, directory);
  if ('problem' in read) return [{ path: name, problem: read.problem }];
  if (digestBeside(name, read.bytes) !== listed) return [{ path: name, problem: 'is not as the bundle lists it' }];
  return namesBundle(name, read.bytes, bundle) ? [] : [{ path: name, problem: 'names another bundle' }];
}

function evidenceFiles(directory: string): string[] {
  const root = path.join(directory, 'evidence');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.relative(directory, path.join(one.parentPath, one.name)))
    .sort();
}

function isMerged(value: unknown): boolean {
  return mergedSchema.safeParse(value).success;
}

const mergedSchema = z.object({ predicate: z.object({ 'phase9/merged/v1': z.unknown() }) });
