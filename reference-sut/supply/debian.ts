import { existsSync, readFileSync } from 'node:fs';
import { runCommand } from './child';

/** The machine's own package source, as debootstrap needs it. */
export interface PackageSource {
  readonly site: string;
  readonly suite: string;
  readonly components: string;
}

interface Index {
  readonly site: string;
  readonly release: string;
  readonly component: string;
  readonly origin: string;
}

export const INDEX_FORMAT = '$(SITE)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)';

/**
 * Chooses the source of the base from `apt-get indextargets` lines in INDEX_FORMAT: Debian's bookworm where the machine's
 * mirror is Debian's, else (Ubuntu) the machine's own release, with universe, which holds python3-venv there.
 * @param codename VERSION_CODENAME of the machine.
 */
export function chooseSource(lines: readonly string[], codename: string): PackageSource | undefined {
  const indexes = lines.map(parseIndex).filter((index) => index !== undefined);
  const debian = indexes.filter(({ origin, component }) => origin === 'Debian' && component === 'main');
  const exact = debian.find(({ release }) => release === 'bookworm');
  const other = debian.find(({ release }) => !/-(updates|security|backports|proposed)/.test(release));
  const chosen = exact ?? other;
  if (chosen !== undefined) return { site: chosen.site, suite: 'bookworm', components: 'main' };
  const ubuntu = indexes.find(({ origin, release }) => origin === 'Ubuntu' && release === codename);
  return ubuntu === undefined ? undefined : { site: ubuntu.site, suite: codename, components: 'main,universe' };
}

function parseIndex(line: string): Index | undefined {
  const [site, release, component, origin] = line.trim().split('|');
  if (!site || !release || !component || origin === undefined) return undefined;
  return { site, release, component, origin };
}

/** The value of a key of /etc/os-release, without quotes. */
export function osRelease(key: string, file = '/etc/os-release'): string {
  if (!existsSync(file)) return '';
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((candidate) => candidate.startsWith(`${key}=`));
  return line?.slice(key.length + 1).replaceAll('"', '') ?? '';
}

/**
 * Reads the machine's own apt sources.
 * @throws Error when apt or a usable source is missing.
 */
export async function machineSource(signal: AbortSignal): Promise<PackageSource> {
  const args = ['indextargets', '--format', INDEX_FORMAT, 'Created-By: Packages'];
  let lines = (await runCommand('apt-get', args, { within: 20_000, signal })).stdout.split('\n');
  const hasOrigin = lines.some((line) => /\|(Debian|Ubuntu)$/.test(line.trim()));
  if (!hasOrigin) {
    // A machine that never fetched its package lists knows the sites but not yet their origins.
    await runCommand('apt-get', ['update', '-qq'], { within: 120_000, signal });
    lines = (await runCommand('apt-get', args, { within: 20_000, signal })).stdout.split('\n');
  }
  const source = chooseSource(lines, osRelease('VERSION_CODENAME'));
  if (source === undefined)
    throw new Error("this machine's apt sources name neither Debian's nor Ubuntu's main archive");
  return source;
}

/** The proxy that apt uses here, as an environment for programs that do not read apt's configuration. */
export async function aptProxy(signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
  if (process.env.http_proxy !== undefined) return {};
  const args = ['dump', '--format', '%v%n', 'Acquire::http::Proxy'];
  const proxy = (await runCommand('apt-config', args, { within: 10_000, signal })).stdout.trim().split('\n')[0] ?? '';
  return proxy === '' || proxy === 'DIRECT' ? {} : { http_proxy: proxy };
}
