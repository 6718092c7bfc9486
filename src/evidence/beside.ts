import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../sha256';

const SUMMARY = 'summary.json';
const ALONE: readonly string[] = ['run.json', 'secrets.json', SUMMARY];
const SCENARIOS = 'scenarios';

/** The evidence of a run besides its records and bundle, as far as it is there: plan, scenarios' summaries, search for secrets, summary. */
export function filesBeside(runDirectory: string): string[] {
  const top = readdirSync(runDirectory, { withFileTypes: true });
  const hasScenarios = top.some((one) => one.name === SCENARIOS && one.isDirectory());
  const scenarios = hasScenarios ? readdirSync(path.join(runDirectory, SCENARIOS)) : [];
  return [
    ...top.map(({ name }) => name).filter((name) => ALONE.includes(name)),
    ...scenarios.filter((name) => name.endsWith('.json')).map((name) => `${SCENARIOS}/${name}`),
  ].sort();
}

/**
 * The digest under which a bundle lists such a file: SHA-256 of its bytes. The summary names the bundle's own digest, so that it is taken
 * without that field.
 */
export function digestBeside(name: string, bytes: Buffer): string {
  return sha256(name === SUMMARY ? withoutBundle(bytes) : bytes);
}

/** The files with their digests, for a bundle. */
export function digestsBeside(runDirectory: string): { readonly path: string; readonly sha256: string }[] {
  return filesBeside(runDirectory).map((name) => ({
    path: name,
    sha256: digestBeside(name, readFileSync(path.join(runDirectory, name))),
  }));
}

/** Whether a summary names that bundle; true for any other file. */
export function namesBundle(name: string, bytes: Buffer, bundle: string): boolean {
  return name !== SUMMARY || BUNDLE_DIGEST.exec(bytes.toString('latin1'))?.[1] === bundle;
}

const BUNDLE_DIGEST = /^ {2}"bundleSha256": "([^"]*)",?$/m;

function withoutBundle(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(BUNDLE_DIGEST, ''), 'latin1');
}
