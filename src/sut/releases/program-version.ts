import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { textOf } from '../host-cli';
import type { Profile } from '../profile';
import { seconds } from '../until';
import type { Release } from './release';
import { PLACEHOLDER } from './tree-signs';

/** How long a program may take to print its version, in ms. */
const BOUND = seconds(20);

/** Whether the program that scenarios will call is of the release that the tree is of. */
export interface ProgramVersion {
  /** The version that it prints; null where it prints none. */
  readonly printed: string | null;
  /** Null where its output does not tell. */
  readonly agrees: boolean | null;
  /** What was asked, what came back, and what to do. */
  readonly sentence: string;
}

/** Compares a release with what `nemoclaw --version` printed; `output` is null where the program could not be called. */
export function programVersion(release: Release, output: string | null, reason = ''): ProgramVersion {
  const asked = '`nemoclaw --version`';
  if (output === null) {
    const sentence = `${asked} could not be called (${reason}): the release is known from the tree alone.`;
    return { printed: null, agrees: null, sentence };
  }
  const printed = release.versionOutput.exec(output)?.[1] ?? null;
  if (printed === null) {
    const first = output.trim().split('\n')[0] ?? '';
    return { printed, agrees: false, sentence: `${asked} printed no version of NemoClaw, but: ${first || 'nothing'}.` };
  }
  if (printed === PLACEHOLDER) {
    return {
      printed,
      agrees: null,
      sentence: `${asked} printed ${printed}, which every checkout without tags prints.`,
    };
  }
  const expected = release.treeVersion ?? release.signs.version;
  const agrees = printed === expected;
  const sentence = agrees
    ? `${asked} printed ${printed}, as the tree does.`
    : `${asked} printed ${printed}, and the tree is of ${expected}: the program belongs to another installation. Set NEMOCLAW_ROOT to the one that is to be tested.`;
  return { printed, agrees, sentence };
}

/** Calls `nemoclaw --version` of a profile, with a HOME of its own that is removed again. Never throws for how it ends. */
export async function askProgram(profile: Profile): Promise<ProgramVersion> {
  const { execa } = require('execa') as typeof import('execa');
  const [file, ...args] = profile.nemoclaw;
  const home = mkdtempSync(path.join(tmpdir(), 'phase9-version-'));
  try {
    const programs = profile.programs.map((directory) => path.join(profile.distribution, directory));
    const PATH = [...programs, process.env.PATH ?? '/usr/bin:/bin'].join(path.delimiter);
    const options = { reject: false, extendEnv: false, stdin: 'ignore', timeout: BOUND, encoding: 'buffer' } as const;
    const call = await execa(file, [...args, '--version'], { ...options, env: { PATH, HOME: home, TERM: 'dumb' } });
    if (call.exitCode === 0) return programVersion(profile.release, textOf(Buffer.from(call.stdout)));
    const how = call.exitCode === undefined ? (call.originalMessage ?? 'not started') : `exit status ${call.exitCode}`;
    return programVersion(profile.release, null, how);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
