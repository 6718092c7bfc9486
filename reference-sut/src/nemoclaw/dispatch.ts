import { Command, CommanderError } from 'commander';
import type { OnboardFlags } from './commands/onboard';
import type { RebuildFlags } from './commands/rebuild';
import type { UpgradeFlags } from './commands/upgrade-sandboxes';
import { CommandFailure } from './failure';
import { GLOBAL_COMMANDS } from './names';
import { complain } from './print';

const SPARK_NOTICE = [
  '⚠  `nemoclaw setup-spark` is deprecated.',
  'Current OpenShell releases handle the old DGX Spark cgroup issue themselves.',
  'Use `nemoclaw onboard` instead.',
];
const SETUP_NOTICE = ['⚠  `nemoclaw setup` is deprecated. Use `nemoclaw onboard` instead.'];

const SANDBOX_HELP = `
Commands for one sandbox:
  <name> status                         versions, provider, policies, phase
  <name> connect                        a shell inside
  <name> rebuild [--yes] [--verbose]    the current agent, with everything kept
  <name> recover                        starts the agent again
  <name> policy-list                    presets, and which are active
  <name> policy-add <preset>            or --from-file <file>
  <name> policy-remove <preset>
  <name> channels stop|start <channel>  a messaging channel, from the next rebuild on
  <name> snapshot list|restore <time>   the backups that rebuilds made
  <name> destroy --yes [--cleanup-gateway]
`;

interface Outcome {
  status: number;
}

function program(name: string): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ outputError: () => undefined }) // reported by `dispatch`, once
    .enablePositionalOptions()
    .helpCommand(false);
}

function addOnboard(root: Command, name: string, notice: readonly string[]): void {
  const command = root
    .command(name, notice.length > 0 ? { hidden: true } : {})
    .summary('set up gateway, provider and sandbox')
    .description('Sets up gateway, provider and sandbox; settings come from the environment (NEMOCLAW_*).')
    .option('--non-interactive', 'ask nothing')
    .option('--yes-i-accept-third-party-software', 'accept the licences of what is installed')
    .option('--yes', 'ask nothing that has a sensible answer')
    .option('--fresh', 'discard the session of an earlier onboarding')
    .option('--resume', 'go on where the last onboarding ended')
    .option('--recreate-sandbox', 'delete a sandbox of that name first')
    .option('--agent <agent>', 'openclaw or hermes')
    .option('--from <Dockerfile>', 'build the sandbox from this Dockerfile')
    .action(async (flags: OnboardFlags) => {
      for (const line of notice) process.stdout.write(`${line}\n`);
      await (await import('./commands/onboard.js')).onboard(flags);
    });
  if (notice.length > 0) command.addHelpText('before', `${notice.join('\n')}\n`);
}

function globalProgram(version: string): Command {
  const root = program('nemoclaw')
    .description('Runs agents in sandboxes, and keeps them current.')
    .version(`nemoclaw v${version}`, '-v, --version')
    .addHelpText('after', SANDBOX_HELP);
  addOnboard(root, 'onboard', []);
  addOnboard(root, 'setup-spark', SPARK_NOTICE);
  addOnboard(root, 'setup', SETUP_NOTICE);
  root
    .command('list')
    .summary('registered sandboxes')
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }) => (await import('./commands/list.js')).list(flags));
  root
    .command('upgrade-sandboxes')
    .summary('rebuild sandboxes whose agent is stale')
    .option('--check', 'report which are stale, change nothing')
    .option('--auto', 'rebuild without asking')
    .option('--yes', 'rebuild without asking')
    .action(async (flags: UpgradeFlags) => (await import('./commands/upgrade-sandboxes.js')).upgradeSandboxes(flags));
  root
    .command('backup-all')
    .summary('back up every Ready sandbox')
    .action(async () => (await import('./commands/backup-all.js')).backupAll());
  return root;
}

