import type { ProviderView } from '../../gateway/api/messages';
import { Failure } from '../failure';
import { clientOf, part } from '../gateway-client';
import { print, section, style, table } from '../output';

/**
 * Credentials of the variables named, read from this process's environment so that no value stands in an argument.
 * @throws {Failure} when one is not set. A value given by mistake is not repeated.
 */
export function credentialsFrom(names: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        throw new Failure(
          '--credential takes the name of an environment variable, not a value',
          'export the value and name the variable',
        );
      }
      const value = env[name];
      if (!value)
        throw new Failure(
          `environment variable ${name} is not set`,
          `--credential ${name} reads the credential from it`,
        );
      return [name, value];
    }),
  );
}

/** Settings of the form KEY=VALUE. @throws {Failure} on another form. */
export function settingsFrom(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Failure(`--config '${pair}' is not of the form KEY=VALUE`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

export interface ProviderOptions {
  readonly type?: string;
  readonly credential: readonly string[];
  readonly config: readonly string[];
  readonly gateway?: string;
}

/** `openshell provider create`. */
export async function createProvider(name: string, options: ProviderOptions): Promise<void> {
  const { type } = options;
  const credentials = credentialsFrom(options.credential, process.env);
  const request = { name, type, credentials, config: settingsFrom(options.config) };
  await clientOf(options.gateway).ask('POST', '/v1/providers', request);
  print(`${style.good('✓')} Created provider ${name}`);
}

/** `openshell provider update NAME`: settings that are not named stay. */
export async function updateProvider(name: string, options: ProviderOptions): Promise<void> {
  const credentials = credentialsFrom(options.credential, process.env);
  const request = { type: options.type, credentials, config: settingsFrom(options.config) };
  await clientOf(options.gateway).ask('PATCH', `/v1/providers/${part(name)}`, request);
  print(`${style.good('✓')} Updated provider ${name}`);
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : '<none>';
}

/** `openshell provider get NAME`: names of credentials, never values. */
export async function showProvider(name: string, gateway: string | undefined): Promise<void> {
  const provider = await clientOf(gateway).ask<ProviderView>('GET', `/v1/providers/${part(name)}`);
  print(
    section('Provider:', [
      ['Id', provider.id],
      ['Name', provider.name],
      ['Type', provider.type],
      ['Credential keys', listed(provider.credentials)],
      ['Config keys', listed(Object.keys(provider.config))],
    ]),
  );
}

/** `openshell provider list`. */
export async function listProviders(gateway: string | undefined): Promise<void> {
  const providers = await clientOf(gateway).ask<readonly ProviderView[]>('GET', '/v1/providers');
  if (providers.length === 0) return print('No providers found.');
  const rows = [...providers]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((each) => [each.name, each.type, String(each.credentials.length), String(Object.keys(each.config).length)]);
  return print(table(['NAME', 'TYPE', 'CREDENTIAL_KEYS', 'CONFIG_KEYS'], rows));
}

/** `openshell provider delete NAME…`. */
export async function deleteProviders(names: readonly string[], gateway: string | undefined): Promise<void> {
  const client = clientOf(gateway);
  for (const name of names) {
    await client.ask('DELETE', `/v1/providers/${part(name)}`);
    print(`${style.good('✓')} Deleted provider ${name}`);
  }
}
