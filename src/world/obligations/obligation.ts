import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { z } from 'zod';

const fileBefore = z.union([
  z.strictObject({ absent: z.literal(true) }),
  z.strictObject({ absent: z.literal(false), content: z.string(), mode: z.number(), sha256: z.string() }),
]);

/** What was there before a mutation, and must be restored. One line of a journal contains everything that the restore needs. */
export const obligationSchema = z.discriminatedUnion('kind', [
  /** A file's bytes and mode, or its absence. `content` is base64. */
  z.strictObject({
    kind: z.literal('file'),
    path: z.string(),
    before: fileBefore,
  }),
  /** A directory that was not there, with all that will be put into it. */
  z.strictObject({ kind: z.literal('directory'), path: z.string() }),
  /**
   * Every container whose name begins so, and the image it was made from where its reference matches `images`; such an image
   * whose label begins as `labelled` describes is removed even where no container was made from it.
   */
  z.strictObject({
    kind: z.literal('containers'),
    prefix: z.string(),
    images: z.string().optional(),
    labelled: z.strictObject({ label: z.string(), prefix: z.string() }).optional(),
  }),
  /** The image that a tag pointed at, or that there was no such tag. */
  z.strictObject({ kind: z.literal('image-tag'), tag: z.string(), before: z.string().nullable() }),
  /** All tags in a repository of the scenario's own; in one that others use too, all but those that were there. */
  z.strictObject({ kind: z.literal('image-repository'), repository: z.string(), keep: z.array(z.string()).optional() }),
  /** Images without a tag that stand on one of `bases`, by ID, as a killed build leaves them: all but those that were there. */
  z.strictObject({ kind: z.literal('unfinished-images'), bases: z.array(z.string()), keep: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('network'), name: z.string(), there: z.boolean() }),
  z.strictObject({ kind: z.literal('volume'), name: z.string(), there: z.boolean() }),
  /** The configuration file of an engine in a container of our own, and the storage driver that it made the engine use. */
  z.strictObject({
    kind: z.literal('engine-configuration'),
    container: z.string(),
    socket: z.string(),
    path: z.string(),
    before: fileBefore,
    driver: z.string(),
  }),
  /** Processes that carry an environment entry of the scenario's own: safe against reused pids. */
  z.strictObject({ kind: z.literal('processes'), entry: z.string() }),
  /** One process, by pid and start time. */
  z.strictObject({ kind: z.literal('process'), pid: z.number(), startTime: z.string() }),
]);
export type Obligation = z.infer<typeof obligationSchema>;

/** SHA-256, in hex. */
export function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Permission bits, setuid, setgid and sticky among them. */
export function modeOf(file: string): number {
  return lstatSync(file).mode & 0o7777;
}

/** The obligation to restore `file` as it is now; behind a link that is the file to which the link leads. */
export function fileAsItIs(named: string): Extract<Obligation, { kind: 'file' }> {
  if (!existsSync(named)) return { kind: 'file', path: named, before: { absent: true } };
  const file = realpathSync(named);
  const bytes = readFileSync(file);
  return {
    kind: 'file',
    path: file,
    before: { absent: false, content: bytes.toString('base64'), mode: modeOf(file), sha256: digest(bytes) },
  };
}

function describeFile(before: z.infer<typeof fileBefore>): string {
  return before.absent ? 'absent' : `with sha256 ${before.sha256.slice(0, 12)}, mode ${before.mode.toString(8)}`;
}

/** One line for messages, journals and the report. */
export function describe(obligation: Obligation): string {
  switch (obligation.kind) {
    case 'file':
      return `file ${obligation.path} ${describeFile(obligation.before)}`;
    case 'engine-configuration':
      return `configuration ${obligation.path} of the engine ${obligation.container} ${describeFile(obligation.before)}, its storage driver ${obligation.driver}`;
    case 'directory':
      return `directory ${obligation.path} absent`;
    case 'containers':
      return `no container named ${obligation.prefix}…`;
    case 'image-tag':
      return `image tag ${obligation.tag} ${obligation.before === null ? 'absent' : `at ${obligation.before.slice(0, 19)}`}`;
    case 'image-repository':
      return `no image in ${obligation.repository}${obligation.keep?.length ? ` but ${obligation.keep.join(', ')}` : ''}`;
    case 'unfinished-images':
      return `no image without a tag on ${obligation.bases.map((one) => one.slice(0, 19)).join(', ')} but ${obligation.keep.length} of before`;
    case 'network':
    case 'volume':
      return `${obligation.kind} ${obligation.name} ${obligation.there ? 'there' : 'absent'}`;
    case 'processes':
      return `no process with ${obligation.entry}`;
    case 'process':
      return `process ${obligation.pid} (started at tick ${obligation.startTime}) ended`;
  }
}