function sandboxProgram(name: string, outcome: Outcome): Command {
  const root = program(`nemoclaw ${name}`);
  root.command('status').action(async () => (await import('./commands/status.js')).status(name));
  root.command('connect').action(async () => {
    outcome.status = await (await import('./commands/connect.js')).connect(name);
  });
  root
    .command('rebuild')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'do not ask')
    .option('-v, --verbose', 'print each step with its time')
    .action(async (flags: RebuildFlags) => (await import('./commands/rebuild.js')).rebuild(name, flags));
  root.command('recover').action(async () => (await import('./commands/recover.js')).recover(name));
  root.command('policy-list').action(async () => (await import('./commands/policy.js')).policyList(name));
  root
    .command('policy-add')
    .argument('[preset]')
    .option('--from-file <file>', 'a policy file of your own')
    .option('-y, --yes', 'do not ask')
    .action(async (preset: string | undefined, flags: { fromFile?: string; yes?: boolean }) =>
      (await import('./commands/policy.js')).policyAdd(name, preset, flags),
    );
  root
    .command('policy-remove')
    .argument('<preset>')
    .option('-y, --yes', 'do not ask')
    .action(async (preset: string, flags: { yes?: boolean }) =>
      (await import('./commands/policy.js')).policyRemove(name, preset, flags),
    );
  root
    .command('destroy')
    .option('-y, --yes', 'do not ask')
    .option('--cleanup-gateway', 'destroy the gateway too when no other sandbox needs it')
    .action(async (flags: { yes?: boolean; cleanupGateway?: boolean }) =>
      (await import('./commands/destroy.js')).destroy(name, flags),
    );
  const channels = root.command('channels').description('Messaging channels, switched off or on by the next rebuild.');
  for (const to of ['stop', 'start'] as const) {
    channels
      .command(to)
      .argument('<channel>')
      .action(async (channel: string) => (await import('./commands/channels.js')).setChannel(name, channel, to));
  }
  const snapshot = root.command('snapshot').description('The backups that rebuilds made.');
  snapshot.command('list').action(async () => (await import('./commands/snapshot.js')).snapshotList(name));
  snapshot
    .command('restore')
    .argument('<timestamp>')
    .action(async (timestamp: string) => (await import('./commands/snapshot.js')).snapshotRestore(name, timestamp));
  return root;
}

/** Words that are commands of one sandbox, so that `nemoclaw rebuild` is not taken for an unknown sandbox. */
const SANDBOX_COMMANDS = sandboxProgram('', { status: 0 }).commands.map((command) => command.name());

async function parse(root: Command, argv: readonly string[]): Promise<number | undefined> {
  try {
    await root.parseAsync([...argv], { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0; // help or version was asked for
    throw new CommandFailure([error.message.replace(/^error: /, ''), `See \`${root.name()} --help\`.`]);
  }
}

/**
 * Runs the command that the arguments name: `nemoclaw <command>` or `nemoclaw <sandbox> <command>`.
 * @returns the exit status. @throws CommandFailure with one clear message.
 */
export async function dispatch(argv: readonly string[], version: string): Promise<number> {
  const [first] = argv;
  if (first === undefined || first === 'help' || first.startsWith('-')) {
    const asked = first === undefined || first === 'help' ? ['--help'] : argv;
    return (await parse(globalProgram(version), asked)) ?? 0;
  }
  if ((GLOBAL_COMMANDS as readonly string[]).includes(first)) return (await parse(globalProgram(version), argv)) ?? 0;
  const [, action] = argv;
  if (SANDBOX_COMMANDS.includes(first) && action !== undefined && !SANDBOX_COMMANDS.includes(action)) {
    throw new CommandFailure(`'${first}' is a command for one sandbox: nemoclaw <name> ${first}.`);
  }
  if (action === undefined) {
    const known = (await import('./registry.js')).readRegistry().sandboxes;
    if (!Object.hasOwn(known, first)) {
      throw new CommandFailure(`Unknown command or sandbox '${first}'. See \`nemoclaw --help\`.`);
    }
    complain(`What should be done with '${first}'? ${SANDBOX_COMMANDS.join(', ')}`);
    return 1;
  }
  if (!action.startsWith('-') && action !== 'snapshot') (await import('./registry.js')).entryOf(first);
  const outcome: Outcome = { status: 0 };
  return (await parse(sandboxProgram(first, outcome), argv.slice(1))) ?? outcome.status;
}
