import { readFileSync } from 'node:fs';
import { Given, Then, When } from '@cucumber/cucumber';
import { expectation } from '../checks/expectation';
import { textOf } from '../sut/host-cli';
import { linesNamingStale } from '../sut/upgrade-check';
import { action, assertion } from '../world/step-registry';

When(
  'the operator checks for stale sandboxes',
  action(async (world) => {
    const container = (await world.sandbox().container()).peek();
    world.set({
      registryBefore: readFileSync(world.own.durable.registryPath, 'utf8'),
      containerBefore: container?.id ?? 'none',
    });
    world.set({
      outcome: await world.own.cli.nemoclaw(['upgrade-sandboxes', '--check'], { within: world.profile.bounds.command }),
    });
  }),
);

Given(
  'the stale sandbox really runs the old agent',
  assertion('upgrade.stale.old-version-live', async (a, world) => {
    const version = a.see(await world.sandbox().agentVersion());
    a.equals('version inside the sandbox', version, expectation('the old version', world.get('oldVersion')));
    a.that(
      'the expected version',
      version,
      `not ${world.get('expectedVersion')}`,
      version !== world.get('expectedVersion'),
    );
  }),
);

Then(
  'the check names the sandbox with its old and its expected version',
  assertion('upgrade.stale.check-reports-stale', (a, world) => {
    const { exit, stdout } = a.see(world.get('outcome'));
    const text = textOf(stdout);
    const name = world.get('sandbox');
    const line =
      text.split('\n').find((one) => one.trim().split(/\s+/)[0] === name) ?? `no line of ${name} in: ${text}`;
    a.equals('exit status', exit, 0);
    a.that(
      'its line',
      line.trim(),
      `v${world.get('oldVersion')} → v${world.get('expectedVersion')}`,
      stale(line, world.get('oldVersion'), world.get('expectedVersion')),
    );
    a.that(
      'what it says of upgrading',
      text.trim(),
      '1 sandbox(es) need upgrading.',
      /^\s*1 sandbox\(es\) need upgrading\.\s*$/m.test(text),
    );
  }),
);

function stale(line: string, old: string, expected: string): boolean {
  return line.includes(`v${old} → v${expected}`);
}

Then(
  'the check has changed neither registry nor sandbox',
  assertion('upgrade.stale.check-is-read-only', async (a, world) => {
    const now = a.see(world.own.durable.file(world.own.durable.registryPath));
    a.equals('the registry’s bytes', now.toString('utf8'), world.get('registryBefore'));
    const container = a.see(await world.sandbox().container());
    a.equals('container', container?.id ?? 'none', world.get('containerBefore'));
  }),
);

Then(
  'the rebuild succeeds and the sandbox is ready',
  assertion('upgrade.stale.rebuilds', async (a, world) => {
    a.equals('exit status', a.see(world.get('outcome')).exit, 0);
    a.equals('phase', a.see(await world.own.gateway.phase(world.get('sandbox'))), 'Ready');
  }),
);

Then(
  'the sandbox now runs the version that NemoClaw expects',
  assertion('upgrade.stale.agent-version-changed', async (a, world) => {
    const version = a.see(await world.sandbox().agentVersion());
    a.equals('version inside the sandbox', version, expectation('the expected version', world.get('expectedVersion')));
  }),
);

Then(
  'the check calls everything up to date',
  assertion('upgrade.stale.check-reports-up-to-date', (a, world) => {
    const { exit, stdout } = a.see(world.get('outcome'));
    const text = textOf(stdout);
    a.equals('exit status', exit, 0);
    a.that(
      'what it says',
      text.trim(),
      'All sandboxes are up to date.',
      /^\s*All sandboxes are up to date\.\s*$/m.test(text),
    );
    a.isEmpty('lines that name a stale sandbox', linesNamingStale(text), 'none');
  }),
);
