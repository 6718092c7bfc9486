import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { tryDocker } from '../shared/docker';
import { prettyJson } from '../shared/json';
import { lastLines, stripAnsi } from '../shared/output';
import { readIfPresent, writePrivateFile } from '../shared/private-file';
import { sha256 } from '../shared/sha256';
import { type AgentManifest, baseImageReference, baseImageVariable } from './agent-manifest';
import { CommandFailure } from './failure';
import { imageVersionsFile, sourceRoot } from './places';
import { isBelow, versionIn } from './version';

const ImageVersionsSchema = z.record(z.string(), z.string());

export interface BaseImage {
  readonly reference: string;
  readonly id: string;
  /** The version that the agent's version command prints in this image. */
  readonly version: string;
}

async function imageId(reference: string): Promise<string | undefined> {
  const result = await tryDocker(['image', 'inspect', '--format', '{{.Id}}', reference]);
  if (result.status === 0) return result.stdout.trim();
  if (/no such image/i.test(result.stderr)) return undefined;
  throw new CommandFailure(`Docker does not report whether there is an image ${reference}: ${result.stderr.trim()}`);
}

function knownVersions(): Record<string, string> {
  try {
    return ImageVersionsSchema.parse(JSON.parse(readIfPresent(imageVersionsFile()) ?? '{}'));
  } catch {
    return {}; // a cache: an unreadable one is made again
  }
}

/**
 * Asks the agent in the image for its version. The answer is remembered by image ID, because a tag can move.
 * @throws CommandFailure with the agent's output when that holds no version.
 */
async function versionInside(reference: string, id: string, manifest: AgentManifest): Promise<string> {
  const key = `${id} ${manifest.name}`;
  const known = knownVersions();
  if (known[key] !== undefined) return known[key];
  const [program = '', ...args] = manifest.version_command;
  const result = await tryDocker(['run', '--rm', '--network', 'none', '--entrypoint', program, id, ...args]);
  const version = versionIn(`${result.stdout}\n${result.stderr}`, manifest.version_pattern);
  if (version === undefined) {
    const printed = lastLines(`${result.stdout}\n${result.stderr}`, 3).join(' ');
    throw new CommandFailure([
      `The base image ${reference} shows no ${manifest.display_name}: \`${manifest.version_command.join(' ')}\` in it ended with status ${result.status} and printed no version: ${printed || 'nothing'}`,
      `Point ${baseImageVariable(manifest)} at a base image of this agent, or unset it.`,
    ]);
  }
  await writePrivateFile(imageVersionsFile(), prettyJson({ ...known, [key]: version }));
  return version;
}

/** The base image under its reference, with the version seen inside; undefined where there is no such image. */
export async function inspectBaseImage(manifest: AgentManifest): Promise<BaseImage | undefined> {
  const reference = baseImageReference(manifest);
  const id = await imageId(reference);
  if (id === undefined) return undefined;
  return { reference, id, version: await versionInside(reference, id, manifest) };
}

/** Label with the digest of the Dockerfile that a base was built from. */
const RECIPE_LABEL = 'nemoclaw.base.recipe';

function recipeOf(manifest: AgentManifest): string {
  return sha256(readFileSync(join(sourceRoot(), manifest.base_dockerfile)));
}

/** Whether our own base was built from this release's Dockerfile. A base that the owner names counts as right. */
async function hasOwnRecipe(manifest: AgentManifest, image: BaseImage): Promise<boolean> {
  if (image.reference !== manifest.base_image) return true;
  const format = `{{index .Config.Labels "${RECIPE_LABEL}"}}`;
  const result = await tryDocker(['image', 'inspect', '--format', format, image.id]);
  return result.stdout.trim() === recipeOf(manifest);
}

/** Builds the base image from this release's Dockerfile and moves the reference to it. */
export async function buildBaseImage(manifest: AgentManifest): Promise<BaseImage> {
  const reference = baseImageReference(manifest);
  const root = sourceRoot();
  // Everything that a base needs is copied into it: its build needs no network.
  const dockerfile = join(root, manifest.base_dockerfile);
  const label = `${RECIPE_LABEL}=${recipeOf(manifest)}`;
  const build = ['--force-rm', '--network', 'none', '--label', label, '-f', dockerfile, '-t', reference, root];
  let result = await tryDocker(['build', ...build]);
  // Without BuildKit a cached layer can vanish with another image between lookup and use.
  if (result.status !== 0) result = await tryDocker(['build', '--no-cache', ...build]);
  if (result.status !== 0) {
    throw new CommandFailure([
      `The ${manifest.display_name} base image ${reference} could not be built from ${manifest.base_dockerfile}:`,
      ...lastLines(stripAnsi(`${result.stdout}\n${result.stderr}`), 6),
    ]);
  }
  const built = await inspectBaseImage(manifest);
  if (built === undefined) throw new CommandFailure(`The base image ${reference} was built and then was not there.`);
  return built;
}

/**
 * The base image for a rebuild: the present one when its agent has at least the expected version, else a freshly built
 * one. @throws CommandFailure when even that one is too old.
 */
export async function currentBaseImage(manifest: AgentManifest, report: (line: string) => void): Promise<BaseImage> {
  const found = await inspectBaseImage(manifest);
  const current = found !== undefined && !isBelow(found.version, manifest.expected_version);
  if (current && (await hasOwnRecipe(manifest, found))) return found;
  report(
    found === undefined || current
      ? `Building the ${manifest.display_name} base image ${baseImageReference(manifest)}...`
      : `Base image ${found.reference} holds ${manifest.display_name} v${found.version}; refreshing it to v${manifest.expected_version}...`,
  );
  const built = await buildBaseImage(manifest);
  if (isBelow(built.version, manifest.expected_version)) {
    throw new CommandFailure(
      `The refreshed base image ${built.reference} still holds v${built.version}; v${manifest.expected_version} is expected.`,
    );
  }
  return built;
}
