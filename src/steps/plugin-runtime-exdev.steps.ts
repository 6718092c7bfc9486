import path from 'node:path';
import { Given, Then, When } from '@cucumber/cucumber';
import { ended, noCopiesBeside, nothingLeft, sameTree } from '../checks/plugin-runtime-exdev';
import { PLUGIN, stagePlugins, surroundings } from '../staging/plugin-runtime-exdev';
import { onboardWithSharedMemory, seeSharedMemoryRefused } from '../staging/policy-dev-shm';
import { textOf } from '../sut/host-cli';
import { action, assertion, restored } from '../world/step-registry';

Given(
  'a sandbox {string} that was onboarded while the policies opened shared memory',
  action((world, sandbox: string) => onboardWithSharedMemory(world, sandbox)),
);

Given('a sandbox made under the policies as they were is refused shared memory', action(seeSharedMemoryRefused));

Given(
  'versions of a plugin in shared memory, the oldest of which is installed beside another plugin',
  action(stagePlugins),
);

Given(
  "the plugin's source and the place of the installed one lie on different devices",
  assertion('exdev.layout.distinct-devices', async (a, world) => {
    const { runtime, source, installed } = world.get('plugins');
    const { source: from, target } = a.see(await runtime.rename(source('newer'), `${installed}-renamed`));
    a.that(
      'device of the source, and of the directory of the plugins',
      { from, target },
      'two devices',
      from !== target,
    );
  }),
);

Given(
  'a plain rename from the one to the other fails because of that',
  assertion('exdev.control.rename-fails', async (a, world) => {
    const { runtime, source, installed } = world.get('plugins');
    a.equals(
      'how the rename ended',
      a.see(await runtime.rename(source('newer'), `${installed}-renamed`)).ended,
      'EXDEV',
    );
  }),
);

When(
  'the owner has the agent replace the plugin by the newer version',
  action(async (world) => {
    const { runtime, source } = world.get('plugins');
    world.set({ outcome: await runtime.install(source('newer')) });
  }),
);

Then(
  'the replacement succeeds, and the installed plugin is the newer version, file by file',
  assertion('exdev.replacement.completes', async (a, world) => {
    const { runtime, source, installed } = world.get('plugins');
    ended(a, 'the replacement', a.see(world.get('outcome')));
    sameTree(
      a,
      'the installed plugin',
      a.see(await runtime.tree(installed)),
      a.see(await runtime.tree(source('newer'))),
    );
  }),
);

Then(
  'the agent says nothing of devices',
  assertion('exdev.replacement.no-exdev', (a, world) => {
    const { stdout, stderr } = a.see(world.get('outcome'));
    const said = `${textOf(stdout)}${textOf(stderr)}`;
    a.that('what the agent says', said, `a word of ${PLUGIN} at least`, said.includes(PLUGIN));
    a.isEmpty('of it about devices', said.match(/.*(?:EXDEV|cross.?device).*/gi) ?? [], 'nothing');
  }),
);

When(
  'the replacement by the newest version is killed half way, and made again',
  action(async (world) => {
    const plugins = world.get('plugins');
    const { runtime, source, installed } = plugins;
    const before = await surroundings(plugins);
    const killed = await runtime.installAndKill(source('newest'));
    const inBetween = await runtime.tree(installed);
    world.set({ recovery: { before, killed, inBetween, again: await runtime.install(source('newest')) } });
  }),
);

Then(
  'the installed plugin is the newest version, nothing half-made stays, and the other plugin is untouched',
  assertion('exdev.replacement.recovers', async (a, world) => {
    const plugins = world.get('plugins');
    const { runtime, source, installed, neighbour } = plugins;
    const { before, killed, inBetween, again } = world.get('recovery');
    const { fate, landed, killed: wasKilled } = a.see(killed);
    const newest = a.see(await runtime.tree(source('newest')));
    a.equals('how the first replacement ended', wasKilled ? 'killed' : fate, 'killed');
    const files = Object.values(newest ?? {}).filter((kind) => kind !== 'directory').length;
    a.that('files that had landed by then', landed, `some, but not all ${files}`, landed > 0 && landed < files);
    const stood = a.see(inBetween);
    // Never half of both: what was installed is whole, or away.
    if (stood !== null) sameTree(a, 'the plugin in between', stood, a.see(await runtime.tree(source('newer'))));
    ended(a, 'the replacement made again', a.see(again));
    sameTree(a, 'the installed plugin', a.see(await runtime.tree(installed)), newest);
    nothingLeft(a, before, await surroundings(plugins), PLUGIN);
    noCopiesBeside(a, a.see(await runtime.tree(runtime.state)), newest, path.relative(runtime.state, installed));
    sameTree(
      a,
      'the other plugin',
      a.see(await runtime.tree(neighbour)),
      a.see(await runtime.tree(source('neighbour'))),
    );
  }),
);

Then('in the end the policies are as they were', restored('exdev.policy.restored', 'policy-dev-shm'));
