import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Profile, ProfileError } from '../profile';
import { releaseOf } from '../releases/choose';
import { minutes } from '../until';

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

/** A source tree is where the blueprint lies: at the place named, else around the installed `nemoclaw`, else ~/.nemoclaw/source. */
function liveRoot(named: string): string {
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
        ? `NEMOCLAW_ROOT=${named} (or live.root): no nemoclaw-blueprint/blueprint.yaml there; name a NemoClaw checkout or installation`
        : 'the live profile found no NemoClaw: set NEMOCLAW_ROOT (or live.root in phase9.yaml) to a checkout, or put nemoclaw and openshell on PATH',
    );
  }
  return found;
}

/**
 * A real NemoClaw, in place: a checkout or an installation. @param named its place; '' lets it be looked for
 * @throws ProfileError when there is none.
 */
export function liveProfile(named: string): Profile {
  const root = liveRoot(named);
  const release = releaseOf(root);
  const { installer, assets, repository, old, current } = release.installer;
  return {
    name: 'live',
    kind: 'product',
    release,
    distribution: root,
    tree: '.',
    programs: [],
    isolation: 'in-place',
    nemoclaw: programOf(root, 'nemoclaw'),
    openshell: ['openshell'],
    gatewayName: () => 'nemoclaw',
    // HOME is the scenario's own; the user's Docker configuration (plugins, credentials for pulls) is not to be missed for that.
    isolate: () => ({ DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? path.join(homedir(), '.docker') }),
    network: () => 'openshell-docker',
    cachedBaseImage: {
      openclaw: /\/nemoclaw\/sandbox-base:latest$/,
      hermes: /\/nemoclaw\/hermes-sandbox-base:latest$/,
    },
    hostsVariable: null,
    sandboxImages: '^openshell/sandbox-from:',
    oldAgents: { openclaw: release.agents.openclaw.old, hermes: release.agents.hermes.old },
    upgrade: {
      ...{ installer, assets, repository, old, current },
      local: null,
      volumes: () => ['openshell-cluster-nemoclaw'],
    },
    sandboxImage: release.sandboxImage,
    openclawPolicies: release.openclawPolicies,
    // The product starts its gateway on the host on every Linux, and the fix lies on the other way (observed-runtime.md, F).
    containerGateway: null,
    bounds: {
      onboard: minutes(10),
      rebuild: minutes(10),
      install: minutes(30),
      command: minutes(1),
      inside: minutes(1),
      imageBuild: minutes(15),
      sandboxReady: minutes(2),
      agentReady: minutes(1),
      turn: minutes(2),
    },
    // Its OpenShell runs on the processor that it was made for, its onboarding would use a GPU, and its installer leaves login
    // profiles alone where it installs for one user (observed).
    spark: { processor: null, gpu: null, home: 'user' },
  };
}
