import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { AgentName } from './agents';
import { minutes, seconds } from './duration';

/** Bounds of the SUT's operations, in ms. */
export interface Bounds {
  readonly onboard: number;
  readonly rebuild: number;
  /** A short host command: status, list, policy-add … */
  readonly command: number;
  /** A command inside a sandbox. */
  readonly inside: number;
  readonly imageBuild: number;
  readonly sandboxReady: number;
}

/** The old release of an agent from which an old sandbox is made. */
export interface OldAgent {
  readonly version: string;
  readonly buildArguments: Readonly<Record<string, string>>;
}

/** All that differs between two systems under test. Features, steps and staging know nothing else of which one it is. */
export interface Profile {
  readonly name: 'reference' | 'live';
  /** Evidence is kept apart by kind: what the reference SUT shows never counts as evidence about the product. */
  readonly kind: 'reference' | 'product';
  /** The directory that holds the SUT. */
  readonly distribution: string;
  /** Its source tree (Dockerfile.base, agents/, nemoclaw-blueprint/), relative to the distribution. */
  readonly tree: string;
  /** Directories with its programs, put before PATH, relative to the distribution. */
  readonly programs: readonly string[];
  /** `copy`: each scenario has its own distribution; `in-place`: it is shared, and a scenario that mutates it holds a lock. */
  readonly isolation: 'copy' | 'in-place';
  readonly nemoclaw: readonly [string, ...string[]];
  readonly openshell: readonly [string, ...string[]];
  readonly gatewayName: string;
  /** The environment that keeps two installations apart, where the SUT has a way to. */
  readonly isolate: (own: Isolation) => Readonly<Record<string, string>>;
  /** The Docker network of the gateway. */
  readonly network: (own: Isolation) => string;
  /** Variable that names the base image tag which onboarding and rebuild use. */
  readonly baseImageVariable: string;
  /** How the SUT is told where a host name is to be dialled; null where names are resolved as usual. */
  readonly hostsVariable: string | null;
  /** Images that the SUT makes of a sandbox; a pattern over the image reference. */
  readonly sandboxImages: string;
  readonly oldAgents: Readonly<Record<AgentName, OldAgent>>;
  readonly bounds: Bounds;
}

/** A system under test that is not there, or not as the profile needs it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** What a scenario has for itself. */
export interface Isolation {
  readonly token: string;
  readonly gatewayPort: number;
  readonly dashboardPort: number;
  readonly hostsFile: string;
  readonly baseImage: string;
}

const repository = path.resolve(__dirname, '../..');

function referenceProfile(): Profile {
  return {
    name: 'reference',
    kind: 'reference',
    distribution: path.join(repository, 'reference-sut/dist'),
    tree: 'nemoclaw',
    programs: ['nemoclaw/bin', 'openshell'],
    isolation: 'copy',
    nemoclaw: ['nemoclaw'],
    openshell: ['openshell'],
    gatewayName: 'nemoclaw',
    isolate: ({ token, gatewayPort, dashboardPort, hostsFile, baseImage }) => ({
      NEMOCLAW_GATEWAY_PORT: String(gatewayPort),
      NEMOCLAW_DASHBOARD_PORT: String(dashboardPort),
      OPENSHELL_DOCKER_NETWORK_NAME: `openshell-${token}`,
      OPENSHELL_HOSTS_FILE: hostsFile,
      NEMOCLAW_SANDBOX_BASE_IMAGE_REF: baseImage,
    }),
    network: ({ token }) => `openshell-${token}`,
    baseImageVariable: 'NEMOCLAW_SANDBOX_BASE_IMAGE_REF',
    hostsVariable: 'OPENSHELL_HOSTS_FILE',
    sandboxImages: '^openshell/sandbox-from:',
    oldAgents: {
      openclaw: { version: '2026.4.24', buildArguments: { OPENCLAW_VERSION: '2026.4.24' } },
      hermes: { version: '2026.5.7', buildArguments: { HERMES_VERSION: '0.13.0' } },
    },
    bounds: {
      onboard: minutes(2),
      rebuild: minutes(2),
      command: seconds(30),
      inside: seconds(30),
      imageBuild: minutes(2),
      sandboxReady: seconds(30),
    },
  };
}

/** The program `name`, from a checkout's bin/ (as a command or as a script for Node), else from PATH. */
function programOf(root: string, name: string): readonly [string, ...string[]] {
  const direct = path.join(root, 'bin', name);
  if (existsSync(direct)) return [direct];
  const script = path.join(root, 'bin', `${name}.js`);
  if (existsSync(script)) return [process.execPath, script];
  return [name];
}

function onPath(name: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(directory, name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  return undefined;
}

/** A source tree is where the blueprint lies: NEMOCLAW_ROOT, else around the installed `nemoclaw`, else ~/.nemoclaw/source. */
function liveRoot(): string {
  const named = process.env.NEMOCLAW_ROOT;
  const candidates = named ? [path.resolve(named)] : [];
  if (!named) {
    const program = onPath('nemoclaw');
    for (let at = program && path.dirname(program); at && at !== path.dirname(at); at = path.dirname(at))
      candidates.push(at);
    candidates.push(path.join(process.env.HOME ?? '/', '.nemoclaw/source'));
  }
  const found = candidates.find((one) => existsSync(path.join(one, 'nemoclaw-blueprint/blueprint.yaml')));
  if (!found) {
    throw new ProfileError(
      named
        ? `NEMOCLAW_ROOT=${named}: no nemoclaw-blueprint/blueprint.yaml there; name a NemoClaw checkout or installation`
        : 'the live profile found no NemoClaw: set NEMOCLAW_ROOT to a checkout, or put nemoclaw and openshell on PATH',
    );
  }
  return found;
}

function liveProfile(): Profile {
  const root = liveRoot();
  return {
    name: 'live',
    kind: 'product',
    distribution: root,
    tree: '.',
    programs: [],
    isolation: 'in-place',
    nemoclaw: programOf(root, 'nemoclaw'),
    openshell: ['openshell'],
    gatewayName: 'nemoclaw',
    isolate: ({ baseImage }) => ({ NEMOCLAW_SANDBOX_BASE_IMAGE_REF: baseImage }),
    network: () => 'openshell-docker',
    baseImageVariable: 'NEMOCLAW_SANDBOX_BASE_IMAGE_REF',
    hostsVariable: null,
    sandboxImages: '^openshell/sandbox-from:',
    oldAgents: {
      openclaw: { version: '2026.5.20', buildArguments: { OPENCLAW_VERSION: '2026.5.20' } },
      hermes: { version: '2026.5.7', buildArguments: { HERMES_VERSION: 'v2026.5.7' } },
    },
    bounds: {
      onboard: minutes(10),
      rebuild: minutes(10),
      command: minutes(1),
      inside: minutes(1),
      imageBuild: minutes(15),
      sandboxReady: minutes(2),
    },
  };
}

/**
 * The profile of that name.
 * @throws ProfileError when the name is unknown, or the SUT it speaks of is not there.
 */
export function profileOf(name: string): Profile {
  if (name === 'reference') return referenceProfile();
  if (name === 'live') return liveProfile();
  throw new ProfileError(`unknown profile "${name}"; there are: reference, live`);
}
