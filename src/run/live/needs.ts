import { lookAtBuilder } from './builder';
import type { ScenarioGroup } from './contracts';
import { lookAtGateway } from './gateway';
import { lookAtHost } from './host';
import { lookAtBaseImages, lookAtProbeImages } from './images';
import type { Installation, Look } from './look';
import { lookAtNode } from './node';
import { lookAtOldAgent } from './old-agents';
import { lookAtOpenshell } from './openshell';
import { lookAtProduct } from './product';
import { lookAtReach } from './reach';
import { lookAtOpenshellRelease, lookAtReleases } from './releases';

/** What staging may need of a live installation beyond the host's programs, and how it is looked at. */
const LOOKS = {
  product: lookAtProduct,
  openshell: lookAtOpenshell,
  builder: lookAtBuilder,
  'base images': lookAtBaseImages,
  'preflight images': lookAtProbeImages,
  'old OpenClaw': async (installation: Installation) => [await lookAtOldAgent(installation, 'openclaw')],
  'old Hermes': async (installation: Installation) => [await lookAtOldAgent(installation, 'hermes')],
  gateway: lookAtGateway,
  releases: lookAtReleases,
  'OpenShell release': lookAtOpenshellRelease,
  'installer’s Node.js': lookAtNode,
  reach: lookAtReach,
} as const satisfies Record<string, (installation: Installation) => Promise<Look[]>>;
type StagingNeed = keyof typeof LOOKS;

/** A need: of staging, or a word of `environment.host`. */
export type Need = StagingNeed | `host ${string}`;

const ONBOARDING: readonly StagingNeed[] = [
  'product',
  'openshell',
  'gateway',
  'reach',
  'preflight images',
  'base images',
  'builder',
];
/** An installer brings product and OpenShell. */
const INSTALLING: readonly StagingNeed[] = [
  'OpenShell release',
  'installer’s Node.js',
  'gateway',
  'reach',
  'preflight images',
  'builder',
];
const IMAGE: readonly StagingNeed[] = ['builder', 'base images'];

/** What each fixture of a contract needs to be staged, beyond what the host has. */
export const NEEDS_OF_FIXTURES: Readonly<Record<string, readonly StagingNeed[]>> = {
  instance: ONBOARDING,
  'compatible-endpoint': ['reach'],
  'old-openclaw-image': ['old OpenClaw', ...IMAGE],
  'old-hermes-image': ['old Hermes', ...IMAGE],
  'old-sandbox': [],
  'registry-session-staging': [],
  'blueprint-min-version': [],
  'stale-base': ['base images'],
  'installer-refs': ['releases'],
  survivor: INSTALLING,
  'spark-installer': INSTALLING,
  'policy-dev-shm': ONBOARDING,
  'exdev-source-target': [],
  'runtime-override': IMAGE,
  'hermes-root-entrypoint': IMAGE,
  'linux-installer-assets': [],
  'macos-installer-assets': [],
  'docker-daemon-config': [],
  'cluster-image': [],
  'plugin-file-system': IMAGE,
  neighbours: ONBOARDING,
  'registry-extras': [],
  'switched-off-channel': [],
  'state-witnesses': [],
  'owner-settings': [],
  interruption: [],
  obstacle: [],
  'lost-container': [],
  'broken-base': ['builder'],
};

/** Fixtures that install product and OpenShell themselves, so that those of the machine are not needed. */
const INSTALLERS: readonly string[] = ['installer-refs', 'spark-installer'];
const INSTALLED: readonly StagingNeed[] = ['product', 'openshell'];

/** The old agents that are staged for scenarios of that agent only. */
const OLD_AGENTS = { openclaw: 'old OpenClaw', hermes: 'old Hermes' } as const;

/** What a group of scenarios needs: what its fixtures do, and what its contract names of the host. */
export function needsOf({
  environment,
  fixtures,
  agent,
  engine,
}: Pick<ScenarioGroup, 'environment' | 'fixtures' | 'agent' | 'engine'>): Need[] {
  const words = environment.host.filter((word) => engine || !/^docker\b/.test(word));
  const superfluous: readonly StagingNeed[] = [
    ...Object.entries(OLD_AGENTS).flatMap(([name, need]) => (agent === undefined || name === agent ? [] : [need])),
    ...(fixtures.some(({ name }) => INSTALLERS.includes(name)) ? INSTALLED : []),
  ];
  // Without an engine nothing is installed, built or onboarded.
  const staging = (engine ? fixtures : [])
    .flatMap(({ name }) => NEEDS_OF_FIXTURES[name] ?? [])
    .filter((need) => !superfluous.includes(need));
  return [...new Set<Need>([...staging, ...words.map((word): Need => `host ${word}`)])];
}

/** Looks at a need; never throws. */
export async function lookAt(installation: Installation, need: Need): Promise<Look[]> {
  const word = /^host (.+)$/.exec(need)?.[1];
  if (word !== undefined) return [await lookAtHost(installation, word)];
  return LOOKS[need as StagingNeed](installation);
}

/** Everything of an installation that there is a look for. */
export const ALL_OF_STAGING = Object.keys(LOOKS) as StagingNeed[];
