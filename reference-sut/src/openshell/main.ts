import { Command, CommanderError } from 'commander';
import { gatewayKind, openshellVersion } from '../shared/version';
import { causesOf } from './failure';
import { errorLines } from './output';

/** This build's abilities for messaging; installers look for these words in the binary. */
const MESSAGING_ABILITIES = ['request-body-credential-rewrite', 'websocket-credential-rewrite'];

/** An option that may be given several times. */
function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Options of every command that uses a gateway. */
interface Common {
  readonly gateway?: string;
}

const gatewayOption = ['-g, --gateway <name>', 'gateway to use (default: the active one)'] as const;

function group(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).enablePositionalOptions();
}

function gatewayCommands(program: Command): void {
  const gateway = group(program, 'gateway', 'Know, choose and destroy gateways');
  const commands = () => import('./commands/gateway.js');
  gateway
    .command('add <url>')
    .description('remember a gateway and make it the active one')
    .requiredOption('--name <name>', 'name to remember it by')
    .option('--local', 'it runs on this machine (found out from the URL in any case)')
    .action(async (url: string, options: { name: string }) => (await commands()).addGateway(url, options.name));
  if (gatewayKind === 'container') {
    gateway
      .command('start')
      .description('start a gateway in a container of its own and make it the active one')
      .requiredOption('--name <name>', 'name of the gateway')
      .option('--port <port>', 'port on 127.0.0.1', process.env.NEMOCLAW_GATEWAY_PORT ?? '8080')
      .action(async (options: { name: string; port: string }) =>
        (await commands()).startGateway(options.name, options.port),
      );
  }
  gateway
    .command('select <name>')
    .description('make a gateway the active one')
    .action(async (name: string) => (await commands()).chooseGateway(name));
  gateway
    .command('info')
    .description('show a gateway')
    .option(...gatewayOption)
    .action(async (options: Common) => (await commands()).showGateway(options.gateway));
  gateway
    .command('list')
    .description('list the gateways that are known')
    .action(async () => (await commands()).listGateways());
  gateway
    .command('remove <name>')
    .description('forget a gateway; it goes on running')
    .action(async (name: string) => (await commands()).removeGateway(name));
  gateway
    .command('destroy')
    .description('delete a gateway, its sandboxes, network and state')
    .option(...gatewayOption)
    .action(async (options: Common) => (await commands()).destroyGateway(options.gateway));
}

function sandboxCommands(program: Command): void {
  const sandbox = group(program, 'sandbox', 'Create, use and delete sandboxes');
  const commands = () => import('./commands/sandbox.js');
  sandbox
    .command('create')
    .description('create a sandbox and run a command in it')
    .requiredOption('--name <name>', 'name of the sandbox')
    .requiredOption('--from <source>', 'Dockerfile, directory with one, or image')
    .option('--provider <name>', 'provider to attach (repeatable)', collect, [])
    .option('--policy <file>', 'policy file')
    .option('--no-tty', 'no terminal')
    .option(...gatewayOption)
    .argument('[command...]', 'what to run in it once, behind --')
    .action(async (command: string[], options) => (await commands()).createSandbox(options, command));
  sandbox
    .command('list')
    .description('list sandboxes')
    .option(...gatewayOption)
    .action(async (options: Common) => (await commands()).listSandboxes(options.gateway));
  sandbox
    .command('get <name>')
    .description('show a sandbox and its policy')
    .option(...gatewayOption)
    .action(async (name: string, options: Common) => (await commands()).showSandbox(name, options.gateway));
  sandbox
    .command('exec')
    .description('execute a command in a sandbox; its exit status is ours')
    .requiredOption('--name <name>', 'name of the sandbox')
    .option('--no-tty', 'no terminal')
    .option('--workdir <directory>', 'where to run it', '/sandbox')
    .option(...gatewayOption)
    .argument('[command...]', 'what to execute, behind --')
    .passThroughOptions()
    .action(async (command: string[], options) => (await commands()).executeInSandbox(options, command));
  sandbox
    .command('delete <name...>')
    .description('delete sandboxes')
    .option(...gatewayOption)
    .action(async (names: string[], options: Common) => (await commands()).deleteSandboxes(names, options.gateway));
  sandbox
    .command('ssh-config <name>')
    .description('print a host block for ssh')
    .option(...gatewayOption)
    .action(async (name: string, options: Common) => (await commands()).sshConfig(name, options.gateway));
}

