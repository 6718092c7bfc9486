import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from './nearest';
import { inRepository } from './repository';
import { credentialShapes } from './secrets/shapes';
import { type FileSettings, fileSchema } from './settings-schema';
import { UserError } from './user-error';

type Path = readonly (string | number)[];

/** The settings that a user keeps in a file. */
export interface Phase9File {
  readonly file: string;
  readonly values: FileSettings;
  /** `file:line` of what is set at a path; undefined where nothing is. */
  readonly where: (at: Path) => string | undefined;
}

/** A fault at a place: `key` where the name of an entry is wrong, and not its value. */
interface Fault {
  readonly at: Path;
  readonly key: boolean;
  readonly reason: string;
}

/** Variables that the suite sets itself for each scenario. */
const OF_THE_SUITE = /^(?:PHASE9_.*|HOME|PATH|TMPDIR)$/;
/** A variable of such a name has a credential as its value. */
const OF_A_CREDENTIAL = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|COOKIE|DSN)$/;
const WITH_PASSWORD = /:\/\/[^/\s:@]+:[^/\s@]+@/;
const NO_CREDENTIALS = 'no credential belongs in this file: the suite stages its own';

/** The file that PHASE9_CONFIG names, else phase9.yaml of the repository where there is one. */
export function phase9FileName(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment.PHASE9_CONFIG;
  if (named) return path.resolve(named);
  const usual = inRepository('phase9.yaml');
  return existsSync(usual) ? usual : undefined;
}

const cache = new Map<string, Phase9File>();

/**
 * Reads and checks a file of settings; paths in it are relative to its directory, `~/` is HOME.
 * @throws UserError (exit status 2) with every fault, a line each: `file:line:column: what is wrong`.
 */
export function readPhase9File(file: string): Phase9File {
  const text = textOf(file);
  const key = `${file}\0${text}`;
  const read = cache.get(key) ?? parsePhase9File(file, text);
  cache.set(key, read);
  return read;
}

function textOf(file: string): string {
  if (!existsSync(file)) throw new UserError(`PHASE9_CONFIG=${file}: there is no such file`);
  if (statSync(file).isDirectory()) throw new UserError(`PHASE9_CONFIG=${file}: is a directory; name the file in it`);
  return readFileSync(file, 'utf8');
}

/** As {@link readPhase9File}, of a text. */
export function parsePhase9File(file: string, text: string): Phase9File {
  const shown = path.relative(process.cwd(), file).startsWith('..') ? file : path.relative(process.cwd(), file) || file;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const complain = (faults: readonly { readonly offset: number; readonly reason: string }[]): never => {
    const each = faults
      .toSorted((one, other) => one.offset - other.offset)
      .map(({ offset, reason }) => {
        const { line, col } = lines.linePos(offset);
        return `${shown}:${line}:${col}: ${reason}`;
      });
    throw new UserError([...new Set(each)].join('\n'));
  };
  if (document.errors.length > 0) {
    complain(document.errors.map(({ pos, message }) => ({ offset: pos[0], reason: message })));
  }
  const content: unknown = document.toJS() ?? {};
  const parsed = fileSchema.safeParse(content);
  const faults = [
    ...(parsed.error?.issues ?? []).flatMap(faultsOf),
    ...credentialFaults(content),
    ...nameFaults(content),
  ];
  if (parsed.data === undefined || faults.length > 0) {
    return complain(
      faults.map(({ at, key, reason }) => ({
        offset: offsetOf(document, at, key),
        reason: at.length > 0 ? `${at.join('.')}: ${reason}` : reason,
      })),
    );
  }
  return {
    file,
    values: parsed.data,
    where: (at) => (document.hasIn(at) ? `${shown}:${lines.linePos(offsetOf(document, at, true)).line}` : undefined),
  };
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const at = issue.path.map((one) => (typeof one === 'symbol' ? String(one) : one));
  if (issue.code !== 'unrecognized_keys') return [{ at, key: issue.code === 'invalid_key', reason: issue.message }];
  const known = knownBelow(at);
  return issue.keys.map((name) => {
    const near = nearest(name, known);
    const instead = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
    return { at: [...at, name], key: true, reason: `is not a setting; ${instead}` };
  });
}

/** The keys that the schema allows at a path. */
function knownBelow(at: Path): string[] {
  type Shape = { readonly properties?: Readonly<Record<string, Shape>> };
  const whole = z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const below = at.reduce<Shape | undefined>((shape, key) => shape?.properties?.[String(key)], whole);
  return Object.keys(below?.properties ?? {});
}

/** Every text in the file that is, or contains, a credential. */
function credentialFaults(value: unknown, at: Path = []): Fault[] {
  if (typeof value === 'string') {
    const shape = credentialShapes.find(({ pattern }) => value.search(pattern) !== -1)?.what;
    const what = shape ?? (WITH_PASSWORD.test(value) ? 'an address with a password' : undefined);
    return what === undefined ? [] : [{ at, key: false, reason: `looks like ${what}: ${NO_CREDENTIALS}` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const inside = Array.isArray(value) ? value.entries() : Object.entries(value);
  return [...inside].flatMap(([key, one]) => credentialFaults(one, [...at, key]));
}

/** Variables whose names are for credentials, or that the suite sets itself. */
function nameFaults(content: unknown): Fault[] {
  const live = fieldOf(content, 'live');
  const agents = fieldOf(live, 'oldAgents');
  const places: [Path, unknown][] = [
    [['live', 'environment'], fieldOf(live, 'environment')],
    ...['openclaw', 'hermes'].map((agent): [Path, unknown] => [
      ['live', 'oldAgents', agent, 'buildArguments'],
      fieldOf(fieldOf(agents, agent), 'buildArguments'),
    ]),
  ];
  return places.flatMap(([at, variables]) =>
    Object.keys(typeof variables === 'object' && variables !== null ? variables : {}).flatMap((name) => {
      if (OF_A_CREDENTIAL.test(name)) {
        return [{ at: [...at, name], key: true, reason: `is named like a credential: ${NO_CREDENTIALS}` }];
      }
      if (at.at(-1) !== 'environment' || !OF_THE_SUITE.test(name)) return [];
      return [{ at: [...at, name], key: true, reason: 'the suite sets this variable itself, for each scenario' }];
    }),
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Where an entry begins: its key, or its value; where it is missing, that of what is around it. */
function offsetOf(document: Document, at: Path, key: boolean): number {
  const last = at.at(-1);
  const around = at.length > 1 ? document.getIn(at.slice(0, -1), true) : document.contents;
  if (key && isMap(around)) {
    const pair = around.items.find((one) => (isScalar(one.key) ? one.key.value : one.key) === last);
    if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = at.length === 0 ? document.contents : document.getIn(at, true);
  if (isNode(node) && node.range) return node.range[0];
  return at.length === 0 ? 0 : offsetOf(document, at.slice(0, -1), key);
}
