import type { AssertionContext } from '../evidence/assertion';
import { sha256 } from '../sha256';
import { neededPrograms, programText } from '../staging/openshell-releases';
import type { ReleaseRequest } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import { refuses, succeeds } from './command';

export function installerSucceeds(a: AssertionContext, world: Phase9World): void {
  succeeds(a, world.get('outcome'), 'the installer');
}

/** What the release host was asked for; where it was asked for nothing, a comparison about it proves nothing, and this one fails. */
export function requestsMade(a: AssertionContext, world: Phase9World): readonly ReleaseRequest[] {
  const requests = a.see(world.get('requests'));
  a.isNotEmpty(
    'requests to the release host',
    requests.map(({ tag, asset }) => `${asset} of ${tag}`),
  );
  return requests;
}

/** The calls of the recording programs; where there is none, a comparison about them proves nothing, and this one fails. */
export function callsMade(a: AssertionContext, world: Phase9World): readonly (readonly string[])[] {
  const calls = a.see(world.get('calls'));
  a.isNotEmpty(
    'calls of the recording programs',
    calls.map((call) => call.join(' ')),
  );
  return calls;
}

/** Each value once, sorted. */
export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

/** What became of the files of a machine: the paths that changed, came or went. */
export function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((file) => {
    const [was, is] = [before.get(file), after.get(file)];
    if (was === is) return [];
    if (was === undefined) return [`${file} is new`];
    return [is === undefined ? `${file} is gone` : `${file} is another`];
  });
}

/** SHA-256 of the programs of the pinned release that a machine of the scenario's platform needs, by their path on it. */
export function pinnedPrograms(world: Phase9World): Readonly<Record<string, string>> {
  const { pinned } = world.profile.release.openshellInstaller;
  const programs = neededPrograms(world.get('releases').platform);
  return Object.fromEntries(programs.map((name) => [`bin/${name}`, sha256(programText(name, pinned))]));
}

/** SHA-256 of the programs at those paths, as they are; behind it the mode of one that its owner cannot execute, or anybody can write. */
export function programsIn(files: ReadonlyMap<string, string>, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((one) => [one, programOf(files.get(one) ?? 'no such file')]));
}

function programOf(file: string): string {
  const [, sum, mode = ''] = /^([0-9a-f]{64}) ([0-7]+)$/.exec(file) ?? [];
  if (sum === undefined) return file;
  const bits = Number.parseInt(mode, 8);
  if ((bits & 0o100) === 0) return `${sum}, not executable (mode ${mode})`;
  return (bits & 0o002) === 0 ? sum : `${sum}, writable by anybody (mode ${mode})`;
}

/**
 * Whenever the tampered archive was handed out, the installer failed for that archive's checksum, and the machine has the same files
 * as before; with no archive tampered with, it succeeds.
 */
export function refusesTamperedDownloads(a: AssertionContext, world: Phase9World): void {
  let handedOut = 0;
  for (const { archive, outcome, requests, before, after } of world.get('tamperedRuns')) {
    // An installer that did not request the archive has not refused it either; other assertions check what it must request.
    if (!a.see(requests).some(({ asset, release }) => asset === archive.asset && release !== null)) continue;
    handedOut += 1;
    const output = refuses(a, outcome, `the installer with ${archive.asset} tampered with`);
    a.includes('its output', output, `checksum verification failed for ${archive.asset}`);
    const files = a.see(before);
    a.includes('programs installed before', [...files.keys()], 'bin/openshell');
    a.equals('SHA-256 and mode of every file afterwards', Object.fromEntries(a.see(after)), Object.fromEntries(files));
  }
  a.atLeast('runs in which the tampered archive was handed out', handedOut, 1);
  succeeds(a, world.get('untamperedRun'), 'the installer with no archive tampered with');
}
