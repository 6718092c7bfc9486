/** Every leaf of a JSON value by its path; an empty object or list is a leaf. */
function leaves(value: unknown, at: string, into: Map<string, string>): Map<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) into.set(at, JSON.stringify(value));
  for (const [key, one] of entries) leaves(one, at === '' ? key : `${at}.${key}`, into);
  return into;
}

/** One path at which two JSON values differ. */
interface Difference {
  readonly path: string;
  /** JSON; undefined where nothing is. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

function differencesOf(before: string, after: string): readonly Difference[] {
  const was = leaves(JSON.parse(before), '', new Map());
  const is = leaves(JSON.parse(after), '', new Map());
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
    .filter((one) => one.before !== one.after);
}

/** The differences of two JSON texts, one line for each path. @throws SyntaxError when one of them is no JSON */
export function jsonDifferences(before: string, after: string): readonly string[] {
  return differencesOf(before, after).map((one) => `${one.path}: ${one.before ?? 'absent'} → ${one.after ?? 'absent'}`);
}

/** The paths at which two JSON texts differ. @throws SyntaxError when one of them is no JSON */
export function changedPaths(before: string, after: string): readonly string[] {
  return differencesOf(before, after).map(({ path }) => path);
}
