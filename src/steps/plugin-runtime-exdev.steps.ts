import { Given, Then, When } from '@cucumber/cucumber';
import {
  devicesDiffer,
  noErrorAboutDevices,
  plainRenameFails,
  replacementIsComplete,
  replacementRecovers,
} from '../checks/plugin-runtime-exdev';
import { killReplacementAndRepeat, replaceByNewer, stagePlugins } from '../staging/plugin-runtime-exdev';
import { onboardWithSharedMemory, seeSharedMemoryRefused } from '../staging/policy-dev-shm';
import { action, assertion, restored } from '../world/step-registry';

Given(
  'a sandbox {string} that was onboarded while the policies opened shared memory',
  action((world, sandbox: string) => onboardWithSharedMemory(world, sandbox)),
);

Given('a sandbox made under the original policies cannot write to shared memory', action(seeSharedMemoryRefused));

Given('two installed plugins, and newer versions of one of them in shared memory', action(stagePlugins));

Given(
  'the newer version and the installed plugins lie on different devices',
  assertion('exdev.layout.distinct-devices', devicesDiffer),
);

Given(
  'a plain rename from one to the other fails for that reason',
  assertion('exdev.control.rename-fails', plainRenameFails),
);

When('the owner has the agent replace the plugin by the newer version', action(replaceByNewer));

Then(
  'the replacement succeeds: the installed plugin is the newer version, file by file',
  assertion('exdev.replacement.completes', replacementIsComplete),
);

Then('the agent reports no error about devices', assertion('exdev.replacement.no-exdev', noErrorAboutDevices));

When('the replacement by the newest version is killed halfway, and repeated', action(killReplacementAndRepeat));

Then(
  'the installed plugin is the newest version, without leftovers, beside the unchanged other plugin',
  assertion('exdev.replacement.recovers', replacementRecovers),
);

Then('after the scenario, the policies are unchanged', restored('exdev.policy.restored', 'policy-dev-shm'));
