import type { Installer, Phrases, ReleaseFacts, SandboxImage } from './release';

/** The addresses that the product's documentation gives. */
export const publicAddresses: Pick<Installer, 'installer' | 'repository' | 'assets'> = {
  installer: 'https://www.nvidia.com/nemoclaw.sh',
  repository: 'https://github.com/NVIDIA/NemoClaw.git',
  assets: 'https://github.com/NVIDIA/OpenShell/releases/download/',
};

/** The script has had one place, and Dockerfiles one name for it, in every release. */
export const openshellScript = {
  script: 'scripts/install-openshell.sh',
  rootfsCompatibility: /(?:VM|ROOTFS)\w*COMPAT|COMPAT\w*(?:VM|ROOTFS)/,
} as const;

export const hermesImage: SandboxImage = {
  dockerfile: 'agents/hermes/Dockerfile',
  baseArgument: 'BASE_IMAGE',
  buildArguments: {},
};

export const openclawPolicies: readonly string[] = [
  'nemoclaw-blueprint/policies/openclaw-sandbox.yaml',
  'nemoclaw-blueprint/policies/openclaw-sandbox-permissive.yaml',
  'agents/openclaw/policy-permissive.yaml',
];

/** `nemoclaw v0.0.53`; a checkout without tags prints the number of its package.json. */
export const versionOutput = /^nemoclaw v?(\d+\.\d+\.\d+\S*)$/m;

/** OpenClaw counts by the calendar in every release; its first line can be a warning of Node. */
export const openclawVersion = /^(?:OpenClaw\s+)?v?(\d{4}\.\d{1,2}\.\d{1,2})\b/m;

/** Containers of OpenShell's Docker driver name their sandbox in this label since 0.0.44. */
export const sandboxNameLabel = 'openshell.ai/sandbox-name';

/** The product prints `Unknown version:` and `v?`; other words for the same are as honest. */
export const notKnown =
  /\b(?:unknown|not known|unavailable|unreachable|not verified|unverified)\b|\bv\?|\b(?:could not|cannot|can't) be (?:asked|probed|read|checked|version-checked|determined|reached)\b|\bnot running\b/i;

/** The last line of `backup-all`, the same in every release. */
export const backupSum = /^\s*Pre-upgrade backup: (\d+) backed up, (\d+) failed, (\d+) skipped\s*$/m;

/** What `upgrade-sandboxes --check` prints. */
export const upgradePhrases: Pick<Phrases, 'upToDate' | 'oneNeedsUpgrading'> = {
  upToDate: /^\s*All sandboxes are up to date\.\s*$/m,
  oneNeedsUpgrading: /^\s*1 sandbox\(es\) need upgrading\.\s*$/m,
};

/** What a refused rebuild prints: of a preflight, of a backup, and of a delete that failed. */
export const refusalPhrases: Pick<Phrases, 'nothingLost' | 'nothingLostInWords'> = {
  nothingLost: /Sandbox is untouched\b.*\bno data was lost|Aborting rebuild\b/i,
  nothingLostInWords: 'that the sandbox is untouched, or that the rebuild is aborted',
};

/** A backup takes the links by which a plugin's packages name their programs, and refuses every other link. */
export const stateLinks: ReleaseFacts['stateLinks'] = {
  openclaw: [{ path: 'extensions/kept by its owner/node_modules/.bin/tool', target: '../tool/cli.js' }],
  hermes: [],
};

/** What a rebuild prints before it deletes, and its last lines where it succeeded: every release has had them. */
export const rebuildPhrases: Pick<Phrases, 'deletes' | 'rebuilt' | 'rebuiltVersion'> = {
  deletes: /^\s*Deleting old sandbox/,
  rebuilt: /^\s*(?:✓\s*)?Sandbox '([^']+)' rebuilt successfully\s*$/m,
  rebuiltVersion: /^\s*Now running:\s+\S.*?\bv(\d\S*)\s*$/m,
};
