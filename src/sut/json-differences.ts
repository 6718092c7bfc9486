/** Every leaf of a JSON value by its path; an empty object or list is a leaf. */
function leaves(value: unknown, at: string, into: Map<string, string>): Map<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) into.set(at, JSON.stringify(value));
  for (const [key, one] of entries) leaves(one, at === '' ? key : `${at}.${key}`, into);
  return into;
}

/** The differences of two JSON texts, one line for each path. @throws SyntaxError when one of them is no JSON */
export function jsonDifferences(before: string, after: string): readonly string[] {
  const was = leaves(JSON.parse(before), '', new Map());
  const is = leaves(JSON.parse(after), '', new Map());
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => `${path}: ${was.get(path) ?? 'absent'} → ${is.get(path) ?? 'absent'}`);
}
