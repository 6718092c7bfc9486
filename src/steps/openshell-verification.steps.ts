import { type DataTable, Then, When } from '@cucumber/cucumber';
import { namesEachFault, refusesEachFault } from '../checks/openshell-verification';
import { runWithUnverifiable, runWithWrongArchives } from '../staging/openshell-verification';
import { action, assertion } from '../world/step-registry';

When(
  'the operator runs the installer once per needed download with each of these faults:',
  action((world, table: DataTable) => runWithUnverifiable(world, table.raw().flat())),
);

When(
  'the operator runs the installer once per needed archive with each of these contents, checksum and all:',
  action((world, table: DataTable) => runWithWrongArchives(world, table.raw().flat())),
);

Then(
  'the installer refuses every unverifiable download, and the {machine} stays as it was',
  assertion('installer.{machine}.refuses-unverifiable', (a, world, _machine: string) => refusesEachFault(a, world)),
);

Then(
  'each refusal to the {machine} names the download',
  assertion('installer.{machine}.names-unverifiable', (a, world, _machine: string) => namesEachFault(a, world)),
);

Then(
  'the installer refuses every wrong archive, and the {machine} stays as it was',
  assertion('installer.{machine}.refuses-wrong-archive', (a, world, _machine: string) => refusesEachFault(a, world)),
);
