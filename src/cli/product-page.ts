import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleOf, textOf } from '../evidence/bundle';
import { readRecords } from '../evidence/record';
import { type ProductRun, productPage } from '../report/product-page';
import { summarySchema } from '../run/summary';
import { sha256 } from '../sha256';
import { NO_NOTES, parseEnvironmentNotes } from '../spec/environment';
import type { KnownFailure } from '../spec/known-failures';
import { ledgerEntry } from '../spec/ledger';
import { UserError } from '../user-error';
import { writeOrRefuse } from './audit/reports';

/**
 * Writes what the runs in these directories showed of one release of a product, as a page in Markdown.
 * @param environment file with what is particular to their machine
 * @throws UserError when the runs are of several systems, or the notes are malformed.
 */
export function writeProductPage(
  file: string,
  directories: readonly string[],
  known: readonly KnownFailure[],
  environment: string | undefined,
): void {
  const runs = directories.map(productRun);
  const systems = new Set(runs.map(({ bundle }) => JSON.stringify(bundle.predicate['phase9/v1'].sut)));
  if (systems.size > 1) throw new UserError(`the runs are of ${systems.size} systems under test; a page is about one`);
  const notes = environment === undefined ? NO_NOTES : parseEnvironmentNotes(environment, readOrRefuse(environment));
  const page = productPage({ runs, known, environment: notes, rowOf: (id) => ledgerEntry(id).row });
  writeOrRefuse(file, () => writeFileSync(file, page));
}

function productRun(directory: string): ProductRun {
  const bundle = bundleOf(directory);
  const records = readRecords(directory).map(({ record }) => record);
  const file = path.join(directory, 'summary.json');
  const summary = existsSync(file) ? summarySchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
  return {
    ...{ bundle, records, sha256: sha256(textOf(bundle)), restored: summary?.restored },
    seconds: summary && Math.round(summary.wallMs / 1000),
  };
}

function readOrRefuse(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UserError(`${file} cannot be read`);
  }
}
