import * as z from 'zod';
import { until } from '../../shared/until';
import { type Backup, listBackups } from '../backup/manifest';
import { CommandFailure } from '../failure';
import { openshell, openshellMust, sandboxPhases } from '../openshell';
import { changeRegistry, type SandboxEntry, saveEntry } from '../registry';

/** A rebuild that has begun to replace a sandbox: kept in its registry entry until all is back. */
const PendingSchema = z.looseObject({
  /** Time stamp of the backup that has everything. */
  backup: z.string(),
  /** OpenShell's ID of the sandbox that was to be replaced. */
  replaces: z.string(),
});
export type PendingRebuild = z.infer<typeof PendingSchema>;

/** The rebuild of a sandbox that was begun and never ended; undefined where there is none. */
export function pendingOf(entry: SandboxEntry | undefined): PendingRebuild | undefined {
  return PendingSchema.safeParse(entry?.pendingRebuild).data;
}

async function sandboxId(name: string): Promise<string | undefined> {
  const result = await openshell(['sandbox', 'get', name]);
  return /^\s*Id:\s*(\S+)/m.exec(result.stdout)?.[1];
}

/** Notes, before anything is deleted, which backup has everything. The image of the old sandbox counts no more. */
export async function begin(name: string, backup: Backup): Promise<void> {
  const replaces = (await sandboxId(name)) ?? '';
  await saveEntry(name, { imageTag: null, pendingRebuild: { backup: backup.manifest.timestamp, replaces } });
}

/** Notes, before a sandbox that is on no gateway is made anew, which backup has everything. */
export async function beginAnew(name: string, backup: Backup): Promise<void> {
  await saveEntry(name, { imageTag: null, pendingRebuild: { backup: backup.manifest.timestamp, replaces: '' } });
}

/** Forgets the pending rebuild: all is back, or nothing was deleted. */
export async function end(name: string, imageTag?: string | null): Promise<void> {
  await changeRegistry(({ sandboxes }) => {
    const entry = sandboxes[name];
    if (entry === undefined) return;
    delete entry.pendingRebuild;
    if (imageTag !== undefined) entry.imageTag = imageTag;
  });
}

/** Where a pending rebuild goes on: the replacement is to be made, or to be filled. */
export interface Resumption {
  readonly backup: Backup;
  readonly recreated: boolean;
}

/**
 * How a rebuild goes on that was interrupted; undefined where none was, or where the old sandbox is still there. A replacement that does not
 * become Ready is deleted: nothing is in it yet.
 * @throws CommandFailure when its backup is gone, or the gateway does not answer.
 */
export async function resumption(entry: SandboxEntry): Promise<Resumption | undefined> {
  const { name } = entry;
  const pending = pendingOf(entry);
  if (pending === undefined) return undefined;
  const there = (await sandboxPhases()).has(name);
  if (there && (await sandboxId(name)) === pending.replaces) return undefined;
  const backup = listBackups(name).find(({ manifest }) => manifest.timestamp === pending.backup);
  if (backup === undefined) {
    throw new CommandFailure(
      `The rebuild of '${name}' was interrupted, and its backup "${pending.backup}" is gone or incomplete.`,
    );
  }
  if (!there) return { backup, recreated: false };
  if (await becomesReady(name)) return { backup, recreated: true };
  await openshellMust(['sandbox', 'delete', name]);
  return { backup, recreated: false };
}

async function becomesReady(name: string): Promise<boolean> {
  try {
    await until(
      `sandbox '${name}' to be Ready`,
      async () => {
        const phase = (await sandboxPhases()).get(name);
        if (phase !== 'Ready' && phase !== 'Provisioning') throw new Error(`it is ${phase ?? 'gone'}`);
        return phase === 'Ready' ? true : undefined;
      },
      { withinMs: 30_000, everyMs: 200 },
    );
    return true;
  } catch {
    return false;
  }
}
