import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '../../shared/reason';
import { sha256 } from '../../shared/sha256';
import type { AgentManifest } from '../agent-manifest';
import { CommandFailure } from '../failure';
import { execIn, lastWords, streamIn } from '../openshell';
import { mergeEnvConfig, mergeJsonConfig, mergeYamlConfig } from './config-merge';
import { CONFIG_DIRECTORY } from './create';
import type { Backup } from './manifest';
import { packedDirectories } from './pack';
import { readSandboxFiles, type SandboxFile, writeSandboxFiles } from './single-files';
import { endOf } from './stream-end';
import { withoutChannels } from './switched-off';

/** Restores the state directories and files of a backup, and verifies them inside the sandbox. */
export async function restoreState(sandbox: string, backup: Backup): Promise<void> {
  const { manifest, directory } = backup;
  if (manifest.backedUpDirs.length > 0) await restoreDirectories(sandbox, backup);
  const files = manifest.backedUpFiles.map((path): SandboxFile => {
    const declared = manifest.stateFiles.find((file) => file.path === path)?.strategy;
    return {
      path: `${manifest.dir}/${path}`,
      bytes: readFileSync(join(directory, path)),
      mode: manifest.modes[path] ?? 0o600,
      strategy: declared === 'sqlite_backup' ? 'sqlite_backup' : 'copy',
    };
  });
  await writeSandboxFiles(sandbox, files);
  await verifyRestored(sandbox, backup);
}

async function restoreDirectories(sandbox: string, backup: Backup): Promise<void> {
  // The sandbox's user unpacks and so becomes the owner; modes are the sandbox's of before.
  const unpack = streamIn(sandbox, ['tar', '-C', backup.manifest.dir, '--no-same-owner', '-xpf', '-']);
  const ended = endOf(unpack, 'tar inside the sandbox');
  // It may end before the stream does; it is awaited below.
  ended.catch(() => undefined);
  if (unpack.stdin === null) throw new CommandFailure('openshell could not be started with pipes.');
  // When the other end breaks, its status explains more than the broken pipe.
  const sent = await pipeline(packedDirectories(backup), unpack.stdin).catch((error: unknown) => error);
  await ended;
  if (sent !== undefined) throw new CommandFailure(`The backup could not be sent whole: ${reasonOf(sent)}`);
}

async function verifyRestored(sandbox: string, { manifest }: Backup): Promise<void> {
  const lines = Object.entries(manifest.digests)
    // sha256sum escapes such names in a list; they were unpacked by the same tar as the others.
    .filter(([path]) => !path.startsWith(`${CONFIG_DIRECTORY}/`) && !/[\n\r\\]/.test(path))
    .map(([path, digest]) => `${digest}  ${path}\n`);
  if (lines.length === 0) return;
  const check = ['sh', '-c', 'cd "$0" && exec sha256sum --quiet --strict -c -', manifest.dir];
  const result = await execIn(sandbox, check, { input: lines.join('') });
  if (result.status !== 0) {
    throw new CommandFailure(`Restored files differ from the backup: ${lastWords(result)}`);
  }
}

/** Digests of the baked configuration, beside it. */
const HASH = '.config-hash';

const MERGES = { merge_json: mergeJsonConfig, merge_yaml: mergeYamlConfig, merge_env: mergeEnvConfig };

/** An environment file that the new image does not have is as good as an empty one. */
function absent(path: string, strategy: string, mode = 0o600): SandboxFile | undefined {
  return strategy === 'merge_env' ? { path, bytes: Buffer.alloc(0), mode } : undefined;
}

/**
 * Merges the owner's changes to baked configuration files into the new ones, and renews their hash.
 * @param disabled messaging channels that are switched off, and stay so
 */
export async function restoreConfig(
  sandbox: string,
  agent: AgentManifest,
  backup: Backup,
  disabled: readonly string[],
): Promise<string[]> {
  const at = (path: string): string => `${agent.state_root}/${path}`;
  const names = agent.config_files.map(({ path }) => path);
  const baked = await readSandboxFiles(
    sandbox,
    [...names, HASH].map((path) => ({ path: at(path) })),
  );
  const changed = new Map<string, SandboxFile>();
  for (const { path, strategy, generated } of agent.config_files) {
    const fresh =
      baked.get(at(path)) ?? absent(at(path), strategy, backup.manifest.modes[`${CONFIG_DIRECTORY}/${path}`]);
    if (fresh === undefined || !backup.manifest.configFiles.includes(path)) continue;
    const kept = readFileSync(join(backup.directory, CONFIG_DIRECTORY, path), 'utf8');
    const owners = withoutChannels(kept, strategy, disabled);
    const bytes = Buffer.from(MERGES[strategy](fresh.bytes.toString(), owners, generated));
    if (!bytes.equals(fresh.bytes)) changed.set(path, { ...fresh, bytes });
  }
  if (changed.size === 0) return [];
  // What no image has is no baked configuration, and changes while the agent runs.
  const lines = names.flatMap((path) => {
    const file = baked.has(at(path)) ? (changed.get(path) ?? baked.get(at(path))) : undefined;
    return file === undefined ? [] : [`${sha256(file.bytes)}  ${at(path)}\n`];
  });
  const hash = { path: at(HASH), bytes: Buffer.from(lines.join('')), mode: baked.get(at(HASH))?.mode ?? 0o600 };
  await writeSandboxFiles(sandbox, [...changed.values(), hash]);
  return [...changed.keys()];
}
