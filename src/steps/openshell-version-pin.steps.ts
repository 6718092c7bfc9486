import { Given, Then, When } from '@cucumber/cucumber';
import type { AssertionContext } from '../evidence/assertion';
import { installedEarlier, offerReleases, stageMachine } from '../staging/openshell-installer';
import { neededArchives, programText, sha256, tagOf, VM_DRIVER } from '../staging/openshell-releases';
import { dockerfilesOf } from '../sut/dockerfiles';
import { textOf } from '../sut/host-cli';
import type { ReleaseRequest } from '../sut/installer-machine';
import type { TamperedRun } from '../world/scenario-state';
import { action, assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

const HELPERS = ['openshell-gateway', 'openshell-sandbox'] as const;

Given(
  'a Linux machine whose OpenShell and helpers are newer than NemoClaw supports',
  action(async (world) => {
    await stageMachine(world, { system: 'Linux', processor: 'x86_64' });
    installedEarlier(world.get('machine'), world.profile.openshellInstaller.tooNew, ['openshell', ...HELPERS]);
  }),
);

Given(
  'a Mac with Apple silicon that has the pinned OpenShell without its gateway',
  action(async (world) => {
    await stageMachine(world, { system: 'Darwin', processor: 'arm64' });
    installedEarlier(world.get('machine'), world.profile.openshellInstaller.pinned, ['openshell']);
  }),
);

Given(
  'a Mac with Apple silicon that has the pinned OpenShell and its gateway',
  action(async (world) => {
    await stageMachine(world, { system: 'Darwin', processor: 'arm64' });
    const { pinned } = world.profile.openshellInstaller;
    installedEarlier(world.get('machine'), pinned, ['openshell', 'openshell-gateway']);
  }),
);

Given(
  'the driver for virtual machines of an earlier installation is still there, unsigned',
  action(async (world) => {
    installedEarlier(world.get('machine'), world.profile.openshellInstaller.pinned, [VM_DRIVER]);
  }),
);

Given(
  'a release host that offers the pinned OpenShell and a newer one',
  action(async (world) => {
    const { pinned, tooNew } = world.profile.openshellInstaller;
    offerReleases(world, [pinned, tooNew]);
  }),
);

Given(
  'the operator is signed in to the release host',
  action(async (world) => world.get('machine').signIn()),
);

const installer = (world: Phase9World) =>
  world
    .get('machine')
    .run(['bash', world.own.durable.inTree(world.profile.openshellInstaller.script)], world.profile.bounds.command);

When(
  'the operator runs the OpenShell installer',
  action(async (world) => {
    const outcome = await installer(world);
    world.set({ outcome, calls: world.get('machine').calls(), requests: world.get('machine').requests() });
  }),
);

When(
  'the operator runs the OpenShell installer again and again, each time with another download tampered with',
  action(async (world) => {
    const { command } = world.profile.bounds;
    const machine = world.get('machine');
    const releases = world.get('releases');
    const runs: TamperedRun[] = [];
    for (const archive of neededArchives(releases.platform)) {
      await releases.tamperedWith(archive, async () => {
        machine.startRecording();
        const before = await machine.files(command);
        const outcome = await installer(world);
        runs.push({ archive, before, outcome, requests: machine.requests(), after: await machine.files(command) });
      });
    }
    world.set({ tamperedRuns: runs });
  }),
);

When(
  'the operator reads the Dockerfiles that NemoClaw ships',
  action(async (world) => {
    const { rootfsCompatibility } = world.profile.openshellInstaller;
    world.set({ dockerfiles: dockerfilesOf(world.own.tree, rootfsCompatibility) });
  }),
);

function succeeds(a: AssertionContext, world: Phase9World): void {
  const { ended, exit, stdout, stderr } = a.see(world.get('outcome'));
  a.equals('how the installer ended', ended, 'exited');
  a.equals('exit status', exit, 0);
  if (exit !== 0) {
    const words = `${textOf(stdout)}${textOf(stderr)}`.trimEnd().split('\n').slice(-6).join('\n');
    a.that('its last words', words, 'none of failure', false);
  }
}

/** What the release host was asked for; an assertion about it says nothing where it was asked for nothing. */
function asked(a: AssertionContext, world: Phase9World): readonly ReleaseRequest[] {
  const requests = a.see(world.get('requests'));
  a.that('questions to the release host', requests.length, 'some', requests.length > 0);
  return requests;
}

const once = (values: readonly string[]): string[] => [...new Set(values)].sort();

Then('the installer succeeds', assertion('installer.pin.completes', succeeds));

Then(
  'it asks for the pinned release and no other',
  assertion('installer.pin.downloads-pinned', (a, world) => {
    const tags = once(asked(a, world).map(({ tag }) => tag));
    a.equals('release tags requested', tags, [tagOf(world.profile.openshellInstaller.pinned)]);
  }),
);

Then(
  'it never asks for the release that is too new',
  assertion('installer.pin.ignores-too-new', (a, world) => {
    const tooNew = tagOf(world.profile.openshellInstaller.tooNew);
    const wrong = asked(a, world).filter(({ tag, release }) => tag === tooNew || release === tooNew);
    a.isEmpty(
      'requests that name the release, or that it answered',
      wrong.map(({ tag, asset }) => `${asset} of ${tag}`),
      `none of ${tooNew}`,
    );
  }),
);

Then(
  'the OpenShell in the same place is the pinned one',
  assertion('installer.pin.replaces-binary', async (a, world) => {
    const machine = world.get('machine');
    const call = await machine.run([`${machine.programs}/openshell`, '--version'], world.profile.bounds.command);
    const { exit, stdout } = a.see(call);
    a.equals('exit status', exit, 0);
    a.equals('what it says', textOf(stdout).trim(), `openshell ${world.profile.openshellInstaller.pinned}`);
  }),
);

Then(
  'the helpers beside it are those of the pinned release',
  assertion('installer.pin.replaces-helpers', async (a, world) => {
    const files = a.see(await world.get('machine').files(world.profile.bounds.command));
    for (const helper of HELPERS) {
      const right = sha256(programText(helper, world.profile.openshellInstaller.pinned));
      a.equals(`SHA-256 of ${helper}`, files.get(`bin/${helper}`) ?? 'no such file', right);
    }
  }),
);

/** Whenever the tampered archive was handed out, the installer failed and the machine holds the same files as before. */
function refusesTampered(a: AssertionContext, world: Phase9World): void {
  let handedOut = 0;
  for (const { archive, outcome, requests, before, after } of world.get('tamperedRuns')) {
    // Who did not ask for the archive has not refused it; what must be asked for is for other assertions to judge.
    if (!a.see(requests).some(({ asset, release }) => asset === archive.asset && release !== null)) continue;
    handedOut += 1;
    const { ended, exit } = a.see(outcome);
    a.equals(`how the installer ended with ${archive.asset} tampered with`, ended, 'exited');
    a.that('its exit status', exit, 'not 0', exit !== 0);
    const there = a.see(before);
    a.that('programs installed before', [...there.keys()], 'openshell at least', there.has('bin/openshell'));
    a.equals('SHA-256 of every file afterwards', Object.fromEntries(a.see(after)), Object.fromEntries(there));
  }
  a.that('runs in which the tampered archive was handed out', handedOut, 'one at least', handedOut > 0);
}

Then(
  'the installer fails every time and the installed OpenShell stays untouched',
  assertion('installer.pin.rejects-bad-checksum', refusesTampered),
);

Then(
  'the installer fails every time and installs nothing',
  assertion('installer.macos.rejects-bad-checksum', refusesTampered),
);

Then(
  'the installer says that driver binaries are missing and goes on to download',
  assertion('installer.macos.detects-missing-gateway', (a, world) => {
    const { stdout, stderr } = a.see(world.get('outcome'));
    const text = `${textOf(stdout)}${textOf(stderr)}`;
    a.that(
      'what the installer says',
      text,
      'that driver binaries are missing',
      /missing .*driver binaries/i.test(text),
    );
    asked(a, world);
  }),
);

const isDriver = ({ asset }: ReleaseRequest): boolean => asset.includes(VM_DRIVER);

Then(
  'it asks for the gateway made for Apple silicon',
  assertion('installer.macos.requests-gateway-asset', (a, world) => {
    const assets = once(asked(a, world).map(({ asset }) => asset));
    const gateway = 'openshell-gateway-aarch64-apple-darwin.tar.gz';
    a.that('assets requested', assets, `${gateway} among them`, assets.includes(gateway));
  }),
);

Then(
  'it does not ask for the driver for virtual machines',
  assertion('installer.macos.skips-vm-driver-asset', (a, world) => {
    const drivers = asked(a, world).filter(isDriver);
    a.isEmpty(
      'requests for the driver',
      drivers.map(({ asset }) => asset),
      `no asset of ${VM_DRIVER}`,
    );
  }),
);

Then(
  'it signs nothing',
  assertion('installer.macos.no-codesign', (a, world) => {
    const calls = a.see(world.get('calls'));
    a.that('calls of the recording programs', calls.length, 'some', calls.length > 0);
    const signing = calls.filter(
      ([name, ...args]) => name === 'codesign' && args.some((one) => /^--entitlements/.test(one)),
    );
    a.isEmpty(
      'calls of codesign with entitlements',
      signing.map((call) => call.join(' ')),
      'none',
    );
  }),
);

Then(
  'the installer accepts what is there and downloads nothing',
  assertion('installer.macos.accepts-complete-install', (a, world) => {
    succeeds(a, world);
    const calls = a.see(world.get('calls'));
    a.that('calls of the recording programs', calls.length, 'some', calls.length > 0);
    const downloads = calls.filter(([name]) => name === 'gh' || name === 'curl');
    a.isEmpty(
      'downloads',
      downloads.map((call) => call.join(' ')),
      'none',
    );
  }),
);

Then(
  'they declare compatibility with root filesystems of virtual machines, switched off',
  assertion('installer.macos.rootfs-compat-off', (a, world) => {
    const { rootfsCompatibility } = world.profile.openshellInstaller;
    const seen = world.get('dockerfiles').map((one) => a.see(one));
    const declared = seen.flatMap(({ file, declarations }) =>
      declarations.flatMap(({ instruction, name, value, line }) =>
        value === null ? [] : [{ where: `${file}:${line}`, what: `${instruction} ${name}`, value }],
      ),
    );
    a.that(
      'declarations with a default',
      declared,
      `one at least, named as ${rootfsCompatibility}`,
      declared.length > 0,
    );
    a.isEmpty(
      'defaults other than 0',
      declared.filter(({ value }) => value !== '0'),
      'none',
    );
  }),
);
