import { Given, Then, When } from '@cucumber/cucumber';
import { leavesNoFalseBackup, tellsWhatBecame, untouchedBy } from '../checks/rebuild-refusal';
import { bringBack } from '../staging/bring-back';
import { rebuildDespite } from '../staging/rebuild-refusal';
import type { ObstacleName } from '../staging/rebuild-refusal-obstacles';
import { action, assertion } from '../world/step-registry';

Given("the owner keeps files in the sandbox and applies the manifest's policy presets", action(bringBack));

When(
  'the owner rebuilds the sandbox despite {obstacle}',
  action((world, obstacle: ObstacleName) => rebuildDespite(world, obstacle)),
);

Then(
  '{obstacle} costs the owner nothing of the sandbox',
  assertion('rebuild.refusal.sandbox-untouched', (a, world, obstacle: ObstacleName) => untouchedBy(a, world, obstacle)),
);

Then(
  'the owner reads what {obstacle} did to the rebuild',
  assertion('rebuild.refusal.owner-told', (a, world, obstacle: ObstacleName) => tellsWhatBecame(a, world, obstacle)),
);

Then(
  '{obstacle} leaves no backup that lacks something',
  assertion('rebuild.refusal.no-false-backup', (a, world, obstacle: ObstacleName) =>
    leavesNoFalseBackup(a, world, obstacle),
  ),
);
