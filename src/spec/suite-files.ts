import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRepository, REPOSITORY } from '../repository';

/** What decides what a run means: the specification, all code that carries it out, and the versions of all packages. */
const PLACES = [
  'audit/assertions.yaml',
  'contracts',
  'cucumber.js',
  'features',
  'fixtures',
  'manifests',
  'package-lock.json',
  'src',
];

/** The name under which a bundle has the digest of all of them together: a file that comes or goes changes it, too. */
export const SUITE = 'suite';

export interface SuiteFile {
  /** Path from the root of the repository; {@link SUITE} for the whole. */
  readonly name: string;
  readonly sha256: string;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function filesIn(place: string): string[] {
  const at = inRepository(place);
  const kind = statSync(at, { throwIfNoEntry: false });
  if (!kind?.isDirectory()) return kind ? [place] : [];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => path.relative(REPOSITORY, path.join(one.parentPath, one.name)));
}

/** Every file of the suite as it is now, and the suite as a whole, by SHA-256. */
export function suiteFiles(): readonly SuiteFile[] {
  const files = PLACES.flatMap(filesIn)
    .sort()
    .map((name) => ({ name, sha256: sha256(readFileSync(inRepository(name))) }));
  const whole = sha256(files.map((one) => `${one.sha256}  ${one.name}\n`).join(''));
  return [...files, { name: SUITE, sha256: whole }];
}
