import { type DataTable, defineParameterType, Given, Then, When } from '@cucumber/cucumber';
import {
  bothMachinesAreAlike,
  formerSetUpIsOnboarding,
  helpIsPrinted,
  hidesKeys,
  installationSucceeds,
  loginShellFindsCommands,
  machineRunsLinux,
  reportsMissingConsent,
  reportsUnreachableDocker,
  takesGenericSteps,
} from '../checks/spark-install';
import { keepsAllInstalledAgain, keepsAllOverHalfMade, shellFindsCommands } from '../checks/spark-install-again';
import { leavesAllAsItWas, namesCauseAndRemedy } from '../checks/spark-install-engines';
import { keysInNoFile, keysInNoProcess } from '../checks/spark-install-keys';
import { stageSpark, stageSparkAndOwner } from '../staging/spark-install';
import { installAgain, installOverHalfMade } from '../staging/spark-install-again';
import { installForEachCause } from '../staging/spark-install-engines';
import {
  installFromCheckout,
  installOnSecondMachine,
  type RefusedManner,
  runFormerSetUp,
  runToBeRefused,
  takeSandboxDown,
} from '../staging/spark-install-runs';
import { action, assertion } from '../world/step-registry';

defineParameterType({
  name: 'refusedManner',
  regexp: /as root, with consent|unattended, without consent|without a terminal, without consent/,
});

Given(
  'a DGX Spark whose Docker engine does not answer',
  action((world) => stageSpark(world, 'silent')),
);

Given(
  'a DGX Spark whose Docker engine answers',
  action((world) => stageSpark(world, 'answers')),
);

Given('a DGX Spark with a Docker engine, and an owner with keys to a staged endpoint', action(stageSparkAndOwner));

Given('the machine runs Linux', assertion('spark.platform.linux', machineRunsLinux));

When(
  'its owner runs the installer of a checkout {refusedManner}',
  action((world, manner: RefusedManner) => runToBeRefused(world, manner)),
);

Then(
  'the installer reports that Docker is not reachable, and installs nothing',
  assertion('spark.docker.required', reportsUnreachableDocker),
);

Then(
  'the installer reports the missing consent each time, and installs nothing',
  assertion('spark.consent.required', reportsMissingConsent),
);

When('its owner runs the installer of a checkout and consents to what it installs', action(installFromCheckout));

Then('the installation succeeds', assertion('spark.completes', installationSucceeds));

Then(
  'the installation takes the generic steps and none for a DGX Spark',
  assertion('spark.generic-path', takesGenericSteps),
);

Then('a fresh login shell finds both commands', assertion('spark.cli-on-path', loginShellFindsCommands));

Then('the command line prints its usage', assertion('spark.cli-help', helpIsPrinted));

When('the owner runs the former set-up of a DGX Spark', action(runFormerSetUp));

Then(
  'NemoClaw reports that the set-up is deprecated, and runs onboarding instead',
  assertion('spark.setup-spark-alias', formerSetUpIsOnboarding),
);

When('the owner takes the sandbox down', action(takeSandboxDown));

When('the owner runs the public installer on a second DGX Spark', action(installOnSecondMachine));

Then(
  'both machines have the same commands, onboarding and sandboxes',
  assertion('spark.public-installer', bothMachinesAreAlike),
);

Then('no key of the owner appears in the output of any installation', assertion('spark.log-redacted', hidesKeys));

When(
  'its owner runs the installer of a checkout where the engine cannot be used because:',
  action((world, table: DataTable) => installForEachCause(world, table.raw().flat())),
);

Then(
  'the installer names each cause, and what helps against it',
  assertion('spark.docker.cause-named', namesCauseAndRemedy),
);

Then(
  'it installs nothing, and leaves the machine as it was, each time',
  assertion('spark.docker.nothing-changed', leavesAllAsItWas),
);

Then(
  'a fresh terminal finds both commands',
  assertion('spark.shells.terminal', (a, world) => shellFindsCommands(a, world, 'a terminal')),
);

When('the owner runs the installer of the checkout once more', action(installAgain));

Then(
  'the second installation is whole, and the owner has lost nothing',
  assertion('spark.again.keeps-all', keepsAllInstalledAgain),
);

Then(
  'a fresh zsh of its owner finds both commands',
  assertion('spark.shells.zsh', (a, world) => shellFindsCommands(a, world, 'zsh')),
);

When('the public installer is killed twice on its way, and the owner runs it again', action(installOverHalfMade));

Then(
  'that installation is whole, and the owner has lost nothing',
  assertion('spark.half-made.keeps-all', keepsAllOverHalfMade),
);

Then(
  'no key of the owner appears among the arguments of a process',
  assertion('spark.keys.not-in-processes', keysInNoProcess),
);

Then(
  'no key of the owner lies in a file for others to read, in a log or in a startup file',
  assertion('spark.keys.not-in-files', keysInNoFile),
);
