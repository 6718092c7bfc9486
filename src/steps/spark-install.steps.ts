import { Given, Then, When } from '@cucumber/cucumber';
import path from 'node:path';
import {
    announced,
    changesOf,
    exitsWell,
    leavesMachineAlone,
    LINUX,
    onLinux,
    printed,
    refusesAll,
    registeredOf,
    sessionOf,
} from '../checks/spark-install';
import { credentialsIn } from '../secrets/redact';
import { stageOnboarding, stageSpark } from '../staging/spark-install';
import { asOwner, findCommands, formerSetUp, install, refused, takeDown } from '../staging/spark-install-runs';
import { FLAGS as CONSENT } from '../staging/upgrade-gateway-survivor';
import { textOf } from '../sut/host-cli';
import { action, assertion } from '../world/step-registry';
import type { ActionBody, Phase9World } from '../world/world';

/** The first action of a scenario: finds out which system this host runs, and stages where it is Linux. */
function beginning(stage: (world: Phase9World) => Promise<void>): ReturnType<typeof action> {
  return action(async (world) => {
    const { cli } = world.own;
    const uname = await cli.must(cli.run(['uname', '-s'], { within: world.profile.bounds.command }));
    world.set({ platform: uname.map(({ stdout }) => textOf(stdout).trim()) });
    if (isLinux(world)) await stage(world);
  });
}

const isLinux = (world: Phase9World): boolean => world.get('platform').peek() === LINUX;

/** A later action; without Linux there is nothing to act on. */
function acting(body: (world: Phase9World) => Promise<void>): ActionBody {
  return async (world) => {
    if (isLinux(world)) await body(world);
  };
}

Given(
  'a DGX Spark whose Docker engine does not answer',
  beginning(async (world) => world.set({ spark: await stageSpark(world, 'first', 'silent') })),
);

Given(
  'a DGX Spark whose Docker engine answers',
  beginning(async (world) => world.set({ spark: await stageSpark(world, 'first', 'answers') })),
);

Given(
  'a DGX Spark with a Docker engine, and an owner with keys to a staged endpoint',
  beginning(async (world) => {
    await stageOnboarding(world);
    world.set({ spark: await stageSpark(world, 'first', 'engine of this host') });
  }),
);

When(
  'its owner, as root, runs the installer of a checkout',
  action(
    acting(async (world) => {
      const refusal = await refused(world, world.get('spark'), 'with consent', CONSENT);
      world.set({ refusals: [refusal] });
    }),
  ),
);

When(
  'its owner runs the installer of a checkout unattended, and later without a terminal, and accepts nothing',
  action(
    acting(async (world) => {
      const unattended = await refused(world, world.get('spark'), 'unattended', ['--non-interactive']);
      const asking = await refused(world, world.get('spark'), 'without a terminal', []);
      world.set({ refusals: [unattended, asking] });
    }),
  ),
);

When(
  'its owner runs the installer of a checkout and accepts what it installs',
  action(acting(async (world) => world.set({ installed: await install(world, world.get('spark'), 'checkout') }))),
);

When(
  'the owner asks for the former set-up of a DGX Spark',
  action(acting(async (world) => world.set({ alias: await formerSetUp(world, world.get('spark')) }))),
);

When(
  'the owner takes the sandbox down, and pipes the public installer into a shell on a second DGX Spark',
  action(
    acting(async (world) => {
      await takeDown(world, world.get('spark'));
      const second = await stageSpark(world, 'second', 'engine of this host');
      world.set({ installedByPipe: await install(world, second, 'public installer') });
    }),
  ),
);

Then(
  'the installer says that Docker is not reachable, and installs nothing',
  assertion(
    'spark.docker.required',
    onLinux((a, world) =>
      refusesAll(a, world, /Docker is installed but not reachable/i, 'that Docker is not reachable'),
    ),
  ),
);

Then(
  'the installer refuses each time, and installs nothing',
  assertion(
    'spark.consent.required',
    onLinux((a, world) =>
      refusesAll(a, world, /third-party software acceptance/i, 'that acceptance of third-party software is missing'),
    ),
  ),
);

Given(
  'the machine runs Linux',
  assertion(
    'spark.platform.linux',
    onLinux(async (a, world) => {
      const { machine } = world.get('spark');
      const call = await machine.run(['uname', '-s'], world.profile.bounds.command);
      a.equals('system that the machine of the installer reports', textOf(a.see(call).stdout).trim(), LINUX);
      a.equals('system of this host', a.see(world.get('platform')), LINUX);
    }),
  ),
);

Then(
  'the installation succeeds',
  assertion(
    'spark.completes',
    onLinux((a, world) => {
      const { exit, stdout, stderr } = exitsWell(a, world.get('installed'));
      if (exit !== 0) {
        const words = `${textOf(stdout)}${textOf(stderr)}`.trimEnd().split('\n').slice(-8).join('\n');
        a.that('its last words', words, 'none of failure', false);
      }
      a.equals('status of the onboarding', sessionOf(a, world.get('installed')).status, 'complete');
    }),
  ),
);

