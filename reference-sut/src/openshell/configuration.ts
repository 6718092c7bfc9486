import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { home } from '../shared/home';
import { prettyJson } from '../shared/json';
import { writePrivateFileSync } from '../shared/private-file';
import { Failure } from './failure';

/** A gateway that this user knows: `gateways/<name>/metadata.json`. */
export interface GatewayMetadata {
  readonly name: string;
  readonly gateway_endpoint: string;
  readonly is_remote: boolean;
  readonly gateway_port: number;
  readonly auth_mode: string;
}

/** Directory of the CLI's own state; it follows HOME. */
export function configurationDirectory(): string {
  return join(process.env.XDG_CONFIG_HOME || join(home(), '.config'), 'openshell');
}

function metadataFile(name: string): string {
  return join(configurationDirectory(), 'gateways', name, 'metadata.json');
}

function activeFile(): string {
  return join(configurationDirectory(), 'active_gateway');
}

/**
 * Reads the metadata of a gateway's name.
 * @throws {Failure} when the text is no metadata.
 */
export function parseMetadata(text: string, file: string): GatewayMetadata {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Failure(`${file} is no JSON`, 'add the gateway again with: openshell gateway add <url> --name <name>');
  }
  const has = (key: string, type: string): boolean =>
    typeof value === 'object' && value !== null && typeof Reflect.get(value, key) === type;
  const wrong = [
    ...['name', 'gateway_endpoint', 'auth_mode'].filter((key) => !has(key, 'string')),
    ...(has('is_remote', 'boolean') ? [] : ['is_remote']),
    ...(has('gateway_port', 'number') ? [] : ['gateway_port']),
  ];
  if (wrong.length > 0) throw new Failure(`${file} has no right ${wrong.join(', ')}`);
  return value as GatewayMetadata;
}

/** @throws {Failure} when the name would leave the directory. */
export function checkGatewayName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Failure(`'${name}' is no name for a gateway`);
  return name;
}

export function knownGateways(): GatewayMetadata[] {
  const directory = join(configurationDirectory(), 'gateways');
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => existsSync(metadataFile(name)));
  return names.sort().map((name) => parseMetadata(readFileSync(metadataFile(name), 'utf8'), metadataFile(name)));
}

/** @throws {Failure} when no gateway of that name has been added. */
export function gatewayNamed(name: string): GatewayMetadata {
  const file = metadataFile(checkGatewayName(name));
  if (!existsSync(file))
    throw new Failure(`Unknown gateway '${name}'`, `add it with: openshell gateway add <url> --name ${name}`);
  return parseMetadata(readFileSync(file, 'utf8'), file);
}

export function activeGatewayName(): string | undefined {
  if (!existsSync(activeFile())) return undefined;
  return readFileSync(activeFile(), 'utf8').trim() || undefined;
}

export function saveGateway(metadata: GatewayMetadata): void {
  writePrivateFileSync(metadataFile(checkGatewayName(metadata.name)), prettyJson(metadata));
}

export function selectGateway(name: string): void {
  writePrivateFileSync(activeFile(), gatewayNamed(name).name);
}

/** Forgets a gateway. The gateway itself goes on. */
export function forgetGateway(name: string): void {
  rmSync(dirname(metadataFile(gatewayNamed(name).name)), { recursive: true, force: true });
  if (activeGatewayName() === name) rmSync(activeFile(), { force: true });
}

/** The gateway that a command is meant for: the one it names, else OPENSHELL_GATEWAY, else the active one. */
export function chosenGateway(named: string | undefined): GatewayMetadata | undefined {
  const name = named ?? process.env.OPENSHELL_GATEWAY ?? activeGatewayName();
  return name ? gatewayNamed(name) : undefined;
}
