import { existsSync, realpathSync } from 'node:fs';

/** The file with the certificate authorities that this machine trusts, or undefined. */
export function certificateBundle(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const candidates = [environment.SSL_CERT_FILE, '/etc/ssl/certs/ca-certificates.crt', '/etc/ssl/cert.pem'];
  const found = candidates.find((candidate) => candidate !== undefined && candidate !== '' && existsSync(candidate));
  return found === undefined ? undefined : realpathSync(found);
}

const CERTIFICATE_VARIABLES = ['SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
const NETWORK_VARIABLES = [
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_TRUSTED_HOST', 'PIP_DEFAULT_TIMEOUT'],
  ...['UV_DEFAULT_INDEX', 'UV_INDEX', 'UV_INDEX_URL', 'UV_EXTRA_INDEX_URL', 'UV_HTTP_TIMEOUT'],
];

/**
 * `docker create` arguments that give a container this machine's network. Variables that can hold a
 * password are passed by name: the CLI takes their value from its own environment, so that no argument shows it.
 * @param bundle path of the certificate bundle inside the container; undefined when the machine has none.
 */
export function networkArguments(bundle: string | undefined, environment: NodeJS.ProcessEnv = process.env): string[] {
  const passed = NETWORK_VARIABLES.filter((name) => (environment[name] ?? '') !== '');
  const certificates = bundle === undefined ? [] : CERTIFICATE_VARIABLES.map((name) => `${name}=${bundle}`);
  return ['--network', 'host', ...[...passed, ...certificates].flatMap((assignment) => ['--env', assignment])];
}

/** Configuration files of pip on this machine, with the place where pip in a container looks for them. */
export function pipConfigurations(): { readonly from: string; readonly to: string }[] {
  const home = process.env.HOME ?? '/root';
  const user = [`${home}/.config/pip/pip.conf`, `${home}/.pip/pip.conf`].find((file) => existsSync(file));
  return [
    ...(existsSync('/etc/pip.conf') ? [{ from: '/etc/pip.conf', to: '/etc/pip.conf' }] : []),
    ...(user === undefined ? [] : [{ from: user, to: '/root/.pip/pip.conf' }]),
  ];
}
