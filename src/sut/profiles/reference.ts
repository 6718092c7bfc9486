import path from 'node:path';
import { REPOSITORY } from '../../repository';
import type { Isolation, Profile } from '../profile';
import { releaseOf } from '../releases/choose';
import { minutes, seconds } from '../until';

/** Gateways in containers side by side need names of their own. */
function referenceGateway({ token }: Pick<Isolation, 'token'>): string {
  return `${token}-gateway`;
}

/** The embedded reference SUT: a copy for each scenario, side by side. */
export function referenceProfile(): Profile {
  const distribution = path.join(REPOSITORY, 'reference-sut/dist');
  const tree = 'nemoclaw';
  const release = releaseOf(path.join(distribution, tree));
  const { installer, assets, repository, old, current } = release.installer;
  return {
    name: 'reference',
    kind: 'reference',
    release,
    distribution,
    tree,
    programs: ['nemoclaw/bin', 'openshell'],
    isolation: 'copy',
    nemoclaw: ['nemoclaw'],
    openshell: ['openshell'],
    gatewayName: referenceGateway,
    isolate: ({ token, gatewayPort, dashboardPort, hostsFile, baseImages }) => ({
      NEMOCLAW_GATEWAY_NAME: referenceGateway({ token }),
      NEMOCLAW_GATEWAY_PORT: String(gatewayPort),
      NEMOCLAW_DASHBOARD_PORT: String(dashboardPort),
      OPENSHELL_DOCKER_NETWORK_NAME: `openshell-${token}`,
      OPENSHELL_HOSTS_FILE: hostsFile,
      NEMOCLAW_SANDBOX_BASE_IMAGE_REF: baseImages.openclaw,
      NEMOCLAW_HERMES_SANDBOX_BASE_IMAGE_REF: baseImages.hermes,
    }),
    network: ({ token }) => `openshell-${token}`,
    cachedBaseImage: 'own-tag',
    hostsVariable: 'OPENSHELL_HOSTS_FILE',
    sandboxImages: '^openshell/sandbox-from:',
    oldAgents: {
      openclaw: { version: '2026.4.24', buildArguments: { OPENCLAW_VERSION: '2026.4.24' } },
      hermes: { version: '2026.5.7', buildArguments: { HERMES_VERSION: '0.13.0' } },
    },
    upgrade: {
      ...{ installer, assets, repository, old, current },
      local: path.join(REPOSITORY, 'reference-sut/dist-releases'),
      volumes: (own) => [
        `openshell-cluster-${referenceGateway(own)}`,
        `openshell-cluster-${referenceGateway(own)}-trust`,
      ],
    },
    sandboxImage: {
      openclaw: { dockerfile: 'Dockerfile', baseArgument: 'BASE_IMAGE', buildArguments: {} },
      hermes: release.sandboxImage.hermes,
    },
    openclawPolicies: release.openclawPolicies,
    containerGateway: {
      release: old,
      clusterImage: 'nemoclaw-reference/openshell-cluster:0.0.36',
      clusterData: '/var/lib/rancher/k3s',
      patchedRepository: 'nemoclaw-cluster',
      containerOf: (own) => `openshell-cluster-${referenceGateway(own)}`,
      programs: 'bin',
      openshellInstaller: 'scripts/install-openshell.sh',
      baseDockerfile: 'Dockerfile.base',
      sandboxDockerfile: 'Dockerfile',
    },
    bounds: {
      onboard: minutes(2),
      rebuild: minutes(2),
      install: minutes(4),
      command: seconds(30),
      inside: seconds(30),
      imageBuild: minutes(2),
      sandboxReady: seconds(30),
      agentReady: seconds(30),
      turn: minutes(1),
    },
    spark: { processor: 'aarch64', gpu: 'NVIDIA GB10', home: 'root' },
  };
}
