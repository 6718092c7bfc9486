import type { OpenshellInstaller, SandboxImage } from '../profile';

/** The addresses that the product's documentation gives. */
export const publicReleases = {
  installer: 'https://www.nvidia.com/nemoclaw.sh',
  repository: 'https://github.com/NVIDIA/NemoClaw.git',
  assets: 'https://github.com/NVIDIA/OpenShell/releases/download/',
};

/** The same in either SUT: the script's behaviour is the contract's. */
export const openshellInstaller: OpenshellInstaller = {
  script: 'scripts/install-openshell.sh',
  pinned: '0.0.44',
  tooNew: '0.0.45',
  rootfsCompatibility: /(?:VM|ROOTFS)\w*COMPAT|COMPAT\w*(?:VM|ROOTFS)/,
};

/** The same in either SUT. */
export const hermesImage: SandboxImage = {
  dockerfile: 'agents/hermes/Dockerfile',
  baseArgument: 'BASE_IMAGE',
  buildArguments: {},
};
/** The same in either SUT (contract, “A policy file”). */
export const openclawPolicies = [
  'nemoclaw-blueprint/policies/openclaw-sandbox.yaml',
  'nemoclaw-blueprint/policies/openclaw-sandbox-permissive.yaml',
  'agents/openclaw/policy-permissive.yaml',
];
