import path from 'node:path';
import { reasonOf } from '../reason';
import { registeredSecrets } from './redact';
import { filesUnder, scanFiles, secretLine } from './scan';

/**
 * Searches the files that a scenario keeps until its restore: the output of all its commands, in `logs` of its directory, and its
 * journal. Never throws, because the restore has still to follow.
 * @returns the findings as one text; undefined when there are none
 */
export async function leaksOf(directory: string, journal: string): Promise<string | undefined> {
  try {
    const files = filesUnder(path.join(directory, 'logs'), journal);
    const seen = await scanFiles(files, { base: directory, secrets: registeredSecrets() });
    if (seen.length === 0) return undefined;
    return `secrets in the files of the scenario:\n${seen.map((one) => `  ${secretLine(one)}`).join('\n')}`;
  } catch (error) {
    return `the files of the scenario could not be searched for secrets: ${reasonOf(error)}`;
  }
}