const SPARK_ONLY = /spark|cgroup|daemon\.json|jetson|tegra/i;

Then(
  'it went the generic way, without a step for this kind of machine',
  assertion(
    'spark.generic-path',
    onLinux((a, world) => {
      const text = printed(a, world, world.get('installed').outcome);
      a.equals('steps of the installation', announced(text, 3), [
        '[1/3] Node.js',
        '[2/3] NemoClaw CLI',
        '[3/3] Onboarding',
      ]);
      a.equals('how the onboarding began', announced(text, 8)[0] ?? text, '[1/8] Preflight checks');
      const told = text.split('\n').filter((line) => SPARK_ONLY.test(line));
      a.isEmpty('lines that tell of this kind of machine', told, 'none');
      leavesMachineAlone(a, world.get('installed'));
    }),
  ),
);

Then(
  'a fresh login shell finds both commands',
  assertion(
    'spark.cli-on-path',
    onLinux(async (a, world) => {
      const { machine } = world.get('spark');
      const found = a.see(await findCommands(machine, world.profile.bounds.command));
      const names = textOf(found.stdout)
        .split('\n')
        .filter((line) => line.startsWith('/'))
        .map((line) => path.basename(line));
      a.equals('commands found', names, ['nemoclaw', 'openshell']);
    }),
  ),
);

Then(
  'the command line explains itself',
  assertion(
    'spark.cli-help',
    onLinux(async (a, world) => {
      const { machine } = world.get('spark');
      const help = a.see(await asOwner(machine, 'nemoclaw --help', world.profile.bounds.command));
      a.equals('how it ended', { ended: help.ended, exit: help.exit }, { ended: 'exited', exit: 0 });
      const text = textOf(help.stdout);
      a.that('what it prints', text, 'a usage that names onboard', /\bonboard\b/.test(text));
    }),
  ),
);

Then(
  'it is called a deprecated name of onboarding, and does just that',
  assertion(
    'spark.setup-spark-alias',
    onLinux((a, world) => {
      const alias = world.get('alias');
      exitsWell(a, alias);
      const text = printed(a, world, alias.outcome);
      a.that('what it says of itself', text, 'that it is deprecated', /setup-spark\b.*\bdeprecated/.test(text));
      a.that('what it says instead', text, 'the name of the command that does it', /nemoclaw onboard\b/.test(text));
      const onboarding = announced(printed(a, world, world.get('installed').outcome), 8);
      a.equals('steps that it takes', announced(text, 8), onboarding);
      a.equals('the first of them', announced(text, 8)[0] ?? 'none', '[1/8] Preflight checks');
      leavesMachineAlone(a, alias);
    }),
  ),
);

Then(
  'the second machine has what the first one had',
  assertion(
    'spark.public-installer',
    onLinux((a, world) => {
      const first = world.get('installed');
      const second = world.get('installedByPipe');
      exitsWell(a, second);
      const { installer } = world.profile.upgrade;
      const fetched = a.see(second.calls).filter((call) => call[0] === 'curl' && call.includes(installer));
      a.that('fetches of the public installer', fetched.length, 'one at least', fetched.length > 0);
      const commands = textOf(a.see(second.commands).stdout);
      const { openshell } = world.profile.upgrade.current;
      a.that('the OpenShell that its owner has', commands, openshell, commands.includes(`openshell ${openshell}\n`));
      a.equals('its commands', commands, textOf(a.see(first.commands).stdout));
      const steps = (one: typeof first) => announced(printed(a, world, one.outcome), 3);
      a.equals('steps of its installation', steps(second), steps(first));
      a.equals('what changed of the machine', changesOf(a, second), changesOf(a, first));
      a.equals('its onboarding', sessionOf(a, second), sessionOf(a, first));
      a.equals('its sandboxes', registeredOf(a, second), registeredOf(a, first));
    }),
  ),
);

Then(
  'neither installation put a key of the owner into its log',
  assertion(
    'spark.log-redacted',
    onLinux((a, world) => {
      const canaries = world.get('canaries');
      for (const one of [world.get('installed'), world.get('installedByPipe')]) {
        const { stdout, stderr } = a.see(one.outcome);
        a.that('the log', stdout.length + stderr.length, 'some bytes', stdout.length + stderr.length > 0);
        a.isEmpty('secrets in it', credentialsIn(Buffer.concat([stdout, stderr]), canaries), 'none');
      }
      // A key that nobody took proves nothing.
      const used = a.see(world.get('installed').asked).filter(({ credential }) => credential === 'the provider’s');
      a.that('requests of the new sandbox that carried the owner’s key', used.length, 'some', used.length > 0);
    }),
  ),
);
