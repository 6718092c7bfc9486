import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';

const MINIMUM = /^(\s*min_openclaw_version:\s*)(["']?)([^"'\s#]+)\2/m;

/** The minimum that a blueprint names. @throws when it names none. */
export function minimumIn(blueprint: string): string {
  const minimum = MINIMUM.exec(blueprint)?.[3];
  if (minimum === undefined) throw new Error('the blueprint names no min_openclaw_version');
  return minimum;
}

/** The blueprint's text with another minimum, and nothing else changed. */
export function withMinimum(blueprint: string, minimum: string): string {
  minimumIn(blueprint);
  return blueprint.replace(MINIMUM, (_line, before: string, quote: string) => `${before}${quote}${minimum}${quote}`);
}

/** Negative, zero or positive, as calendar version `a` is before, the same as, or after `b`. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Lowers the minimum in `file`, in place: same inode, same mode. @returns what the file then is, in words. */
export function lowerMinimum(file: string, minimum: string): string {
  const text = withMinimum(readFileSync(file, 'utf8'), minimum);
  writeFileSync(file, text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return `min_openclaw_version ${minimum}; sha256 ${sha256}, mode ${(statSync(file).mode & 0o7777).toString(8)}`;
}
