import { type Document, isMap, parseDocument } from 'yaml';
import { isSecretKey } from './sanitizer';

type Json = Record<string, unknown>;

function isMapping(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The freshly baked JSON with the owner's changes, as {@link mergeYamlConfig} merges them. `generated` names settings by their path, with dots.
 * A value that the backup withheld is left as it was baked.
 */
export function mergeJsonConfig(fresh: string, owners: string, generated: readonly string[]): string {
  const target: unknown = JSON.parse(fresh);
  const source = parsedOrNothing(owners);
  if (!isMapping(target) || !isMapping(source)) return fresh;
  const merged = mergedJson(target, source, generated, '');
  return JSON.stringify(merged) === JSON.stringify(target) ? fresh : JSON.stringify(merged, null, 2);
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mergedJson(target: Json, source: Json, generated: readonly string[], at: string): Json {
  const merged = { ...target };
  for (const [key, value] of Object.entries(source)) {
    const path = `${at}${key}`;
    const inside = merged[key];
    if (generated.includes(path) || (value === '' && isSecretKey(key))) continue;
    if (isMapping(value) && isMapping(inside)) merged[key] = mergedJson(inside, value, generated, `${path}.`);
    else if (isList(value) && isList(inside)) merged[key] = mergedLists(inside, value, generated, `${path}.`);
    else merged[key] = value;
  }
  return merged;
}

/** A list whose members have names. */
function isList(value: unknown): value is (Json & { readonly id: string })[] {
  return Array.isArray(value) && value.every((one) => isMapping(one) && typeof one.id === 'string');
}

/** The baked members with what the owner changed of each, and the owner's other members. */
function mergedLists(
  target: readonly Json[],
  source: readonly Json[],
  generated: readonly string[],
  at: string,
): Json[] {
  const others = source.filter(({ id }) => !target.some((one) => one.id === id));
  const merged = target.map((one) => {
    const own = source.find(({ id }) => id === one.id);
    return own === undefined ? one : mergedJson(one, own, generated, at);
  });
  return [...merged, ...others];
}

/**
 * The freshly baked YAML with the owner's changes: a mapping is merged key by key, other values are the owner's. Settings
 * named in `generated`, by their path with dots, stay as they were baked: route and format belong to the new image.
 */
export function mergeYamlConfig(fresh: string, owners: string, generated: readonly string[]): string {
  const target = parseDocument(fresh);
  const source: unknown = parseDocument(owners).toJS();
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return fresh;
  const before = JSON.stringify(target.toJS());
  for (const [key, value] of Object.entries(source)) {
    mergeAt(target, [key], value, generated);
  }
  return JSON.stringify(target.toJS()) === before ? fresh : target.toString({ lineWidth: 0 });
}

function mergeAt(target: Document, path: readonly string[], value: unknown, generated: readonly string[]): void {
  if (generated.includes(path.join('.'))) return;
  if (isMapping(value) && isMap(target.getIn(path))) {
    for (const [key, inner] of Object.entries(value)) mergeAt(target, [...path, key], inner, generated);
  } else {
    target.setIn(path, target.createNode(value));
  }
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=(.*)$/;

/** The value that a `.env` text gives each variable; the last assignment counts. */
function assignments(text: string): Map<string, string> {
  const found = text.split('\n').map((line) => ASSIGNMENT.exec(line));
  return new Map(found.flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], match[2] ?? '']])));
}

/**
 * The owner's `.env`, line for line, with the baked lines that it lacks at its end. A variable that is `generated`,
 * or whose value the backup withheld, has its baked value.
 */
export function mergeEnvConfig(fresh: string, owners: string, generated: readonly string[]): string {
  const baked = assignments(fresh);
  const lines = owners.replace(/\n$/, '').split('\n');
  const merged = lines.map((line) => {
    const [, name, value] = ASSIGNMENT.exec(line) ?? [];
    if (name === undefined || !baked.has(name)) return line;
    const withheld = value?.trim() === '' && baked.get(name)?.trim() !== '';
    return generated.includes(name) || withheld ? `${name}=${baked.get(name)}` : line;
  });
  const present = assignments(owners);
  const missing = [...baked].filter(([name]) => !present.has(name)).map(([name, value]) => `${name}=${value}`);
  return `${[...merged, ...missing].filter((line, index) => line !== '' || index > 0).join('\n')}\n`;
}
