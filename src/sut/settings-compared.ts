import { type Difference, differenceLine, differencesOf } from './json-differences';

/**
 * The places of a document that an action may change, each as keys joined by dots: a key stands for all below it, `*` for any one key or member of
 * a list.
 */
export type MayChange = readonly string[];

/**
 * Where two documents of settings differ, a line each. The order of lists means nothing in them, and neither does a list that says a thing twice; a key
 * without a value (null, an empty list or object) is the same as no key.
 */
export function settingsDifferences(before: unknown, after: unknown, mayChange: MayChange = []): readonly string[] {
  return (
    differencesOf(asSettings(before) ?? {}, asSettings(after) ?? {})
      // A document without any value has no place of its own.
      .filter((one) => one.path.length > 0 && !mayChange.some((place) => covers(place, one)))
      .map(differenceLine)
  );
}

function covers(place: string, { path }: Difference): boolean {
  const keys = place.split('.');
  return keys.length <= path.length && keys.every((key, index) => key === '*' || key === path[index]);
}

/** A document with its lists as sets, by label, and without what has no value; undefined where nothing remains. */
function asSettings(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return value;
  const members = Array.isArray(value) ? labelled(value) : Object.entries(value);
  const kept = members.map(([key, one]) => [key, asSettings(one)] as const).filter(([, one]) => one !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The members of a list under labels: a plain value under itself, an object under what names it, unless others have that name. */
function labelled(list: readonly unknown[]): (readonly [string, unknown])[] {
  const whole = list.map((one) => JSON.stringify(sorted(one)));
  const names = list.map(nameOf);
  return list.map((one, index) => {
    const name = names[index];
    const alone = name !== undefined && names.every((other, at) => other !== name || whole[at] === whole[index]);
    return alone ? [name, one] : [whole[index] ?? '', true];
  });
}

/** What names an object of a list: host and port of an endpoint, the path of a program, a name or an ID. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, port, path, name, id } = value as Readonly<Record<string, unknown>>;
  if (typeof host === 'string') return port === undefined ? host : `${host}:${port}`;
  return [path, name, id].find((one) => typeof one === 'string');
}

/** A value with its keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
