import { UserError } from '../../user-error';
import { Interrupted } from '../run-action';
import { callProgram, toldBy } from './program';

/** Where debootstrap gets a system from. */
export interface SystemSource {
  readonly site: string;
  readonly suite: string;
  readonly components: string;
}

const FORMAT = '$(SITE)|$(CODENAME)|$(COMPONENT)|$(ORIGIN)';

/**
 * Chooses the source of a system whose Docker Engine knows containerd's snapshotters, from `apt-get indextargets` lines in
 * the form `site|codename|component|origin`: Debian's trixie where the machine's mirror is Debian's, else the machine's own
 * Ubuntu, with universe, where Docker Engine lies.
 */
export function chooseSystem(lines: readonly string[]): SystemSource | undefined {
  const indexes = lines.map((line) => line.trim().split('|')).filter((fields) => fields.length === 4);
  const ordinary = indexes.filter(([, codename = '']) => codename !== '' && !codename.includes('-'));
  const find = (origin: string) => ordinary.find(([, , component, one]) => one === origin && component === 'main');
  const [debian] = find('Debian') ?? [];
  if (debian) return { site: debian, suite: 'trixie', components: 'main' };
  const [ubuntu, codename] = find('Ubuntu') ?? [];
  return ubuntu && codename ? { site: ubuntu, suite: codename, components: 'main,universe' } : undefined;
}

/** The machine's own apt sources, as {@link chooseSystem} wants them. @throws CommandProblem when it has none that will do. */
export async function machineSystem(signal: AbortSignal): Promise<SystemSource> {
  const ask = async (): Promise<SystemSource | undefined> => {
    const args = ['indextargets', '--format', FORMAT, 'Created-By: Packages'];
    const end = await callProgram('apt-get', args, { env: process.env, within: 20_000, signal });
    if (end.reason === 'interrupted') throw new Interrupted();
    return end.status === 0 ? chooseSystem(end.stdout.split('\n')) : undefined;
  };
  const known = await ask();
  if (known) return known;
  // A machine that never fetched its package lists knows the sites but not yet whose they are.
  const update = await callProgram('apt-get', ['update', '-qq'], { env: process.env, within: 120_000, signal });
  if (update.reason === 'interrupted') throw new Interrupted();
  const source = await ask();
  if (source) return source;
  const said = update.status === 0 ? '' : ` (apt-get update: ${toldBy(update, 2)})`;
  throw new UserError(`this machine's apt sources name neither Debian's nor Ubuntu's main archive${said}`);
}

/** The proxy that apt uses here, as an environment for programs that do not read apt's configuration. */
export async function aptProxy(signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
  if (process.env.http_proxy !== undefined) return {};
  const args = ['dump', '--format', '%v%n', 'Acquire::http::Proxy'];
  const end = await callProgram('apt-config', args, { env: process.env, within: 10_000, signal });
  const proxy = end.stdout.trim().split('\n')[0] ?? '';
  return proxy === '' || proxy === 'DIRECT' ? {} : { http_proxy: proxy };
}
