import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import {
  neighbourIsUntouched,
  oldVersionIsWhole,
  oneOfTwoWins,
  oneVersionIsWhole,
} from '../checks/plugin-replacement-failures';
import { replaceInVain, replaceTwiceAtOnce, stageIsolatedPlugins } from '../staging/plugin-replacement-failures';
import { action, assertion } from '../world/step-registry';

Given(
  'a container of an OpenClaw sandbox with two installed plugins, which lie on a small file system of their own',
  action(stageIsolatedPlugins),
);

When(
  'the owner has the agent replace one of them by a newer version, each time in vain because:',
  action((world, table: DataTable) => replaceInVain(world, table.hashes())),
);

When('the owner has the agent replace it by two newer versions at once', action(replaceTwiceAtOnce));

Then(
  'where there is no space, the old version is whole and usable',
  assertion('exdev.replacement.no-space', (a, world) => oldVersionIsWhole(a, world, 'no-space')),
);

Then(
  'where nothing may be written, the old version is whole and usable',
  assertion('exdev.replacement.not-writable', (a, world) => oldVersionIsWhole(a, world, 'not-writable')),
);

Then(
  'where the newer version is no plugin, the old version is whole and usable',
  assertion('exdev.replacement.refused', (a, world) => oldVersionIsWhole(a, world, 'refused')),
);

Then(
  'wherever the replacement is killed, one of both versions is whole and usable',
  assertion('exdev.replacement.killed', oneVersionIsWhole),
);

Then(
  'after two replacements at once, one of their versions is whole and usable',
  assertion('exdev.replacement.at-once', oneOfTwoWins),
);

Then(
  'the other plugin is the same after each replacement',
  assertion('exdev.replacement.neighbour-untouched', neighbourIsUntouched),
);
