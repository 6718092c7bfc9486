import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Observation } from '../evidence/observation';
import { sha256 } from '../sha256';

/** A variable that a Dockerfile declares with ARG or ENV. */
export interface Declaration {
  readonly instruction: 'ARG' | 'ENV';
  readonly name: string;
  /** Its default, with the values of variables declared before it; null where it has none. */
  readonly value: string | null;
  readonly line: number;
}

/** The declarations of a Dockerfile, in order. */
export function declarationsIn(dockerfile: string): Declaration[] {
  const found: Declaration[] = [];
  const defaults = new Map<string, string>();
  for (const { text, line } of instructions(dockerfile)) {
    const match = /^(ARG|ENV)\s+(.*)$/is.exec(text);
    const instruction = match?.[1]?.toUpperCase() === 'ENV' ? 'ENV' : 'ARG';
    for (const { name, value } of pairs(instruction, match?.[2] ?? '')) {
      const filled = value === null ? null : fillIn(value, defaults);
      if (filled !== null) defaults.set(name, filled);
      found.push({ instruction, name, value: filled, line });
    }
  }
  return found;
}

/** A value that stands in for a variable without one where it is used, as in `${NAME:-1}`. */
export interface StandIn {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** The values that stand in for variables, in order. */
export function standInsIn(dockerfile: string): StandIn[] {
  return instructions(dockerfile).flatMap(({ text, line }) =>
    [...text.matchAll(/\$\{(\w+):?-([^}]*)\}/g)].map(([, name = '', value = '']) => ({
      ...{ name, line },
      value: unquoted(value),
    })),
  );
}

/** The instructions, with continued lines joined and without comments. */
function instructions(dockerfile: string): { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [index, raw] of dockerfile.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(raw)) continue;
    const continued = /\\\s*$/.test(raw);
    const text = raw.replace(/\\\s*$/, '').trim();
    open = open ? { ...open, text: `${open.text} ${text}` } : { text, line: index + 1 };
    if (continued) continue;
    found.push(open);
    open = undefined;
  }
  return open ? [...found, open] : found;
}

function pairs(instruction: 'ARG' | 'ENV', rest: string): { name: string; value: string | null }[] {
  const old = /^([A-Za-z_]\w*)\s+(.*)$/s.exec(rest);
  // `ENV NAME value`, the old form of a single variable.
  if (instruction === 'ENV' && old?.[1] !== undefined && !/^[A-Za-z_]\w*=/.test(rest)) {
    return [{ name: old[1], value: unquoted(old[2] ?? '') }];
  }
  const words = rest.match(/(?:"(?:\\.|[^"])*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.flatMap((word) => {
    const match = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(word);
    return match?.[1] === undefined
      ? []
      : [{ name: match[1], value: match[2] === undefined ? null : unquoted(match[2]) }];
  });
}

function unquoted(value: string): string {
  return value.replace(
    /"((?:\\.|[^"])*)"|'([^']*)'/g,
    (_all, double?: string, single?: string) => double ?? single ?? '',
  );
}

/** Replaces `$NAME`, `${NAME}` and `${NAME:-default}`, as far as the Dockerfile itself declares the variables. */
function fillIn(value: string, defaults: ReadonlyMap<string, string>): string {
  return value.replace(
    /\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
    (all, plain?: string, braced?: string, otherwise?: string) => {
      const known = defaults.get(plain ?? braced ?? '');
      return known !== undefined && known !== '' ? known : (otherwise ?? known ?? all);
    },
  );
}

/** The declarations of one shipped Dockerfile. */
export interface DockerfileSeen {
  /** Path in the SUT's tree. */
  readonly file: string;
  readonly declarations: readonly Declaration[];
  readonly standIns: readonly StandIn[];
}

/** Directories that contain no Dockerfile of the product. */
const skipped = new Set(['node_modules', '.git', 'test', 'tests']);

/** Every Dockerfile of a source tree with what it says of variables whose name `pattern` matches, one reading for each file. */
export function dockerfilesOf(tree: string, pattern: RegExp): Observation<DockerfileSeen>[] {
  const files: string[] = [];
  const walk = (at: string) => {
    for (const one of readdirSync(at, { withFileTypes: true })) {
      const full = path.join(at, one.name);
      if (one.isDirectory()) {
        if (!skipped.has(one.name)) walk(full);
      } else if (/^Dockerfile(\..+)?$|\.Dockerfile$/.test(one.name)) files.push(full);
    }
  };
  walk(tree);
  return files.sort().map((full) => {
    const startedAt = new Date().toISOString();
    const bytes = readFileSync(full);
    const file = path.relative(tree, full);
    const text = bytes.toString('utf8');
    const declarations = declarationsIn(text).filter(({ name }) => pattern.test(name));
    const standIns = standInsIn(text).filter(({ name }) => pattern.test(name));
    return new Observation(
      { file, declarations, standIns },
      {
        boundary: 'durable-state',
        kind: 'file',
        source: full,
        startedAt,
        finishedAt: new Date().toISOString(),
        seen: {
          sha256: sha256(bytes),
          declared: declarations.map(({ name, value, line }) => `line ${line}: ${name}=${value ?? ''}`).join('; '),
        },
      },
    );
  });
}
