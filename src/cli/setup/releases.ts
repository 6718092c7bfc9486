import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';
import { digestOfFiles, type Freshness, filesBelow, imageState, stampState } from './inputs';
import { referenceInputs } from './reference';

/** Image of the old release's gateway. */
const CLUSTER_IMAGE = 'nemoclaw-reference/openshell-cluster:0.0.36';

/** Digest of the releases' inputs: the sources of the compiled reference SUT, and their own. */
function releaseInputs(repository: string): string {
  const sources = ['releases', 'supply/cluster'].map((name) => path.join(repository, 'reference-sut', name));
  return digestOfFiles(repository, sources.flatMap(filesBelow), referenceInputs(repository)).slice(0, 32);
}

/** Whether the image of the old gateway has the content that these releases were made with. */
async function clusterImageState(repository: string, signal: AbortSignal): Promise<Freshness> {
  const digest = path.join(repository, 'reference-sut', 'dist-releases', 'cluster-image.digest');
  if (!existsSync(digest)) return 'missing';
  return imageState(CLUSTER_IMAGE, readFileSync(digest, 'utf8').trim(), signal);
}

/**
 * Makes the releases that installers find (a git repository, release assets, the image of the old gateway) unless the existing ones come
 * from the present sources.
 * @returns whether they were made.
 * @throws UserError with the output of the program that makes them.
 */
export async function makeReleases(repository: string, signal: AbortSignal): Promise<boolean> {
  const inputs = releaseInputs(repository);
  const stamp = path.join(repository, 'reference-sut', 'dist-releases', '.stamp');
  if (stampState(stamp, inputs) === 'fresh' && (await clusterImageState(repository, signal)) === 'fresh') return false;
  const program = path.join(repository, 'reference-sut', 'releases', 'main.ts');
  const args = ['--require', require.resolve('ts-node/register'), program];
  const end = await callProgram(process.execPath, args, {
    env: { ...process.env, TS_NODE_PROJECT: path.join(repository, 'tsconfig.json') },
    cwd: repository,
    within: 120_000,
    signal,
  });
  if (end.status !== 0) throw new UserError(`the releases could not be made: ${describeEnd(end, 15)}`);
  writeFileSync(stamp, `${inputs}\n`);
  return true;
}
