import { defineParameterType, Given, Then, When } from '@cucumber/cucumber';
import { refusesTamperedDownloads } from '../checks/openshell-installer';
import { offerReleases, runInstaller, runInstallerOncePerDownload } from '../staging/openshell-installer';
import { action, assertion } from '../world/step-registry';

/** The machine that the scenario is about; its value is a part of the assertion's ID. */
defineParameterType({
  name: 'machine',
  regexp: /Linux machine|Mac/,
  transformer: (machine: string) => (machine === 'Mac' ? 'macos' : 'pin'),
});

Given('a release host that offers the pinned OpenShell and a newer one', action(offerReleases));

When('the operator runs the OpenShell installer', action(runInstaller));

When(
  'the operator runs the installer once per needed download, with that download tampered with',
  action(runInstallerOncePerDownload),
);

Then(
  'every run fails and leaves the programs on the {machine} unchanged',
  assertion('installer.{machine}.rejects-bad-checksum', (a, world, _machine: string) =>
    refusesTamperedDownloads(a, world),
  ),
);
