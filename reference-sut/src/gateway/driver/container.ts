import { z } from 'zod';
import { supervisorEntry } from '../../sandbox/entry';
import { DockerError, docker, tryDocker } from '../../shared/docker';
import type { DatabaseRecord } from '../records';
import { label, managedByOpenShell } from './labels';

/** Where a sandbox sees its trusted certificates. */
export const trustInside = '/etc/openshell-tls';
const bundleInside = `${trustInside}/ca-bundle.pem`;

/** Everything that a container is made from. */
export interface ContainerPlan {
  readonly container: string;
  readonly sandbox: string;
  readonly image: string;
  readonly user: string;
  readonly group: string;
  readonly network: string;
  readonly proxy: string;
  /** The trusted certificates, mounted read-only: a directory of this host, or a volume. */
  readonly trust: { readonly type: 'bind' | 'volume'; readonly src: string };
  readonly gateway: Pick<DatabaseRecord, 'gatewayId' | 'port'>;
  /** Placeholders for credentials, by variable name; never values. */
  readonly placeholders: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** Environment of every program in a sandbox: proxy, trusted certificates, and placeholders for credentials. */
export function sandboxEnvironment(
  plan: Pick<ContainerPlan, 'proxy' | 'placeholders' | 'sandbox'>,
): Record<string, string> {
  const local = 'localhost,127.0.0.1,::1';
  return {
    ...plan.placeholders,
    HTTP_PROXY: plan.proxy,
    HTTPS_PROXY: plan.proxy,
    ALL_PROXY: plan.proxy,
    http_proxy: plan.proxy,
    https_proxy: plan.proxy,
    NO_PROXY: local,
    no_proxy: local,
    // Node's own fetch heeds the proxy variables only with this one.
    NODE_USE_ENV_PROXY: '1',
    SSL_CERT_FILE: bundleInside,
    CURL_CA_BUNDLE: bundleInside,
    REQUESTS_CA_BUNDLE: bundleInside,
    NODE_EXTRA_CA_CERTS: bundleInside,
    GIT_SSL_CAINFO: bundleInside,
    OPENSHELL_SANDBOX: plan.sandbox,
  };
}

/**
 * Creates and starts a sandbox's container: the policy's user, no capabilities, and no way to gain any.
 * @throws {DockerError} with the engine's reason, for example that the image has no such user.
 */
export async function runContainer(plan: ContainerPlan): Promise<void> {
  const labels = [
    managedByOpenShell,
    `${label.sandboxName}=${plan.sandbox}`,
    `${label.gatewayPort}=${plan.gateway.port}`,
    `${label.gatewayId}=${plan.gateway.gatewayId}`,
  ];
  const environment = Object.entries(sandboxEnvironment(plan));
  await docker([
    ...['run', '--detach', '--init', '--pull', 'never', '--name', plan.container, '--hostname', plan.sandbox],
    ...labels.flatMap((each) => ['--label', each]),
    // No name server: the proxy resolves names, and a query would be a way out.
    ...['--network', plan.network, '--dns', '127.0.0.1'],
    ...['--user', `${plan.user}:${plan.group}`, '--workdir', '/sandbox'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--pids-limit', '4096'],
    ...['--mount', `type=${plan.trust.type},src=${plan.trust.src},dst=${trustInside},readonly`],
    ...environment.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['--entrypoint', '/bin/sh', plan.image, '-c', supervisorEntry, 'openshell-sandbox', ...plan.command],
  ]);
}

const state = z.object({ Running: z.boolean(), Status: z.string(), ExitCode: z.number(), Error: z.string() });

/** The engine's view of a container, or undefined when there is none of that name. */
export async function containerState(container: string): Promise<z.infer<typeof state> | undefined> {
  const result = await tryDocker(['container', 'inspect', '--format', '{{json .State}}', container]);
  if (result.status === 0) return state.parse(JSON.parse(result.stdout));
  if (/no such container/i.test(result.stderr)) return undefined;
  throw new DockerError(['container', 'inspect'], result);
}

/** Names of this gateway's containers that run now. */
export async function runningContainers(gatewayId: string): Promise<ReadonlySet<string>> {
  const filters = ['--filter', `label=${label.gatewayId}=${gatewayId}`, '--filter', 'status=running'];
  const names = await docker(['ps', ...filters, '--format', '{{.Names}}']);
  return new Set(names.split('\n').filter(Boolean));
}

/** Names of all of this gateway's containers, running or not. */
export async function allContainers(gatewayId: string): Promise<readonly string[]> {
  const names = await docker([
    'ps',
    '-a',
    '--filter',
    `label=${label.gatewayId}=${gatewayId}`,
    '--format',
    '{{.Names}}',
  ]);
  return names.split('\n').filter(Boolean);
}

export async function startContainer(container: string): Promise<void> {
  await docker(['start', container]);
}

/** Stops containers side by side; each has 10 s to end before it is killed. */
export async function stopContainers(containers: readonly string[]): Promise<void> {
  if (containers.length > 0) await docker(['stop', '--time', '10', ...containers]);
}

/** Removes a container and its anonymous volumes. One that is gone already is fine. */
export async function removeContainer(container: string): Promise<void> {
  const result = await tryDocker(['rm', '--force', '--volumes', container]);
  if (result.status !== 0 && !/no such container/i.test(result.stderr)) throw new DockerError(['rm'], result);
}

/** Removes an image by its tag. One that is gone already, or that another container still uses, is left. */
export async function removeImage(image: string): Promise<void> {
  const result = await tryDocker(['image', 'rm', image]);
  if (result.status !== 0 && !/no such image|is using|being used/i.test(result.stderr)) {
    throw new DockerError(['image', 'rm'], result);
  }
}

/** Tags of the images that were built for this gateway's sandboxes, also of one whose sandbox never came about. */
export async function builtImages(gatewayId: string): Promise<readonly string[]> {
  const filter = ['--filter', `label=${label.gatewayId}=${gatewayId}`, '--filter', 'dangling=false'];
  const tags = await docker(['image', 'ls', ...filter, '--format', '{{.Repository}}:{{.Tag}}']);
  return tags.split('\n').filter((tag) => tag.startsWith('openshell/sandbox-from:'));
}

export async function imageExists(image: string): Promise<boolean> {
  const result = await tryDocker(['image', 'inspect', '--format', '{{.Id}}', image]);
  if (result.status === 0) return true;
  if (/no such image/i.test(result.stderr)) return false;
  throw new DockerError(['image', 'inspect'], result);
}
