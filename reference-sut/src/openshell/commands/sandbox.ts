import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { SandboxView, StatusView } from '../../gateway/api/messages';
import { confined } from '../../sandbox/confinement';
import { dockerEnvironment } from '../../shared/docker';
import { Failure } from '../failure';
import { clientOf, type GatewayClient, part } from '../gateway-client';
import { clock, indent, phase, print, section, style, table } from '../output';
import { readPolicyFile } from '../policy-file';

/** Options of `openshell sandbox create`. */
export interface CreateOptions {
  readonly name: string;
  readonly from: string;
  readonly provider: readonly string[];
  readonly policy?: string;
  readonly gateway?: string;
}

function sandboxAt(client: GatewayClient, name: string): Promise<SandboxView> {
  return client.ask<SandboxView>('GET', `/v1/sandboxes/${part(name)}`);
}

/** `openshell sandbox create`: builds the image where there is one to build, and returns once the sandbox is ready. */
export async function createSandbox(options: CreateOptions, command: readonly string[]): Promise<void> {
  const { buildImage, discardImage, imageSource } = await import('../image-source.js');
  const client = clientOf(options.gateway);
  const policy = options.policy === undefined ? undefined : readPolicyFile(options.policy);
  const source = imageSource(options.from);
  const { gatewayId } = await client.ask<StatusView>('GET', '/v1/status');
  // Checked before a build that may take minutes.
  const known = await client.ask<readonly SandboxView[]>('GET', '/v1/sandboxes');
  if (known.some((sandbox) => sandbox.name === options.name))
    throw new Failure(`sandbox '${options.name}' already exists`);
  const image = source.kind === 'build' ? await buildImage(source, options.name, gatewayId) : source.image;
  try {
    const request = {
      name: options.name,
      image,
      ownsImage: source.kind === 'build',
      providers: options.provider,
      policy,
      command,
    };
    await client.ask('POST', '/v1/sandboxes', request);
  } catch (error) {
    if (source.kind === 'build') await discardImage(image);
    throw error;
  }
  print(`${style.good('✓')} Created sandbox: ${style.strong(options.name)}`);
}

/** `openshell sandbox list`. */
export async function listSandboxes(gateway: string | undefined): Promise<void> {
  const sandboxes = await clientOf(gateway).ask<readonly SandboxView[]>('GET', '/v1/sandboxes');
  if (sandboxes.length === 0) return print('No sandboxes found.');
  const rows = sandboxes.map((sandbox) => [sandbox.name, clock(sandbox.createdAt), sandbox.phase]);
  return print(table(['NAME', 'CREATED', 'PHASE'], rows, (cell, column) => (column === 2 ? phase(cell) : cell)));
}

/** `openshell sandbox get NAME`: the `version:` of the policy shown is its revision. */
export async function showSandbox(name: string, gateway: string | undefined): Promise<void> {
  const sandbox = await sandboxAt(clientOf(gateway), name);
  const fields = section('Sandbox:', [
    ['Id', sandbox.id],
    ['Name', sandbox.name],
    ['Phase', phase(sandbox.phase)],
    ['Resource version', String(sandbox.resourceVersion)],
    ['Policy source', sandbox.policySource],
    ['Revision', String(sandbox.policy.version)],
  ]);
  const policy = sandbox.policy.yaml.replace(/^version: .*$/m, `version: ${sandbox.policy.version}`);
  print(`${fields}\n\n${style.heading('Policy:')}\n\n${indent(policy.trimEnd())}`);
}

/** Runs `docker` in place of this program: it has our input, output and signals, and we take its status. */
function become(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { env: dockerEnvironment(), stdio: 'inherit' });
    const passOn = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, passOn);
    child.on('error', (error) => reject(new Failure('the docker CLI could not be started', error.message)));
    child.on('close', (status, signal) => {
      process.exitCode = status ?? 128 + (signal ? constants.signals[signal] : 0);
      resolve();
    });
  });
}

/** Options of `openshell sandbox exec`. */
export interface ExecOptions {
  readonly name: string;
  readonly tty?: boolean;
  readonly workdir: string;
  readonly gateway?: string;
}

/** As OpenShell 0.0.44, which takes no argument of several lines. @throws Failure for one with a line break. */
export function requireSingleLines(command: readonly string[]): void {
  const index = command.findIndex((argument) => /[\n\r]/.test(argument));
  if (index < 0) return;
  throw new Failure(
    'status: InvalidArgument',
    `command argument ${index} contains newline or carriage return characters`,
  );
}

/** `openshell sandbox exec`: input, output and exit status are the command's. */
export async function executeInSandbox(options: ExecOptions, command: readonly string[]): Promise<void> {
  if (command.length === 0)
    throw new Failure('no command to execute', 'put it behind --, as in: openshell sandbox exec --name demo -- id');
  requireSingleLines(command);
  const sandbox = await sandboxAt(clientOf(options.gateway), options.name);
  if (sandbox.phase !== 'Ready') throw new Failure(`sandbox '${options.name}' is not ready (phase: ${sandbox.phase})`);
  const terminal = options.tty !== false && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const how = ['--interactive', ...(terminal ? ['--tty'] : []), '--user', sandbox.user, '--workdir', options.workdir];
  await become(['exec', ...how, sandbox.container, ...confined(sandbox.files, command)]);
}

/** `openshell sandbox delete NAME…`. */
export async function deleteSandboxes(names: readonly string[], gateway: string | undefined): Promise<void> {
  const client = clientOf(gateway);
  for (const name of names) {
    await client.ask('DELETE', `/v1/sandboxes/${part(name)}`);
    print(`${style.good('✓')} Deleted sandbox ${name}`);
  }
}

/** `openshell sandbox ssh-config NAME`: a host block for ssh. The connection runs through `sandbox exec`. */
export async function sshConfig(name: string, gateway: string | undefined): Promise<void> {
  const client = clientOf(gateway);
  const sandbox = await sandboxAt(client, name);
  const program = process.argv[1] ?? 'openshell';
  print(
    [
      `Host openshell-${sandbox.name}`,
      `    HostName ${sandbox.name}`,
      `    User ${sandbox.user}`,
      '    StrictHostKeyChecking no',
      '    UserKnownHostsFile /dev/null',
      '    LogLevel ERROR',
      '    # Needs an sshd in the image.',
      `    ProxyCommand ${program} sandbox exec --gateway ${client.gateway.name} --name ${sandbox.name} --no-tty -- /usr/sbin/sshd -i`,
    ].join('\n'),
  );
}
