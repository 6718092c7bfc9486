import path from 'node:path';
import { registeredSecrets } from './redact';
import { filesUnder, scanFiles, secretLine } from './scan';

/**
 * Searches what a scenario leaves behind until everything is put back: the output of all its commands, in `logs` of its directory, and
 * its journal. Never throws: everything has still to be put back.
 * @returns a complaint, or undefined
 */
export async function leaksOf(directory: string, journal: string): Promise<string | undefined> {
  try {
    const files = filesUnder(path.join(directory, 'logs'), journal);
    const seen = await scanFiles(files, { base: directory, secrets: registeredSecrets() });
    if (seen.length === 0) return undefined;
    return `secrets in what the scenario leaves behind:\n${seen.map((one) => `  ${secretLine(one)}`).join('\n')}`;
  } catch (error) {
    return `what the scenario leaves behind could not be searched for secrets: ${error instanceof Error ? error.message : String(error)}`;
  }
}
