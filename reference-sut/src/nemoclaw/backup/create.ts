import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prettyJson } from '../../shared/json';
import { runPipeline, type Step } from '../../shared/pipeline';
import { privateDirectory, writePrivateFile } from '../../shared/private-file';
import { reasonOf } from '../../shared/reason';
import { type AgentManifest, agentNamed, loadAgentManifest } from '../agent-manifest';
import { loadBlueprint } from '../blueprint';
import { CommandFailure } from '../failure';
import { execIn, lastWords } from '../openshell';
import { backupsDirectory } from '../places';
import { customEntries } from '../policy/apply';
import { entriesBeyond, keysMissing } from '../policy/document';
import { defaultEntries, networkPoliciesOf, readLivePolicy } from '../policy/live';
import { allPresets } from '../policy/presets';
import type { SandboxEntry } from '../registry';
import { type Collected, collectDirectories, keepFile, nothingCollected } from './collect';
import { requireComplete } from './completeness';
import { type Backup, type BackupManifest, MANIFEST_FILE, readBackup } from './manifest';
import { formsOf } from './sanitizer';
import { readSandboxFiles } from './single-files';

interface BackupContext {
  readonly entry: SandboxEntry;
  readonly agent: AgentManifest;
  readonly timestamp: string;
  readonly partial: string;
  readonly final: string;
  readonly secretForms: readonly string[];
  readonly collected: Collected;
  directories: string[];
  /** When the collection of the directories began. */
  since: Date;
  readonly files: string[];
  readonly configFiles: string[];
  liveOnly: BackupManifest['liveOnlyPolicies'];
  closed: BackupManifest['closedPolicies'];
}

/** Directory of a backup with the copies of baked configuration: they are merged, never restored as they are. */
export const CONFIG_DIRECTORY = '.baked-config';

/** Credentials that this process knows by value: variables of its environment with a name that suggests one. */
function knownSecrets(): string[] {
  const named = Object.entries(process.env).filter(([name]) => /(TOKEN|API_KEY|_KEY|SECRET|PASSWORD)$/.test(name));
  return named.flatMap(([, value]) => (value === undefined ? [] : [value]));
}

async function presentDirectories(entry: SandboxEntry, agent: AgentManifest): Promise<string[]> {
  const script = 'cd "$0" 2>/dev/null || exit 0; for d in "$@"; do [ -d "$d" ] && printf "%s\\n" "$d"; done; exit 0';
  const wanted = agent.state_dirs.filter(({ backup }) => backup).map(({ path }) => path);
  const result = await execIn(entry.name, ['sh', '-c', script, agent.state_root, ...wanted]);
  if (result.status !== 0) throw new CommandFailure(`The sandbox runs no commands: ${lastWords(result)}`);
  return result.stdout.split('\n').filter((line) => wanted.includes(line));
}

export const backupSteps: readonly Step<BackupContext>[] = [
  {
    name: 'take-stock',
    run: async (context) => {
      context.directories = await presentDirectories(context.entry, context.agent);
    },
  },
  {
    name: 'collect-directories',
    run: async (context) => {
      const { entry, agent, directories, partial, secretForms, collected } = context;
      privateDirectory(partial);
      if (directories.length === 0) return;
      context.since = new Date();
      await collectDirectories(entry.name, agent.state_root, directories, partial, secretForms, collected);
    },
  },
  {
    name: 'require-complete',
    run: ({ entry, agent, directories, partial, since }) =>
      requireComplete(entry.name, agent.state_root, directories, partial, since),
  },
  {
    name: 'collect-files',
    run: async ({ entry, agent, partial, secretForms, collected, files }) => {
      const at = (path: string): string => `${agent.state_root}/${path}`;
      const wanted = agent.state_files.map(({ path, strategy }) => ({ path: at(path), strategy }));
      const found = await readSandboxFiles(entry.name, wanted);
      for (const { path } of agent.state_files) {
        const file = found.get(at(path));
        if (file === undefined) continue;
        keepFile(partial, path, file.bytes, { mode: file.mode }, secretForms, collected);
        files.push(path);
      }
    },
  },
  {
    name: 'collect-config',
    run: async ({ entry, agent, partial, secretForms, collected, configFiles }) => {
      const at = (path: string): string => `${agent.state_root}/${path}`;
      const found = await readSandboxFiles(
        entry.name,
        agent.config_files.map(({ path }) => ({ path: at(path) })),
      );
      for (const { path } of agent.config_files) {
        const file = found.get(at(path));
        if (file === undefined) continue;
        keepFile(partial, `${CONFIG_DIRECTORY}/${path}`, file.bytes, { mode: file.mode }, secretForms, collected);
        configFiles.push(path);
      }
    },
  },
  {
    name: 'collect-policies',
    run: async (context) => {
      const { entry, agent } = context;
      const live = networkPoliciesOf(await readLivePolicy(entry.name));
      const named = new Set(entry.policies ?? []);
      const presets = allPresets().filter((preset) => named.has(preset.name));
      const known = [
        defaultEntries(agent),
        ...presets.map((preset) => preset.entries),
        ...(entry.customPolicies ?? []).map(customEntries),
      ];
      context.liveOnly = entriesBeyond(live, known);
      context.closed = keysMissing(live, defaultEntries(agent));
    },
  },
  { name: 'write-manifest', run: writeManifest },
  {
    // The manifest is the last file written, the rename the last act: a directory with a manifest is a whole backup.
    name: 'complete',
    run: ({ partial, final }) => renameSync(partial, final),
  },
];

