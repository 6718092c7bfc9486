import { readFileSync } from 'node:fs';
import { Given, Then, When } from '@cucumber/cucumber';
import { textOf } from '../sut/host-cli';
import { linesNamingStale } from '../sut/upgrade-check';
import { action, assertion } from '../world/step-registry';
import { expectation } from './checks/expectation';

When(
  'the operator checks for stale sandboxes',
  action(async (world) => {
    const container = (await world.sandbox().container()).peek();
    world.learn({
      registryBefore: readFileSync(world.own.durable.registryPath, 'utf8'),
      containerBefore: container?.id ?? 'none',
    });
    world.learn({
      outcome: await world.own.cli.nemoclaw(['upgrade-sandboxes', '--check'], { within: world.profile.bounds.command }),
    });
  }),
);

Given(
  'the stale sandbox really runs the old agent',
  assertion('upgrade.stale.old-version-live', async (a, world) => {
    const version = a.see(await world.sandbox().agentVersion());
    a.equal('version inside the sandbox', version, expectation('the old version', world.fact('oldVersion')));
    a.that(
      'the expected version',
      version,
      `not ${world.fact('expectedVersion')}`,
      version !== world.fact('expectedVersion'),
    );
  }),
);

Then(
  'the check names the sandbox with its old and its expected version',
  assertion('upgrade.stale.check-reports-stale', (a, world) => {
    const { exit, stdout } = a.see(world.fact('outcome'));
    const text = textOf(stdout);
    const name = world.fact('sandbox');
    const line =
      text.split('\n').find((one) => one.trim().split(/\s+/)[0] === name) ?? `no line of ${name} in: ${text}`;
    a.equal('exit status', exit, 0);
    a.that(
      'its line',
      line.trim(),
      `v${world.fact('oldVersion')} → v${world.fact('expectedVersion')}`,
      stale(line, world.fact('oldVersion'), world.fact('expectedVersion')),
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
    a.equal('the registry’s bytes', now.toString('utf8'), world.fact('registryBefore'));
    const container = a.see(await world.sandbox().container());
    a.equal('container', container?.id ?? 'none', world.fact('containerBefore'));
  }),
);

Then(
  'the rebuild succeeds and the sandbox is ready',
  assertion('upgrade.stale.rebuilds', async (a, world) => {
    a.equal('exit status', a.see(world.fact('outcome')).exit, 0);
    a.equal('phase', a.see(await world.own.gateway.phase(world.fact('sandbox'))), 'Ready');
  }),
);

Then(
  'the sandbox now runs the version that NemoClaw expects',
  assertion('upgrade.stale.agent-version-changed', async (a, world) => {
    const version = a.see(await world.sandbox().agentVersion());
    a.equal('version inside the sandbox', version, expectation('the expected version', world.fact('expectedVersion')));
  }),
);

Then(
  'the check calls everything up to date',
  assertion('upgrade.stale.check-reports-up-to-date', (a, world) => {
    const { exit, stdout } = a.see(world.fact('outcome'));
    const text = textOf(stdout);
    a.equal('exit status', exit, 0);
    a.that(
      'what it says',
      text.trim(),
      'All sandboxes are up to date.',
      /^\s*All sandboxes are up to date\.\s*$/m.test(text),
    );
    a.none('lines that name a stale sandbox', linesNamingStale(text), 'none');
  }),
);
