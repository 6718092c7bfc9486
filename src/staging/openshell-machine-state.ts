import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { InstallerMachine } from '../sut/installer-machine';

/**
 * Keeps a copy of the machine's programs and HOME as they are now.
 * @returns a function that puts the machine back into that state, also without what a killed program left in its TMPDIR
 */
export function keepState(machine: InstallerMachine): () => void {
  const kept = mkdtempSync(path.join(machine.directory, '.kept-'));
  const places = [machine.programs, machine.home, machine.temporary].map((place) => ({
    place,
    copy: path.join(kept, path.basename(place)),
  }));
  const copied = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };
  for (const { place, copy } of places) cpSync(place, copy, copied);
  return () => {
    for (const { place, copy } of places) {
      rmSync(place, { recursive: true });
      cpSync(copy, place, copied);
    }
  };
}
