import { existsSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { REPOSITORY } from '../repository';
import type { RunContext } from '../run-context';
import { COMMITTED, filesUnder, type SecretSeen, scanFiles } from '../secrets/scan';
import { isSearchable } from '../secrets/values';
import { loadManifest, manifestNames } from '../spec/manifest';
import { Journal } from '../world/obligations/journal';
import { isUnderWay } from '../world/obligations/recovery';

/** What a search for secrets saw. */
export interface SecretScan {
  readonly files: number;
  readonly found: readonly SecretSeen[];
}

/** Values of the variables that contain credentials of a product's owner: those that the manifests name, as far as they are set. */
export function credentialsOf(environment: NodeJS.ProcessEnv): string[] {
  const names = new Set(manifestNames().flatMap((name) => loadManifest(name).spec.state.credentialRefs));
  return [...names].flatMap((name) => environment[name] ?? []).filter(isSearchable);
}

/**
 * Searches what a run leaves behind when it is over: its directory, the journals that are left of it and of dead runs, and what is
 * committed. Writes `secrets.json` beside the bundle, also when there is nothing to list.
 */
export async function scanRun({ run, reports, state, journals }: RunContext): Promise<SecretScan> {
  const secrets = credentialsOf(process.env);
  const groups = [
    { files: filesUnder(reports), base: reports },
    { files: filesUnder(journals).filter((file) => isOurs(file, run)), base: state },
    { files: filesUnder(...COMMITTED), base: REPOSITORY },
  ];
  const found: SecretSeen[] = [];
  for (const { files, base } of groups) found.push(...(await scanFiles(files, { base, secrets })));
  const scan = { files: groups.reduce((sum, { files }) => sum + files.length, 0), found };
  writeFileAtomic.sync(path.join(reports, 'secrets.json'), `${JSON.stringify(scan, null, 2)}\n`);
  return scan;
}

/** A journal of another run under way is for that run to search. */
function isOurs(file: string, run: string): boolean {
  if (path.basename(file).startsWith(`${run}-`)) return true;
  try {
    return !isUnderWay(Journal.read(file));
  } catch {
    // Broken, or finished meanwhile.
    return existsSync(file);
  }
}
