import { IncomingMessage } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { engine, ifThere } from '../sut/engine';
import { hermesPlaces } from '../sut/hermes-root-entrypoint';

/**
 * The layout of the state directory: as the image was built, or as an older release left it, with a link as its PID
 * file.
 */
export type HermesLayout = { readonly name: 'clean' } | { readonly name: 'legacy'; readonly pidFileLinksTo: string };

/** Directories that Hermes needs in its state directory, and older releases did not make (contract, “Entry points”). */
export const requiredDirectories = ['hooks', 'image_cache', 'audio_cache', 'logs/curator'] as const;

const inspected = ['.', 'gateway.pid', 'runtime/gateway.pid', 'runtime/gateway.lock', ...requiredDirectories] as const;

/** What distinguishes the layout, by path from the state directory; {@link pathIn} explains the values. */
function signsOf(layout: HermesLayout): Readonly<Record<string, string>> {
  if (layout.name === 'clean') return { 'gateway.pid': 'absent', 'runtime/gateway.pid': 'absent' };
  return {
    '.': 'mode 750',
    'gateway.pid': `link to ${path.posix.resolve(hermesPlaces.home, layout.pidFileLinksTo)}`,
    'runtime/gateway.pid': 'mode 640',
    'runtime/gateway.lock': 'mode 640',
    ...Object.fromEntries(requiredDirectories.map((one) => [one, 'absent'])),
  };
}

/**
 * Reads the layout from the engine, so that the container need not run. @returns what was seen, by path
 * @throws when it is not `layout`: the scenario would prove nothing.
 */
export async function proveLayout(container: string, layout: HermesLayout): Promise<Readonly<Record<string, string>>> {
  const seen: Record<string, string> = {};
  for (const one of inspected) seen[one] = await pathIn(container, path.posix.join(hermesPlaces.home, one));
  const wrong = Object.entries(signsOf(layout)).filter(([one, sign]) => seen[one] !== sign);
  if (wrong.length === 0) return seen;
  const reasons = wrong.map(([one, sign]) => `${one}: ${seen[one]} instead of ${sign}`).join('; ');
  throw new Error(`the state directory in ${container} does not have the ${layout.name} layout: ${reasons}`);
}

/** Bits of a file's mode in Go, as the engine reports them, and the same bits in octal as Unix writes them. */
const specialBits: readonly (readonly [number, number])[] = [
  [23, 0o4000],
  [22, 0o2000],
  [20, 0o1000],
];

const pathStat = z.object({ mode: z.number(), linkTarget: z.string() });

/**
 * @returns `absent`, `mode <octal>` or `link to <path, links resolved>`. The engine's answer is a header: base64 of
 * JSON.
 */
async function pathIn(container: string, file: string): Promise<string> {
  const answer: unknown = await ifThere(() => engine().getContainer(container).infoArchive({ path: file }));
  if (answer === undefined) return 'absent';
  if (!(answer instanceof IncomingMessage)) throw new Error(`the engine reports nothing about ${container}:${file}`);
  answer.resume();
  const header = z.string().parse(answer.headers['x-docker-container-path-stat']);
  const { mode, linkTarget } = pathStat.parse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
  if (linkTarget !== '') return `link to ${linkTarget}`;
  const special = specialBits.filter(([bit]) => Math.floor(mode / 2 ** bit) % 2 === 1).map(([, octal]) => octal);
  return `mode ${special.reduce((sum, one) => sum + one, mode & 0o777).toString(8)}`;
}
