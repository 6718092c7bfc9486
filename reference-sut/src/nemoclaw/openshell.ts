import { type ChildProcess, spawn } from 'node:child_process';
import { stripAnsi } from '../shared/ansi';
import { type RunOptions, type RunResult, run } from '../shared/run';
import { CommandFailure } from './failure';

/** Two installations on one machine, each with its own HOME and port, need two names where the gateway is a container. */
export const GATEWAY_NAME = process.env.NEMOCLAW_GATEWAY_NAME || 'nemoclaw';

/** Bound for one answer of the gateway, in ms; building an image and streams have their own. */
const ANSWER_WITHIN = 60_000;

/** The openshell program: NEMOCLAW_OPENSHELL_BIN, else the one on PATH. */
export function openshellBinary(): string {
  return process.env.NEMOCLAW_OPENSHELL_BIN || 'openshell';
}

/** Runs `openshell` and gives its result with colours taken out, whatever the status. */
export async function openshell(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await run(openshellBinary(), args, { within: ANSWER_WITHIN, ...options });
  return { status: result.status, stdout: stripAnsi(result.stdout), stderr: stripAnsi(result.stderr) };
}

/** The last words of a failed call, for a message: stderr where there is any. */
export function lastWords(result: RunResult): string {
  const text = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-4);
  return text.map((line) => line.trim()).join(' ') || `exit status ${result.status}`;
}

/** As `openshell`, for a call that must succeed. @throws CommandFailure that names the verb and its last words. */
export async function openshellMust(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await openshell(args, options);
  if (result.status !== 0) {
    throw new CommandFailure(`\`openshell ${args.slice(0, 2).join(' ')}\` failed: ${lastWords(result)}`);
  }
  return result.stdout;
}

export interface GatewayStatus {
  readonly connected: boolean;
  readonly server: string | undefined;
  readonly version: string | undefined;
  readonly reason: string;
}

/** What `openshell status` says of the active gateway (format: observed.md, “OpenShell CLI”). */
export async function gatewayStatus(): Promise<GatewayStatus> {
  const result = await openshell(['status'], { within: 15_000 });
  const field = (label: string): string | undefined =>
    new RegExp(`^\\s*${label}:\\s*(.+?)\\s*$`, 'm').exec(result.stdout)?.[1];
  return {
    connected: result.status === 0 && field('Status') === 'Connected',
    server: field('Server'),
    version: field('Version'),
    reason: result.status === 0 ? (field('Status') ?? 'no status') : lastWords(result),
  };
}

/** Phase by sandbox name, from the table of `openshell sandbox list`. @throws CommandFailure when no gateway answers. */
export async function sandboxPhases(): Promise<Map<string, string>> {
  const table = await openshellMust(['sandbox', 'list']);
  const phases = new Map<string, string>();
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s{2,}|\t/);
    const [name, phase] = [columns[0], columns.at(-1)];
    if (columns.length >= 3 && name && phase && name !== 'NAME') phases.set(name, phase);
  }
  return phases;
}

/** Arguments that run a command inside a sandbox. */
export function execArguments(sandbox: string, command: readonly string[]): string[] {
  return ['sandbox', 'exec', '--name', sandbox, '--no-tty', '--', ...command];
}

/** Runs a command inside a sandbox; the status is the command's. */
export function execIn(sandbox: string, command: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return openshell(execArguments(sandbox, command), options);
}

/** Starts a command inside a sandbox with its streams as pipes, for data that is too big or too binary for a string. */
export function streamIn(sandbox: string, command: readonly string[]): ChildProcess {
  return spawn(openshellBinary(), execArguments(sandbox, command), { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Whether the sandbox is there and runs commands: Ready in the list is not enough where its container was stopped. */
export async function isRunning(sandbox: string): Promise<boolean> {
  const phases = await sandboxPhases();
  if (phases.get(sandbox) !== 'Ready') return false;
  return (await execIn(sandbox, ['true'], { within: 20_000 })).status === 0;
}

export async function providerExists(name: string): Promise<boolean> {
  return (await openshell(['provider', 'get', name])).status === 0;
}

/** Makes a provider, or renews its credential and settings. The credential is named, and read by openshell itself. */
export async function putProvider(provider: {
  readonly name: string;
  readonly type: string;
  readonly credentialEnv: string;
  readonly config: Readonly<Record<string, string>>;
}): Promise<void> {
  const config = Object.entries(provider.config).flatMap(([key, value]) => ['--config', `${key}=${value}`]);
  const credential = ['--credential', provider.credentialEnv];
  if (await providerExists(provider.name)) {
    await openshellMust(['provider', 'update', provider.name, ...credential, ...config]);
  } else {
    await openshellMust([
      ...['provider', 'create', '--name', provider.name, '--type', provider.type],
      ...credential,
      ...config,
    ]);
  }
}
