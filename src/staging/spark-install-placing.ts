import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import type { InstallerMachine } from '../sut/installer-machine';
import { hostProgram } from './private-path';

const interrupting = inRepository('fixtures/spark-install/commands/interrupting');

/** The commands that put an installation's files in place. */
const PLACING = ['git', 'ln', 'cp', 'mv', 'install', 'rm'];

/** Puts an interrupting command in place of each of these: it counts their calls, and can kill the installer before one. */
export function interruptPlacing({ tools, host }: InstallerMachine): void {
  for (const name of PLACING) {
    writeFileSync(path.join(host, `real-${name}`), hostProgram(name));
    rmSync(path.join(tools, name), { force: true });
    cpSync(interrupting, path.join(tools, name));
  }
}

/** Begins to count those calls anew. @param killBefore the call before which the installer is killed; none without it */
export function countPlacing({ own, host }: InstallerMachine, killBefore?: number): void {
  rmSync(path.join(own, 'placed'), { force: true });
  if (killBefore === undefined) rmSync(path.join(host, 'kill-before'), { force: true });
  else writeFileSync(path.join(host, 'kill-before'), String(killBefore));
}

/** The calls counted since then. */
export function placed({ own }: InstallerMachine): readonly string[] {
  const file = path.join(own, 'placed');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}
