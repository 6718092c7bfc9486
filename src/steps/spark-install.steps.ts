import { defineParameterType, Given, Then, When } from '@cucumber/cucumber';
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
import { stageSpark, stageSparkAndOwner } from '../staging/spark-install';
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

Then('no key of the owner appears in the output of either installation', assertion('spark.log-redacted', hidesKeys));