function policyCommands(program: Command): void {
  const policy = group(program, 'policy', 'Show and set what a sandbox may do');
  const commands = () => import('./commands/policy.js');
  policy
    .command('get <name>')
    .description("show a sandbox's policy")
    .option('--full', 'with the policy itself')
    .option(...gatewayOption)
    .action(async (name: string, options: Common & { full?: boolean }) =>
      (await commands()).showPolicy(name, options.full === true, options.gateway),
    );
  policy
    .command('set <name>')
    .description("set a sandbox's policy")
    .requiredOption('--policy <file>', 'policy file')
    .option('--wait', 'return once it is loaded')
    .option(...gatewayOption)
    .action(async (name: string, options: Common & { policy: string; wait?: boolean }) =>
      (await commands()).setPolicy(name, options.policy, options.wait === true, options.gateway),
    );
}

function providerCommands(program: Command): void {
  const provider = group(program, 'provider', 'Manage providers and their credentials');
  const commands = () => import('./commands/provider.js');
  const credential = [
    '--credential <variable>',
    'environment variable to read a credential from (repeatable)',
  ] as const;
  const config = ['--config <key=value>', 'setting (repeatable)'] as const;
  provider
    .command('create')
    .description('create a provider')
    .requiredOption('--name <name>', 'name of the provider')
    .requiredOption('--type <type>', 'openai, nvidia, anthropic, generic…')
    .option(...credential, collect, [])
    .option(...config, collect, [])
    .option(...gatewayOption)
    .action(async (options) => (await commands()).createProvider(options.name, options));
  provider
    .command('update <name>')
    .description('replace credentials or settings of a provider')
    .option('--type <type>', 'another type')
    .option(...credential, collect, [])
    .option(...config, collect, [])
    .option(...gatewayOption)
    .action(async (name: string, options) => (await commands()).updateProvider(name, options));
  provider
    .command('get <name>')
    .description('show a provider, without the values of its credentials')
    .option(...gatewayOption)
    .action(async (name: string, options: Common) => (await commands()).showProvider(name, options.gateway));
  provider
    .command('list')
    .description('list providers')
    .option(...gatewayOption)
    .action(async (options: Common) => (await commands()).listProviders(options.gateway));
  provider
    .command('delete <name...>')
    .description('delete providers')
    .option(...gatewayOption)
    .action(async (names: string[], options: Common) => (await commands()).deleteProviders(names, options.gateway));
}

function inferenceCommands(program: Command): void {
  const inference = group(program, 'inference', 'Choose what answers inference.local');
  const commands = () => import('./commands/inference.js');
  inference
    .command('set')
    .description('choose provider and model')
    .requiredOption('--provider <name>', 'provider')
    .requiredOption('--model <id>', 'model')
    .option('--no-verify', 'do not ask the endpoint first (it is never asked)')
    .option(...gatewayOption)
    .action(async (options: Common & { provider: string; model: string }) =>
      (await commands()).setInference(options.provider, options.model, options.gateway),
    );
  inference
    .command('get')
    .description('show provider and model')
    .option(...gatewayOption)
    .action(async (options: Common) => (await commands()).showInference(options.gateway));
}

function forwardCommands(program: Command): void {
  const forward = group(program, 'forward', 'Reach a port inside a sandbox from this machine');
  const commands = () => import('./commands/forward.js');
  forward
    .command('start <port> <name>')
    .description('forward 127.0.0.1:PORT to the same port inside the sandbox')
    .option('-d, --background', 'return at once and go on in the background')
    .option(...gatewayOption)
    .action(async (port: string, name: string, options: Common & { background?: boolean }) =>
      (await commands()).startForward(port, name, options.background === true, options.gateway),
    );
  forward
    .command('stop <port> [name]')
    .description('stop forwarding a port')
    .action(async (port: string) => (await commands()).stopForward(port));
  forward
    .command('list')
    .description('list forwards')
    .action(async () => (await commands()).listForwards());
}

async function main(): Promise<void> {
  const program = new Command('openshell')
    .description('Runs agents in sandboxes behind a policy')
    .version(`openshell ${openshellVersion}`, '-V, --version', 'print the version')
    .enablePositionalOptions()
    .exitOverride();
  if (gatewayKind === 'host') program.addHelpText('after', `\nMessaging: ${MESSAGING_ABILITIES.join(', ')}`);
  program
    .command('status')
    .description("show the gateway's state")
    .option(...gatewayOption)
    .action(async (options: Common) => (await import('./commands/status.js')).showStatus(options.gateway));
  for (const add of [
    gatewayCommands,
    sandboxCommands,
    policyCommands,
    providerCommands,
    inferenceCommands,
    forwardCommands,
  ]) {
    add(program);
  }
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    process.stderr.write(`${errorLines(causesOf(error))}\n`);
    process.exitCode = 1;
  }
}

void main();
