import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';
import { aptGet } from './distribution';

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
 * Ubuntu, with universe, which contains Docker Engine.
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

/** The machine's own apt sources, in the form of {@link chooseSystem}. @throws UserError when none is suitable. */
export async function machineSystem(signal: AbortSignal): Promise<SystemSource> {
  const lookUp = async (): Promise<SystemSource | undefined> => {
    const apt = aptGet(process.env, signal, 20_000);
    const end = await apt('indextargets', '--format', FORMAT, 'Created-By: Packages');
    return end.status === 0 ? chooseSystem(end.stdout.split('\n')) : undefined;
  };
  const known = await lookUp();
  if (known) return known;
  // A machine that never fetched its package lists knows the sites but not yet their origins.
  const update = await aptGet(process.env, signal, 120_000)('update', '-qq');
  const source = await lookUp();
  if (source) return source;
  const failure = update.status === 0 ? '' : ` (apt-get update: ${describeEnd(update, 2)})`;
  throw new UserError(`this machine's apt sources name neither Debian's nor Ubuntu's main archive${failure}`);
}

/** The proxy that apt uses here, as an environment for programs that do not read apt's configuration. */
export async function aptProxy(signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
  if (process.env.http_proxy !== undefined) return {};
  const args = ['dump', '--format', '%v%n', 'Acquire::http::Proxy'];
  const end = await callProgram('apt-config', args, { within: 10_000, signal });
  const proxy = end.stdout.trim().split('\n')[0] ?? '';
  return proxy === '' || proxy === 'DIRECT' ? {} : { http_proxy: proxy };
}
