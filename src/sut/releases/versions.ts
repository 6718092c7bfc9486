/** How versions are counted: by the calendar (2026.5.22), or semantically (0.19.0). */
export type VersionScheme = 'calendar' | 'semver';

/** A release number, and the number of commits since that release; `after` is 0 for the release itself. */
export interface ReleaseNumber {
  readonly parts: readonly [number, number, number];
  readonly after: number;
}

/** The scheme of a version; null where the text is no version. */
export function schemeOf(version: string): VersionScheme | null {
  const first = /^v?(\d+)\.\d+\.\d+(?![\d.])/.exec(version.trim())?.[1];
  if (first === undefined) return null;
  return Number(first) >= 2000 ? 'calendar' : 'semver';
}

/** Reads a release as a tag names it, or as `git describe` does: `v0.0.53`, `0.0.53-12-g442f64b`. Null where it is none. */
export function releaseNumberIn(text: string): ReleaseNumber | null {
  const [, major, minor, patch, after] = /^v?(\d+)\.(\d+)\.(\d+)(?:-(\d+)-g[0-9a-f]+)?$/.exec(text.trim()) ?? [];
  if (major === undefined) return null;
  return { parts: [Number(major), Number(minor), Number(patch)], after: Number(after ?? 0) };
}

/** Negative, zero or positive, as `a` is before, the same as, or after `b`. */
export function compareReleases(a: ReleaseNumber, b: ReleaseNumber): number {
  return distance(a, b).find((one) => one !== 0) ?? 0;
}

/** How far `b` lies from `a`, most significant number first. */
function distance(a: ReleaseNumber, b: ReleaseNumber): readonly number[] {
  const [major, minor, patch] = b.parts;
  return [a.parts[0] - major, a.parts[1] - minor, a.parts[2] - patch, a.after - b.after];
}

/** Negative, zero or positive, as `a` lies nearer to `from` than `b` does, as near, or further away. */
export function nearerTo(from: ReleaseNumber, a: ReleaseNumber, b: ReleaseNumber): number {
  const [left, right] = [distance(from, a), distance(from, b)];
  const index = left.findIndex((one, at) => Math.abs(one) !== Math.abs(right[at] ?? 0));
  return index < 0 ? 0 : Math.abs(left[index] ?? 0) - Math.abs(right[index] ?? 0);
}
