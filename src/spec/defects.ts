import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inRepository } from '../repository';
import { sha256 } from '../sha256';
import { UserError } from '../user-error';
import { parseYamlFile } from '../yaml-file';
import { loadLedger } from './ledger';

const changeSchema = z.strictObject({
  /** Path from the root of the repository. */
  file: z.string().regex(/^(reference-sut|src|fixtures|manifests)\/[\w./@-]+$/, 'is no file of the SUT or the suite'),
  /** Text that stands in the file exactly once. */
  replace: z.string().min(1),
  by: z.string(),
});

const defectSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'is not lower-case words joined by hyphens'),
  what: z.string().regex(/^[A-Z].{10,}\.$/, 'what the defective SUT does, in a sentence'),
  change: z.array(changeSchema).min(1),
  /** Assertions that it must turn red. */
  red: z.array(z.string()).min(1),
  /** Assertions that it may turn red, too, or that are not run behind it. */
  also: z.array(z.string()).default([]),
  /** Part of the names of the scenarios in which it is tried, where its assertions are made in several. */
  scenario: z.string().min(3).optional(),
  /** Never in one build with another. */
  alone: z.boolean().default(false),
});

const fileSchema = z.strictObject({ version: z.literal(1), defects: z.array(defectSchema).min(1) });

/** A defect that assertions of the ledger must see: small replacements in a copy of the reference SUT, or of the suite's own fixtures. */
export type Defect = z.output<typeof defectSchema>;
export type Change = Defect['change'][number];

/** Where the defects stand, relative to the repository: one file a subject. */
const DEFECTS = 'reference-sut/defects';

/**
 * All defects, in the order of their files.
 * @throws UserError (file:line:column for a malformed file) for an ID that the ledger has not, and for a name that stands there twice
 */
export function loadDefects(directory = inRepository(DEFECTS)): readonly Defect[] {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => path.join(directory, name));
  const defects = files.flatMap((file) => parseYamlFile(file, readFileSync(file, 'utf8'), fileSchema).defects);
  const { byId } = loadLedger();
  const names = new Set<string>();
  for (const { name, red, also } of defects) {
    if (names.has(name)) throw new UserError(`${directory}: the defect ${name} stands there twice`);
    names.add(name);
    const unknown = [...red, ...also].filter((id) => !byId.has(id));
    if (unknown.length > 0) throw new UserError(`${directory}: ${name}: the ledger has no ${unknown.join(', ')}`);
  }
  return defects;
}

/** Digest of what a defect changes: a proof holds for it alone. */
export function defectDigest({ change }: Defect): string {
  return sha256(JSON.stringify(change));
}

/**
 * `text` with the change made. @param before names what is changed, for messages
 * @throws UserError when the text to replace does not stand there exactly once
 */
export function changed(text: string, { file, replace, by }: Change, defect: string): string {
  const parts = text.split(replace);
  if (parts.length === 2) return parts.join(by);
  const times = parts.length === 1 ? 'not there' : `there ${parts.length - 1} times`;
  throw new UserError(`the defect ${defect}: its text in ${file} is ${times}: ${JSON.stringify(replace.slice(0, 80))}`);
}
