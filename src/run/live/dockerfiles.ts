import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { agentFile } from '../../sut/agent-files';
import type { AgentName } from '../../sut/agents';
import type { Profile } from '../../sut/profile';

export const AGENTS = ['openclaw', 'hermes'] as const satisfies AgentName[];

/** The Dockerfile of an agent's base image, relative to the tree; undefined where the tree has none. */
export function baseDockerfileOf(tree: string, agent: AgentName): string | undefined {
  try {
    return agentFile(tree, agent, 'baseDockerfile');
  } catch {
    return undefined;
  }
}

/** The Dockerfiles from which the sandboxes of all agents are made, relative to the tree. */
export function dockerfilesOf({ sandboxImage }: Profile, tree: string): string[] {
  return AGENTS.flatMap((agent) => [baseDockerfileOf(tree, agent) ?? [], sandboxImage[agent].dockerfile].flat());
}

/** ARG instructions of a Dockerfile: each name with its default, '' without one. */
export function argumentsOf(dockerfile: string): ReadonlyMap<string, string> {
  const found = [...dockerfile.matchAll(/^\s*ARG\s+([A-Za-z_]\w*)(?:=(.*))?$/gm)];
  return new Map(found.map(([, name = '', value = '']) => [name, value.trim().replace(/^(["'])(.*)\1$/, '$2')]));
}

/** The images that a Dockerfile begins from, arguments replaced by their defaults. Stages of its own are none. */
export function imagesOf(dockerfile: string): string[] {
  const values = argumentsOf(dockerfile);
  const froms = [...dockerfile.matchAll(/^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim)];
  const stages = new Set(froms.map(([, , stage = '']) => stage.toLowerCase()));
  const images = froms.map(([, image = '']) =>
    image.replace(/\$\{?(\w+)\}?/g, (all: string, name: string) => values.get(name) || all),
  );
  return [...new Set(images)].filter(
    (image) => image !== 'scratch' && !stages.has(image.toLowerCase()) && !image.includes('$'),
  );
}

/** Image references that the tree's source gives to its probes: containers that onboarding starts before anything else. */
export function probeImagesOf(tree: string): string[] {
  const directory = ['src/lib/onboard', 'dist/lib/onboard']
    .map((one) => path.join(tree, one))
    .find((one) => existsSync(one));
  if (directory === undefined) return [];
  const sources = readdirSync(directory).filter((name) => /\.[jt]s$/.test(name) && !/\.(test|d)\.[jt]s$/.test(name));
  const named = sources.flatMap((name) => [
    ...readFileSync(path.join(directory, name), 'utf8').matchAll(/\b\w*PROBE_IMAGE\s*=\s*["'`]([^"'`\s$]+)["'`]/g),
  ]);
  return [...new Set(named.map(([, image = '']) => image))];
}
