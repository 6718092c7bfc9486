import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import {
  acceptsCompleteInstallation,
  completesWithToolsOfMac,
  gatewayIsInstalled,
  ignoresVmDriver,
  noticesMissingGateway,
  requestsGateway,
  rootfsCompatibilityIsOff,
  signsNothing,
} from '../checks/macos-installer-assets';
import { leaveVmDriver, readDockerfiles, runWithToolsOfMac } from '../staging/macos-installer-assets';
import { stageMachine } from '../staging/openshell-installer';
import { MAC, neededPrograms } from '../staging/openshell-releases';
import { action, assertion } from '../world/step-registry';

Given(
  'a Mac with Apple silicon that has the pinned OpenShell without its gateway',
  action((world) => stageMachine(world, MAC, 'pinned', ['openshell'])),
);

Given(
  'a Mac with Apple silicon that has the pinned OpenShell and its gateway',
  action((world) => stageMachine(world, MAC, 'pinned', neededPrograms(MAC))),
);

Given('an earlier installation left an unsigned driver for virtual machines', action(leaveVmDriver));

When('the operator reads the Dockerfiles that NemoClaw ships', action(readDockerfiles));

When(
  'the operator runs the installer on the Mac with each of these checksum tools:',
  action((world, table: DataTable) => runWithToolsOfMac(world, table.raw().flat())),
);

Then(
  'the installer succeeds with each of these checksum tools',
  assertion('installer.macos.completes', completesWithToolsOfMac),
);

Then(
  'after each success the pinned gateway lies beside the pinned OpenShell',
  assertion('installer.macos.gateway-installed', gatewayIsInstalled),
);

Then(
  'the installer reports missing driver binaries and goes on to download',
  assertion('installer.macos.detects-missing-gateway', noticesMissingGateway),
);

Then(
  'the installer requests the gateway made for Apple silicon',
  assertion('installer.macos.requests-gateway-asset', requestsGateway),
);

Then(
  'the installer never requests the driver for virtual machines',
  assertion('installer.macos.skips-vm-driver-asset', ignoresVmDriver),
);

Then('the installer signs no program', assertion('installer.macos.no-codesign', signsNothing));

Then(
  'the installer accepts the complete installation and downloads nothing',
  assertion('installer.macos.accepts-complete-install', acceptsCompleteInstallation),
);

Then(
  'the Dockerfiles leave root-filesystem compatibility for virtual machines off',
  assertion('installer.macos.rootfs-compat-off', rootfsCompatibilityIsOff),
);
