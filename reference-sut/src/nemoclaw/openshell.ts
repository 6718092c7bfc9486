import { type ChildProcess, spawn } from 'node:child_process';
import { lastLines, stripAnsi } from '../shared/output';
import { type ProgramOptions, type ProgramResult, runProgram } from '../shared/program';
import { CommandFailure } from './failure';

/** Two installations on one machine, each with its own HOME and port, need two names where the gateway is a container. */
export const GATEWAY_NAME = process.env.NEMOCLAW_GATEWAY_NAME || 'nemoclaw';

/** Bound for one answer of the gateway, in ms; building an image and streams have their own. */
const ANSWER_WITHIN = 60_000;

/** The openshell program: NEMOCLAW_OPENSHELL_BIN, else the one on PATH. */
export function openshellBinary(): string {
  return process.env.NEMOCLAW_OPENSHELL_BIN || 'openshell';
}

export interface OpenshellOptions extends Pick<ProgramOptions, 'env' | 'input'> {
  /** Bound in ms. */
  readonly within?: number;
}

/** The output of a call of openshell, without colours, and its status as a shell reports it. */
export interface OpenshellResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Status of a program, and a note where that is not its own: 124 at the bound, 127 where it could not be started. */
function statusOf(file: string, { end }: ProgramResult, within: number): { status: number; note: string } {
  switch (end.how) {
    case 'exited':
      return { status: end.status, note: '' };
    case 'signalled':
      return { status: 128, note: `${file}: ended by ${end.signal}` };
    case 'stopped':
      return { status: 124, note: `${file}: no end within ${within} ms` };
    case 'unstarted':
      return { status: 127, note: `${file}: ${end.reason}` };
  }
}

/** Runs `openshell` and returns its result, whatever the status. */
export async function openshell(args: readonly string[], options: OpenshellOptions = {}): Promise<OpenshellResult> {
  const file = openshellBinary();
  const { within = ANSWER_WITHIN } = options;
  const result = await runProgram(file, args, { ...options, within });
  const { status, note } = statusOf(file, result, within);
  return { status, stdout: stripAnsi(result.stdout), stderr: stripAnsi(result.stderr) + note };
}

/** The last lines of a failed call's output, for a message: of stderr where there is any. */
export function lastWords(result: OpenshellResult): string {
  const lines = lastLines(result.stderr.trim() || result.stdout, 4);
  return lines.map((line) => line.trim()).join(' ') || `exit status ${result.status}`;
}

/** The version that `openshell --version` prints. @throws CommandFailure when it prints none. */
export async function installedOpenshell(): Promise<string> {
  const version = /openshell (\d+\.\d+\.\d+)/.exec((await openshell(['--version'])).stdout)?.[1];
  if (version !== undefined) return version;
  throw new CommandFailure(`\`${openshellBinary()} --version\` shows no OpenShell.`);
}

/** As `openshell`, for a call that must succeed. @throws CommandFailure that names the verb and its last words. */
export async function openshellMust(args: readonly string[], options: OpenshellOptions = {}): Promise<string> {
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

/** The active gateway as `openshell status` reports it (format: as the product prints it). */
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
export function execIn(
  sandbox: string,
  command: readonly string[],
  options: OpenshellOptions = {},
): Promise<OpenshellResult> {
  return openshell(execArguments(sandbox, command), options);
}

/** Starts a command inside a sandbox with its streams as pipes, for data that is too big or too binary for a string. */
export function streamIn(sandbox: string, command: readonly string[]): ChildProcess {
  return spawn(openshellBinary(), execArguments(sandbox, command), { stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Whether the sandbox exists and runs commands: one whose container was stopped can still be listed as Ready. */
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
