import type Docker from 'dockerode';
import { sutTime } from './sut-time';

let client: Docker | undefined;

/** The Docker Engine that DOCKER_HOST names, or the local one. */
export function engine(): Docker {
  if (!client) {
    // A fifth of a second, which a dry run does not need.
    const Engine = require('dockerode') as typeof Docker;
    client = new Engine();
  }
  return client;
}

function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** `work`'s result, or undefined where the engine answers 404 (no such thing) or 409 (its removal is already under way). */
export async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await sutTime.of(work);
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 409) return undefined;
    throw error;
  }
}

export interface ContainerSeen {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly imageRef: string;
  readonly state: string;
}

function seen(one: Docker.ContainerInfo): ContainerSeen {
  const name = (one.Names[0] ?? '').replace(/^\//, '');
  return { id: one.Id, name, imageId: one.ImageID, imageRef: one.Image, state: one.State };
}

/** All containers, running or not, whose name begins with `prefix`. */
export async function containersNamed(prefix: string): Promise<ContainerSeen[]> {
  const all = await sutTime.of(() => engine().listContainers({ all: true, filters: { name: [`^/${prefix}`] } }));
  return all.map(seen).filter(({ name }) => name.startsWith(prefix));
}

/** All containers, running or not, with that value of the label. */
export async function containersLabelled(label: string, value: string): Promise<ContainerSeen[]> {
  const filters = { label: [`${label}=${value}`] };
  return (await sutTime.of(() => engine().listContainers({ all: true, filters }))).map(seen);
}

/** The image ID that `tag` points at, or null. */
export async function imageIdOf(tag: string): Promise<string | null> {
  return (await ifThere(() => engine().getImage(tag).inspect()))?.Id ?? null;
}

/** Every tag on the engine that matches `pattern`. */
export async function tagsMatching(pattern: RegExp): Promise<string[]> {
  const images = await sutTime.of(() => engine().listImages());
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => pattern.test(tag));
}

/** IDs of the images without a tag that stand on one of `bases`: they begin with all of its layers. */
export async function untaggedImagesOn(bases: readonly string[]): Promise<string[]> {
  const layersOf = async (id: string): Promise<readonly string[]> =>
    (await ifThere(() => engine().getImage(id).inspect()))?.RootFS?.Layers ?? [];
  const below = (await Promise.all(bases.map(layersOf))).filter((layers) => layers.length > 0);
  const untagged = await sutTime.of(() => engine().listImages({ filters: { dangling: ['true'] } }));
  const stands = await Promise.all(
    untagged.map(async ({ Id }) => {
      const layers = await layersOf(Id);
      return below.some((base) => layers.length >= base.length && base.every((one, at) => layers[at] === one));
    }),
  );
  return untagged.filter((_, at) => stands[at]).map(({ Id }) => Id);
}

export async function networkIdOf(name: string): Promise<string | null> {
  const networks = await sutTime.of(() => engine().listNetworks({ filters: { name: [name] } }));
  return networks.find((one) => one.Name === name)?.Id ?? null;
}

export async function volumeThere(name: string): Promise<boolean> {
  return (await ifThere(() => engine().getVolume(name).inspect())) !== undefined;
}

/** Whether an engine answers; the reason where it does not. */
export async function engineAnswers(): Promise<
  { readonly ok: true } | { readonly ok: false; readonly reason: string }
> {
  try {
    await engine().ping();
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
