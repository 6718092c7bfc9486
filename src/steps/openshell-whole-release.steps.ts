import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import {
  acceptsNoMixture,
  fallsBackWithoutSignIn,
  overcomesOrNamesHindrances,
  recoversAfterKills,
} from '../checks/openshell-whole-release';
import { stageMachine } from '../staging/openshell-installer';
import { LINUX, neededPrograms } from '../staging/openshell-releases';
import { killBeforeEachReplacement, runOverMixtures, runWithHindrances } from '../staging/openshell-whole-release';
import { action, assertion } from '../world/step-registry';

Given(
  'a Linux machine that has the pinned OpenShell and its helpers',
  action((world) => stageMachine(world, LINUX, 'pinned', neededPrograms(LINUX))),
);

When(
  'the installer is killed before each program that it replaces, and the operator runs it again each time',
  action(killBeforeEachReplacement),
);

When(
  'the operator runs the installer over each of these mixtures:',
  action((world, table: DataTable) => runOverMixtures(world, table.raw().flat())),
);

When(
  'the operator runs the installer while each of these hinders it:',
  action((world, table: DataTable) => runWithHindrances(world, table.raw().flat())),
);

Then(
  'after each kill the next run completes the pinned release or refuses',
  assertion('installer.pin.killed-between-replacements', recoversAfterKills),
);

Then('the installer accepts no mixture as complete', assertion('installer.pin.refuses-mixed-set', acceptsNoMixture));

Then(
  'the installer replaces OpenShell all the same, or names what hinders it and changes nothing',
  assertion('installer.pin.unwritable-target', overcomesOrNamesHindrances),
);

Then(
  'the installer downloads the pinned release without a sign-in, and installs it',
  assertion('installer.pin.falls-back-without-sign-in', fallsBackWithoutSignIn),
);
