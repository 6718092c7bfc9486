import type { AssertionContext } from '../evidence/assertion';
import { VM_DRIVER } from '../staging/openshell-releases';
import type { DockerfileSeen } from '../sut/dockerfiles';
import type { Phase9World } from '../world/world';
import { printed, succeeds } from './command';
import { expectation } from './expectation';
import {
  callsMade,
  distinct,
  installerSucceeds,
  pinnedPrograms,
  programsIn,
  requestsMade,
} from './openshell-installer';

const MISSING_BINARIES = /missing .*driver binaries/i;

/** The gateway that is made for Apple silicon. */
const GATEWAY = 'openshell-gateway-aarch64-apple-darwin.tar.gz';

export function noticesMissingGateway(a: AssertionContext, world: Phase9World): void {
  const output = printed(a, world.get('outcome'));
  a.matches('output of the installer', output, MISSING_BINARIES, 'that driver binaries are missing');
  requestsMade(a, world);
}

export function requestsGateway(a: AssertionContext, world: Phase9World): void {
  const assets = distinct(requestsMade(a, world).map(({ asset }) => asset));
  a.includes('assets requested', assets, GATEWAY);
}

export function ignoresVmDriver(a: AssertionContext, world: Phase9World): void {
  const assets = requestsMade(a, world).map(({ asset }) => asset);
  a.isEmpty(
    `assets of ${VM_DRIVER} requested`,
    assets.filter((asset) => asset.includes(VM_DRIVER)),
  );
}

/** An option by which `codesign` signs; without it, it shows or checks a signature. */
const SIGNS = /^(?:--sign\b|-[a-z]*s)/;

export function signsNothing(a: AssertionContext, world: Phase9World): void {
  const signing = callsMade(a, world).filter(
    ([name, ...args]) => name === 'codesign' && args.some((one) => SIGNS.test(one)),
  );
  a.isEmpty(
    'calls of codesign that sign',
    signing.map((call) => call.join(' ')),
  );
}

/** The installer succeeds with each set of checksum tools that Macs have. */
export function completesWithToolsOfMac(a: AssertionContext, world: Phase9World): void {
  for (const { what, outcome } of expectation('the Macs', world.get('runsOverEach'))) {
    succeeds(a, outcome, `the installer with ${what}`);
  }
}

/**
 * Whenever the installer ended with 0, the pinned gateway lies beside the pinned OpenShell, where no gateway lay before. Whether it ends
 * so with each tool is another assertion's question.
 */
export function gatewayIsInstalled(a: AssertionContext, world: Phase9World): void {
  const pinned = pinnedPrograms(world);
  const succeeded = world.get('runsOverEach').filter(({ outcome }) => a.see(outcome).exit === 0);
  a.isNotEmpty(
    'checksum tools with which the installer ended with 0',
    succeeded.map(({ what }) => what),
  );
  for (const { what, before, after } of succeeded) {
    const gateways = [...a.see(before).keys()].filter((file) => /gateway$/.test(file));
    a.isEmpty(`gateways before, with ${what}`, gateways);
    a.equals(`SHA-256 of the programs, with ${what}`, programsIn(a.see(after), Object.keys(pinned)), pinned);
  }
}

export function acceptsCompleteInstallation(a: AssertionContext, world: Phase9World): void {
  installerSucceeds(a, world);
  const downloads = callsMade(a, world).filter(([name]) => name === 'gh' || name === 'curl');
  a.isEmpty(
    'downloads',
    downloads.map((call) => call.join(' ')),
  );
}

/** Every shipped Dockerfile that declares the compatibility declares a default, and every default is 0, also where it is used. */
export function rootfsCompatibilityIsOff(a: AssertionContext, world: Phase9World): void {
  const seen = world.get('dockerfiles').map((one) => a.see(one));
  const defaults = seen.flatMap((one) => [...defaultsOf(one), ...standInsOf(one)]);
  a.isNotEmpty(
    `defaults of variables named as ${world.profile.release.openshellInstaller.rootfsCompatibility}`,
    defaults,
  );
  a.isEmpty(
    'defaults other than 0',
    defaults.filter(({ value }) => value !== '0'),
  );
  const without = seen.filter((one) => one.declarations.length > 0 && defaultsOf(one).length === 0);
  a.isEmpty(
    'Dockerfiles that declare it without a default',
    without.map(({ file }) => file),
  );
}

function defaultsOf({ file, declarations }: DockerfileSeen) {
  return declarations.flatMap(({ instruction, name, value, line }) =>
    value === null ? [] : [{ where: `${file}:${line}`, what: `${instruction} ${name}`, value }],
  );
}

function standInsOf({ file, standIns }: DockerfileSeen) {
  return standIns.map(({ name, value, line }) => ({ where: `${file}:${line}`, what: `in place of ${name}`, value }));
}
