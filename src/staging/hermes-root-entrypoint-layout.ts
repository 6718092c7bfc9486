import { IncomingMessage } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { engine, ifThere } from '../sut/engine';
import { hermesPlaces } from '../sut/hermes-root-entrypoint';

/** How the state directory lies: as the image was built, or as an older release left it, its PID file a link to a path. */
export type HermesLayout = { readonly name: 'clean' } | { readonly name: 'legacy'; readonly pidFileLinksTo: string };

/** Directories that Hermes needs in its state directory, and that older releases did not make (contract, “Entry points”). */
export const requiredDirectories = ['hooks', 'image_cache', 'audio_cache', 'logs/curator'] as const;

const looked = ['.', 'gateway.pid', 'runtime/gateway.pid', 'runtime/gateway.lock', ...requiredDirectories] as const;

/** What tells the layout, by path from the state directory; see {@link pathIn} for the words. */
function tellTales(layout: HermesLayout): Readonly<Record<string, string>> {
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
 * The layout as the engine sees it in a container, which need not run.
 * @throws when it is not `layout`: the scenario would show nothing.
 */
export async function proveLayout(container: string, layout: HermesLayout): Promise<Readonly<Record<string, string>>> {
  const seen: Record<string, string> = {};
  for (const one of looked) seen[one] = await pathIn(container, path.posix.join(hermesPlaces.home, one));
  const wrong = Object.entries(tellTales(layout)).filter(([one, told]) => seen[one] !== told);
  if (wrong.length === 0) return seen;
  const reasons = wrong.map(([one, told]) => `${one}: ${seen[one]} instead of ${told}`).join('; ');
  throw new Error(`the state directory in ${container} is not of the ${layout.name} layout: ${reasons}`);
}

/** Go's bits of a file's mode, in which the engine answers, and what they are to us. */
const specialBits: readonly (readonly [number, number])[] = [
  [23, 0o4000],
  [22, 0o2000],
  [20, 0o1000],
];

const pathStat = z.object({ mode: z.number(), linkTarget: z.string() });

/** `absent`, `mode <octal>` or `link to <path, links resolved>`. The engine answers in a header: base64 of JSON. */
async function pathIn(container: string, file: string): Promise<string> {
  const answer: unknown = await ifThere(() => engine().getContainer(container).infoArchive({ path: file }));
  if (answer === undefined) return 'absent';
  if (!(answer instanceof IncomingMessage)) throw new Error(`the engine told nothing of ${container}:${file}`);
  answer.resume();
  const header = z.string().parse(answer.headers['x-docker-container-path-stat']);
  const { mode, linkTarget } = pathStat.parse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
  if (linkTarget !== '') return `link to ${linkTarget}`;
  const special = specialBits.filter(([bit]) => Math.floor(mode / 2 ** bit) % 2 === 1).map(([, octal]) => octal);
  return `mode ${special.reduce((sum, one) => sum + one, mode & 0o777).toString(8)}`;
}
