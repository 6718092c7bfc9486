import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../user-error';
import { Interrupted } from '../run-action';
import { callProgram, toldBy } from './program';
import { filesBelow, referenceInputs } from './reference';

/** Image of the old release's gateway. */
const CLUSTER_IMAGE = 'nemoclaw-reference/openshell-cluster:0.0.36';

/** Digest of what the releases are made from: the compiled reference SUT's sources, and their own. */
function releaseInputs(repository: string): string {
  const hash = createHash('sha256').update(referenceInputs(repository));
  const sources = ['releases', 'supply/cluster'].map((name) => path.join(repository, 'reference-sut', name));
  for (const file of sources.flatMap(filesBelow)) {
    hash
      .update(`${path.relative(repository, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

/**
 * Makes the releases that installers find (a git repository, release assets, the image of the old gateway) unless those
 * that are there come from the sources of now.
 * @returns whether they were made.
 * @throws CommandProblem with what the program said.
 */
export async function makeReleases(repository: string, signal: AbortSignal): Promise<boolean> {
  const inputs = releaseInputs(repository);
  const stamp = path.join(repository, 'reference-sut', 'dist-releases', '.stamp');
  const made = existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === inputs;
  if (made && (await imageInputs(repository, signal)) === inputs) return false;
  const program = path.join(repository, 'reference-sut', 'releases', 'main.ts');
  const args = ['--require', require.resolve('ts-node/register'), program, '--inputs', inputs];
  const end = await callProgram(process.execPath, args, {
    env: { ...process.env, TS_NODE_PROJECT: path.join(repository, 'tsconfig.json') },
    cwd: repository,
    within: 120_000,
    signal,
  });
  if (end.reason === 'interrupted') throw new Interrupted();
  if (end.status !== 0) throw new UserError(`the releases could not be made: ${toldBy(end, 15)}`);
  writeFileSync(stamp, `${inputs}\n`);
  return true;
}

/** The inputs that the old gateway's image was made from, or '' where there is none. */
async function imageInputs(repository: string, signal: AbortSignal): Promise<string> {
  const format = '{{index .Config.Labels "phase9.inputs"}}';
  const end = await callProgram('docker', ['image', 'inspect', '--format', format, CLUSTER_IMAGE], {
    env: process.env,
    cwd: repository,
    within: 30_000,
    signal,
  });
  if (end.reason === 'interrupted') throw new Interrupted();
  return end.status === 0 ? end.stdout.trim() : '';
}
