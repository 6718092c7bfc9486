import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Where the definition files lie; the program is run from its source. */
export const SUPPLY = __dirname;

export const CACHE_LABEL = 'phase9.cache=agent-image';
export const INPUTS_LABEL = 'phase9.inputs';

/** Arguments of `docker build` that mark an image as ours, made from these inputs. */
export function labelled(inputs: string): string[] {
  return ['--label', CACHE_LABEL, '--label', `${INPUTS_LABEL}=${inputs}`];
}

export const SYSTEM_IMAGE = 'nemoclaw-reference/debian:bookworm';
/** The system of a given or pulled image after its missing packages were installed. */
export const COMPLETED_SYSTEM_IMAGE = 'nemoclaw-reference/agent-system:latest';
export const BASE_IMAGE = 'nemoclaw-reference/agent-base:latest';
export const NODE_IMAGE = 'nemoclaw-reference/agent-base:node';

/** Debian packages of an agent image; python3-venv makes Hermes' virtual environment. */
export const SYSTEM_PACKAGES = ['python3', 'python3-venv', 'curl', 'procps', 'ca-certificates'] as const;

export type AgentName = 'openclaw' | 'hermes';

export interface SuppliedImage {
  /** The owner of the image: an agent, or OpenShell. */
  readonly agent: AgentName | 'openshell';
  readonly image: string;
}

export interface AgentImage extends SuppliedImage {
  readonly agent: AgentName;
  /** Version in the package registry, and the image's tag. */
  readonly version: string;
  /** Part of the first line of the agent's own `--version`. */
  readonly shows: string;
}

export const AGENT_IMAGES: readonly AgentImage[] = [
  { agent: 'openclaw', version: '2026.4.24', image: 'nemoclaw-reference/openclaw:2026.4.24', shows: '2026.4.24' },
  { agent: 'openclaw', version: '2026.5.28', image: 'nemoclaw-reference/openclaw:2026.5.28', shows: '2026.5.28' },
  { agent: 'hermes', version: '0.13.0', image: 'nemoclaw-reference/hermes:0.13.0', shows: 'v0.13.0 (2026.5.7)' },
  { agent: 'hermes', version: '0.14.0', image: 'nemoclaw-reference/hermes:0.14.0', shows: 'v0.14.0 (2026.5.16)' },
];

/** Packages that the image of the old gateway carries. */
export const CLUSTER_PACKAGES: SuppliedImage = {
  agent: 'openshell',
  image: 'nemoclaw-reference/cluster-packages:latest',
};

export const SUPPLIED_IMAGES: readonly SuppliedImage[] = [...AGENT_IMAGES, CLUSTER_PACKAGES];

/** Digest of everything that goes into an image: definition files, and the digests or IDs of the images below it. */
export function inputsDigest(files: readonly string[], under: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const path = join(SUPPLY, file);
    hash
      .update(`${relative(SUPPLY, path)}\0`)
      .update(content(path))
      .update('\0');
  }
  for (const value of under) hash.update(`${value}\0`);
  return hash.digest('hex').slice(0, 32);
}

/** A file's content; the layout of a JSON file does not count. */
function content(path: string): string {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.json') ? JSON.stringify(JSON.parse(text)) : text;
}

export interface InputDigests {
  readonly base: string;
  readonly node: string;
  readonly clusterPackages: string;
  /** By image name. */
  readonly agents: ReadonlyMap<string, string>;
}

/** The digests of all images, given the ID of the Debian image below them. */
export function digestsOn(systemId: string): InputDigests {
  const base = inputsDigest(['base/Dockerfile'], [systemId, ...SYSTEM_PACKAGES]);
  const node = inputsDigest(['node/Dockerfile', 'node/package-lock.json'], [base]);
  const clusterPackages = inputsDigest(['cluster/Dockerfile', 'cluster/fetch-packages.sh'], [base]);
  const agents = new Map(
    AGENT_IMAGES.map(({ agent, version, image }) => [
      image,
      agent === 'openclaw'
        ? inputsDigest(
            ['openclaw/Dockerfile', 'openclaw/prune.json', `openclaw/${version}/package-lock.json`],
            [node, version],
          )
        : inputsDigest(
            [
              'hermes/Dockerfile',
              'hermes/make-environments.sh',
              'hermes/requirements-uv.txt',
              `hermes/requirements-${version}.txt`,
            ],
            [base, version],
          ),
    ]),
  );
  return { base, node, clusterPackages, agents };
}
