import { hermesAtWork, hermesHealth, openclawAtWork } from './agents-at-work';
import * as common from './common';
import type { ReleaseFacts } from './release';

/** NemoClaw v0.0.53 of 28 May 2026 on OpenShell 0.0.44, as it was observed. */
export const v0_0_53: ReleaseFacts = {
  name: 'v0.0.53',
  date: '2026-05-28',
  signs: {
    version: '0.0.53',
    tagged: true,
    commits: ['442f64bfce6448682843247cfae9ec777f84b944'],
    openshell: '0.0.44',
  },
  versionOutput: common.versionOutput,
  agents: {
    openclaw: {
      scheme: 'calendar',
      version: common.openclawVersion,
      old: { version: '2026.5.20', buildArguments: { OPENCLAW_VERSION: '2026.5.20' } },
      atWork: openclawAtWork,
    },
    hermes: {
      scheme: 'calendar',
      version: /^Hermes Agent v?\d+\.\d+\.\d+\S* \((\d{4}\.\d{1,2}\.\d{1,2})\)/m,
      old: { version: '2026.5.7', buildArguments: { HERMES_VERSION: 'v2026.5.7' } },
      atWork: hermesAtWork,
    },
  },
  sandboxNames: {
    longest: 63,
    form: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    rule: 'a label of at most 63 lower-case letters, digits and hyphens, with no hyphen at either end',
  },
  containers: { label: common.sandboxNameLabel, prefix: 'openshell-{name}-' },
  sandboxIdentity: null,
  trustedHostsVariable: null,
  openshell: { output: 'text', deletesInBackground: false },
  openshellInstaller: {
    ...common.openshellScript,
    pinned: '0.0.44',
    tooNew: '0.0.45',
    markers: ['request-body-credential-rewrite', 'websocket-credential-rewrite'],
  },
  installer: {
    ...common.publicAddresses,
    defaultRef: 'latest',
    old: { ref: 'v0.0.36', openshell: '0.0.36' },
    current: { ref: 'v0.0.53', openshell: '0.0.44' },
    upgradeConsent: 'NEMOCLAW_ACCEPT_EXPERIMENTAL_OPENSHELL_UPGRADE',
    recreateConsent: null,
  },
  builder: {
    engine: '20.10',
    reason: 'it builds the agents’ base images with BuildKit, which its command line reaches through buildx',
  },
  sandboxImage: {
    // As the image was built whose starts were observed.
    openclaw: {
      dockerfile: 'Dockerfile',
      baseArgument: 'BASE_IMAGE',
      buildArguments: { NEMOCLAW_DISABLE_DEVICE_AUTH: '1' },
    },
    hermes: common.hermesImage,
  },
  openclawPolicies: common.openclawPolicies,
  messagingChannels: 'messagingChannels',
  stoppedAtBackup: 'skipped',
  checkWrites: [],
  notesMissingVersion: true,
  hermes: {
    pidFile: 'gateway.pid',
    nothingAt: null,
    programs: ['hermes'],
    health: hermesHealth,
    healthAlso: [],
  },
  stateLinks: common.stateLinks,
  phrases: {
    setupSparkDeprecated: /setup-spark\b.*\bdeprecated/,
    refusesStopped: /not running/i,
    refusesStoppedInWords: 'that the sandbox is not running',
    ...common.refusalPhrases,
    ...common.rebuildPhrases,
    notKnown: common.notKnown,
    ...common.upgradePhrases,
    backupSum: common.backupSum,
  },
  lacks: {},
};
