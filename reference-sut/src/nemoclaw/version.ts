/** A version's dotted numbers, and its suffix behind a hyphen or plus. */
function parts(version: string): { numbers: number[]; suffix: string } {
  const [core = '', ...rest] = version.trim().replace(/^v/i, '').split(/[-+]/);
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), suffix: rest.join('-') };
}

/** Compares by number, part for part (2026.5.9 < 2026.5.22); a version with a suffix lies below the one without. */
export function compareVersions(left: string, right: string): -1 | 0 | 1 {
  const a = parts(left);
  const b = parts(right);
  for (let index = 0; index < Math.max(a.numbers.length, b.numbers.length); index += 1) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) return difference < 0 ? -1 : 1;
  }
  if (a.suffix === b.suffix) return 0;
  if (a.suffix === '') return 1;
  if (b.suffix === '') return -1;
  return a.suffix < b.suffix ? -1 : 1;
}

export function isBelow(version: string, expected: string): boolean {
  return compareVersions(version, expected) < 0;
}

/** The version in an agent's `--version` output. It may stand in any line: the first can be a warning of the runtime. */
export function versionIn(output: string, pattern: string): string | undefined {
  const expression = new RegExp(pattern);
  for (const line of output.split('\n')) {
    const found = expression.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
