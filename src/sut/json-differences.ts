/** One place of a JSON value at which two of them differ; `undefined` where there is nothing. */
export interface Difference {
  /** Keys from the top; members of a list that was taken as a set have a label in place of an index. */
  readonly path: readonly string[];
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Longest text of a value in a difference, in characters: what differs is to be recognised, not to be repeated whole. */
const SHOWN = 120;

interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

/** Every leaf of a JSON value; an empty object or list is a leaf. */
function leaves(value: unknown, path: readonly string[], into: Map<string, Leaf>): Map<string, Leaf> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) into.set(JSON.stringify(path), { path, text: JSON.stringify(value) ?? 'undefined' });
  for (const [key, one] of entries) leaves(one, [...path, key], into);
  return into;
}

/** Where two JSON values differ, leaf by leaf. */
export function differencesOf(before: unknown, after: unknown): readonly Difference[] {
  const was = leaves(before, [], new Map());
  const is = leaves(after, [], new Map());
  return [...new Map([...was, ...is])]
    .filter(([key]) => was.get(key)?.text !== is.get(key)?.text)
    .map(([key, { path }]) => ({ path, before: was.get(key)?.text, after: is.get(key)?.text }));
}

/** A difference in a line: the path, the value before and the value after. */
export function differenceLine({ path, before, after }: Difference): string {
  return `${path.join('.')}: ${shortened(before)} → ${shortened(after)}`;
}

function shortened(text: string | undefined): string {
  if (text === undefined) return 'absent';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

/** The differences of two JSON texts, one line for each path. @throws SyntaxError when one of them is no JSON */
export function jsonDifferences(before: string, after: string): readonly string[] {
  return differencesOf(JSON.parse(before), JSON.parse(after)).map(differenceLine);
}

/** The paths at which two JSON texts differ. @throws SyntaxError when one of them is no JSON */
export function changedPaths(before: string, after: string): readonly string[] {
  return differencesOf(JSON.parse(before), JSON.parse(after)).map(({ path }) => path.join('.'));
}