async function writeManifest(context: BackupContext): Promise<void> {
  const { entry, agent, collected } = context;
  const manifest: BackupManifest = {
    version: 1,
    sandboxName: entry.name,
    timestamp: context.timestamp,
    agentType: agent.name,
    agentVersion: entry.agentVersion ?? null,
    expectedVersion: agent.expected_version,
    stateDirs: agent.state_dirs.map(({ path }) => path),
    backedUpDirs: context.directories,
    stateFiles: agent.state_files,
    backedUpFiles: context.files,
    configFiles: context.configFiles,
    dir: agent.state_root,
    backupPath: context.final,
    blueprintDigest: loadBlueprint().digest,
    policyPresets: entry.policies ?? [],
    customPolicies: entry.customPolicies ?? [],
    liveOnlyPolicies: context.liveOnly,
    closedPolicies: context.closed,
    policyTier: entry.policyTier ?? null,
    registryEntry: entry,
    ...collected,
  };
  await writePrivateFile(join(context.partial, MANIFEST_FILE), prettyJson(manifest));
}

/** Refuses a name that would lead out of the backups' directory. */
function directoryOf(sandbox: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(sandbox)) throw new CommandFailure(`'${sandbox}' is no sandbox name.`);
  return backupsDirectory(sandbox);
}

/** Removes the remains of interrupted backups; a running one has a later time in its name. */
function removeAbandoned(directory: string): void {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString().replace(/[:.]/g, '-');
  for (const name of readdirSync(directory)) {
    if (name.startsWith('.partial-') && name.slice('.partial-'.length) < hourAgo) {
      rmSync(join(directory, name), { recursive: true, force: true });
    }
  }
}

/**
 * Backs a running sandbox up under `~/.nemoclaw/rebuild-backups/<name>/<time>/`, credentials left out. The backup is
 * complete and readable when this returns; on failure nothing of it stays.
 * @throws CommandFailure with the product's three lines and the reason.
 */
export async function backUp(entry: SandboxEntry): Promise<Backup> {
  const agent = loadAgentManifest(agentNamed(entry.agent));
  const timestamp = new Date().toISOString().replace(/[:.]/g, '-');
  const directory = directoryOf(entry.name);
  const context: BackupContext = {
    entry,
    agent,
    timestamp,
    partial: join(directory, `.partial-${timestamp}`),
    final: join(directory, timestamp),
    secretForms: formsOf(knownSecrets()),
    collected: nothingCollected(),
    directories: [],
    since: new Date(),
    files: [],
    configFiles: [],
    liveOnly: {},
    closed: [],
  };
  try {
    privateDirectory(directory);
    removeAbandoned(directory);
    await runPipeline('backup', backupSteps, context);
    const backup = readBackup(context.final);
    if (backup === undefined) throw new Error(`its manifest in ${context.final} can't be read back`);
    return backup;
  } catch (error) {
    try {
      rmSync(context.partial, { recursive: true, force: true });
    } catch {
      // A directory that cannot be written cannot be removed either.
    }
    throw new CommandFailure([
      'Failed to back up sandbox state.',
      `Failed: ${agent.state_dirs.map(({ path }) => path).join(', ')}`,
      `Reason: ${reasonOf(error)}`,
    ]);
  }
}
