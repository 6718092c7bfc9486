import { backUp } from '../backup/create';
import { CommandFailure, linesOf } from '../failure';
import { sandboxPhases } from '../openshell';
import { complain, say } from '../print';
import { readRegistry } from '../registry';

/** Backs every Ready sandbox up. @throws CommandFailure when that fails for one of them. */
export async function backupAll(): Promise<void> {
  const entries = Object.entries(readRegistry().sandboxes);
  if (entries.length === 0) {
    say('No sandboxes found in the registry.');
    return;
  }
  const phases = await sandboxPhases();
  let done = 0;
  let skipped = 0;
  const failed: string[] = [];
  for (const [name, entry] of entries) {
    if (phases.get(name) !== 'Ready') {
      say(`Skipping '${name}' (${phases.get(name) ?? 'not on this gateway'})`);
      skipped += 1;
      continue;
    }
    say(`Backing up '${name}'...`);
    try {
      const { directory, manifest } = await backUp({ ...entry, name });
      say(`✓ ${name}: ${manifest.backedUpDirs.length} dirs, ${manifest.backedUpFiles.length} files → ${directory}`);
      done += 1;
    } catch (error) {
      failed.push(name);
      for (const line of linesOf(error)) complain(line);
    }
  }
  say();
  say(`Pre-upgrade backup: ${done} backed up, ${failed.length} failed, ${skipped} skipped`);
  if (failed.length > 0) throw new CommandFailure(`Not backed up: ${failed.join(', ')}`);
}
