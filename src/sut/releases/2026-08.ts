import { hermesAtWork, hermesHealth, openclawAtWork } from './agents-at-work';
import * as common from './common';
import type { ReleaseFacts } from './release';

/** The main branch of 22 August 2026, a day after v0.0.114, on OpenShell 0.0.106: read in its code, and seen in part. */
export const august2026: ReleaseFacts = {
  name: '2026-08',
  date: '2026-08-22',
  signs: {
    version: '0.0.114',
    tagged: false,
    commits: ['4be7015b0f2a4cb174c2cbcc972e957a5bf43152'],
    openshell: '0.0.106',
  },
  versionOutput: common.versionOutput,
  agents: {
    openclaw: {
      scheme: 'calendar',
      version: common.openclawVersion,
      // Only versions with a committed npm integrity can be built; this one only as a fixture.
      old: {
        version: '2026.4.24',
        buildArguments: { OPENCLAW_VERSION: '2026.4.24', NEMOCLAW_E2E_FIXTURE_LEGACY_OPENCLAW: '1' },
      },
      atWork: openclawAtWork,
    },
    hermes: {
      scheme: 'semver',
      version: /^Hermes Agent v?(\d+\.\d+\.\d+)\b/m,
      old: {
        version: '0.18.0',
        buildArguments: {},
        needsImage:
          'its Dockerfile.base patches the source of Hermes 0.19.0 and builds no older one; the published Hermes base of v0.0.80 has 0.18.0',
      },
      // A wrapper has taken the name `hermes`.
      atWork: { ...hermesAtWork, programs: ['hermes.real', 'hermes'] },
    },
  },
  sandboxNames: {
    longest: 19,
    form: /^[a-z](?:-?[a-z0-9])*$/,
    rule: 'at most 19 lower-case letters, digits and single hyphens, a letter first and no hyphen last',
  },
  containers: { label: common.sandboxNameLabel, prefix: 'openshell-default--{name}-' },
  sandboxIdentity: { user: 'sandbox', workdir: '/sandbox' },
  trustedHostsVariable: 'NEMOCLAW_TRUSTED_PRIVATE_HOSTS',
  openshell: { output: 'json', deletesInBackground: true },
  openshellInstaller: {
    ...common.openshellScript,
    pinned: '0.0.106',
    tooNew: '0.0.107',
    markers: ['request-body-credential-rewrite', 'websocket-credential-rewrite', 'allow_all_known_mcp_methods'],
  },
  installer: {
    ...common.publicAddresses,
    defaultRef: 'lkg',
    old: { ref: 'v0.0.36', openshell: '0.0.36' },
    // A state between two releases has no tag: it is asked for by its commit.
    current: { ref: '4be7015b0f2a4cb174c2cbcc972e957a5bf43152', openshell: '0.0.106' },
    upgradeConsent: 'NEMOCLAW_ACCEPT_EXPERIMENTAL_OPENSHELL_UPGRADE',
    recreateConsent: 'NEMOCLAW_CONFIRM_LEGACY_MANAGED_RECREATE',
  },
  builder: {
    engine: '24',
    reason: 'its Dockerfiles verify downloads with `ADD --checksum`, which Dockerfile syntax 1.6 brings',
  },
  sandboxImage: {
    // As the image's default user, the entry point ignores every override.
    openclaw: {
      dockerfile: 'Dockerfile',
      baseArgument: 'BASE_IMAGE',
      buildArguments: { NEMOCLAW_DISABLE_DEVICE_AUTH: '1', NEMOCLAW_MANAGED_IMAGE_RUNTIME_USER: 'root' },
    },
    hermes: common.hermesImage,
  },
  openclawPolicies: common.openclawPolicies,
  messagingChannels: 'messaging.plan',
  stoppedAtBackup: 'backed up',
  // It probes the running sandbox and notes the version that it saw.
  checkWrites: ['agentVersion'],
  notesMissingVersion: true,
  hermes: {
    pidFile: 'runtime/gateway.pid',
    nothingAt: 'gateway.pid',
    // A wrapper has taken the name `hermes`.
    programs: ['hermes.real', 'hermes'],
    health: hermesHealth,
    healthAlso: ['version'],
  },
  stateLinks: common.stateLinks,
  phrases: {
    setupSparkDeprecated: /deprecated:?.*\bsetup-spark\b/i,
    // A stopped sandbox counts as live until its backup fails.
    refusesStopped: /Failed to back up sandbox state/i,
    refusesStoppedInWords: 'that the sandbox’s state could not be backed up',
    ...common.refusalPhrases,
    ...common.rebuildPhrases,
    notKnown: common.notKnown,
    ...common.upgradePhrases,
    backupSum: common.backupSum,
  },
  lacks: {
    'credential-demanded':
      'this release does not demand the credential for a rebuild: it reuses the one that its gateway’s provider has',
    'policy-taken-back':
      'this release shows the effective policy, with entries that come from providers: whether it takes that back was not tried',
    'cached-base-image':
      'this release trusts no base image by its cached tag: it takes a base by digest, and records in the sandbox’s image which one',
  },
};
