import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';

const script = join(__dirname, '../../tree/scripts/install-openshell.sh');
const root = mkdtempSync(join(tmpdir(), 'install-openshell-'));
after(() => rmSync(root, { recursive: true }));

const MARKERS = '# request-body-credential-rewrite websocket-credential-rewrite';
const TOOLS = ['bash', 'sh', 'cat', 'grep', 'dirname', 'mktemp', 'mkdir', 'rm', 'tar', 'gzip', 'install', 'sha256sum'];

interface Host {
  readonly uname?: readonly [string, string];
  /** What `openshell --version` prints; none is installed without it. */
  readonly openshell?: string;
  readonly markers?: string;
  /** Helpers of the same release; and those of another, with its version. */
  readonly helpers?: readonly string[];
  readonly strangers?: Readonly<Record<string, string>>;
  readonly strings?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

let count = 0;

function program(directory: string, name: string, text: string): void {
  const file = join(directory, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/**
 * Runs the installer with a PATH that has no way to download: it decides, and goes no further than its first download. So
 * nothing is ever installed, wherever the test runs.
 */
function run({
  uname = ['Linux', 'x86_64'],
  openshell,
  markers = MARKERS,
  helpers = [],
  strangers = {},
  strings = true,
  env = {},
}: Host) {
  count += 1;
  const directory = join(root, String(count));
  const bin = join(directory, 'bin');
  const temporary = join(directory, 'tmp');
  for (const one of [bin, temporary]) mkdirSync(one, { recursive: true });
  for (const name of [...TOOLS, ...(strings ? ['strings'] : [])]) {
    const real = (process.env.PATH ?? '')
      .split(delimiter)
      .map((one) => join(one, name))
      .find(existsSync);
    if (real === undefined) throw new Error(`this host has no ${name}`);
    symlinkSync(real, join(bin, name));
  }
  program(bin, 'uname', `if [ "$1" = -s ]; then echo ${uname[0]}; else echo ${uname[1]}; fi`);
  if (openshell !== undefined) program(bin, 'openshell', `${markers}\necho '${openshell}'`);
  for (const name of helpers) program(bin, name, `echo '${name} ${openshell?.split(' ').at(-1)}'`);
  for (const [name, version] of Object.entries(strangers)) program(bin, name, `echo '${name} ${version}'`);
  const { status, stdout, stderr } = spawnSync(join(bin, 'bash'), [script], {
    env: { PATH: bin, HOME: directory, TMPDIR: temporary, NEMOCLAW_NON_INTERACTIVE: '1', ...env },
    encoding: 'utf8',
  });
  const lines = (text: string) =>
    stripVTControlCharacters(text)
      .split('\n')
      .filter((line) => line !== '');
  return { status, stdout: lines(stdout), stderr: lines(stderr), temporary };
}

const both = ['openshell-gateway', 'openshell-sandbox'];
const reinstalling = 'reinstalling pinned OpenShell 0.0.44...';
const mac = ['Darwin', 'arm64'] as const;

describe('the OpenShell installer', () => {
  for (const [what, host, detected, line] of [
    [
      'a release above the maximum',
      { openshell: 'openshell 0.0.45', helpers: both },
      'Linux (x86_64)',
      `openshell 0.0.45 is above the maximum (0.0.44) supported by this NemoClaw release — ${reinstalling}`,
    ],
    [
      'a development build of a release above the maximum',
      { openshell: 'openshell 0.0.45-dev.3', helpers: both },
      'Linux (x86_64)',
      `openshell 0.0.45 is above the maximum (0.0.44) supported by this NemoClaw release — ${reinstalling}`,
    ],
    [
      'a release below the minimum',
      { openshell: 'openshell 0.0.43', helpers: both },
      'Linux (x86_64)',
      'openshell 0.0.43 is below minimum 0.0.44 — upgrading...',
    ],
    [
      'a release that sorts above only as text',
      { openshell: 'openshell 0.0.5', helpers: both },
      'Linux (x86_64)',
      'openshell 0.0.5 is below minimum 0.0.44 — upgrading...',
    ],
    [
      'a damaged one, which prints nothing',
      { openshell: '', helpers: both },
      'Linux (x86_64)',
      'openshell 0.0.0 is below minimum 0.0.44 — upgrading...',
    ],
    [
      'one without any helper',
      { openshell: 'openshell 0.0.44' },
      'Linux (x86_64)',
      `openshell 0.0.44 is missing Docker-driver binaries — ${reinstalling}`,
    ],
    [
      'one without its sandbox helper',
      { openshell: 'openshell 0.0.44', helpers: ['openshell-gateway'] },
      'Linux (x86_64)',
      `openshell 0.0.44 is missing Docker-driver binaries — ${reinstalling}`,
    ],
    [
      'one whose gateway is of another release',
      { openshell: 'openshell 0.0.44', helpers: both, strangers: { 'openshell-gateway': '0.0.45' } },
      'Linux (x86_64)',
      `openshell 0.0.44 has Docker-driver binaries of another release beside it — ${reinstalling}`,
    ],
    [
      'one without its gateway on a Mac',
      { openshell: 'openshell 0.0.44', uname: mac, helpers: ['openshell-sandbox'] },
      'macOS (aarch64)',
      `openshell 0.0.44 is missing Docker-driver binaries — ${reinstalling}`,
    ],
  ] as const) {
    it(`replaces ${what}`, () => {
      const { status, stdout, stderr, temporary } = run(host);
      const expected = [`Detected ${detected}`, line, "Installing OpenShell from release 'v0.0.44'..."];
      expect(stdout).to.deep.equal(expected.map((one) => `[install] ${one}`));
      // There is neither gh nor curl here.
      expect(stderr[0]).to.match(/curl: command not found/);
      const asset = `openshell-${detected.startsWith('macOS') ? 'aarch64-apple-darwin' : 'x86_64-unknown-linux-musl'}.tar.gz`;
      expect(stderr.slice(1)).to.deep.equal([`[install] ${asset} of release 'v0.0.44' could not be downloaded.`]);
      expect(status).to.equal(127);
      expect(spawnSync('ls', ['-A', temporary], { encoding: 'utf8' }).stdout).to.equal('');
    });
  }

  it('installs what is not there at all, and asks for the release of the channel', () => {
    expect(run({}).stdout[1]).to.equal("[install] Installing OpenShell from release 'v0.0.44'...");
    const dev = run({ openshell: 'openshell 0.0.44', helpers: both, env: { NEMOCLAW_OPENSHELL_CHANNEL: 'dev' } });
    expect(dev.stdout.slice(1)).to.deep.equal([
      '[install] openshell 0.0.44 is not the required dev-channel messaging-rewrite build — upgrading...',
      "[install] Installing OpenShell from release 'dev'...",
    ]);
  });

  for (const [what, host] of [
    ['on Linux', { helpers: both }],
    ['on a Mac, which needs no sandbox helper', { uname: mac, helpers: ['openshell-gateway'] }],
    ['on a Mac with an Intel processor', { uname: ['Darwin', 'x86_64'], helpers: ['openshell-gateway'] }],
  ] as const) {
    it(`accepts a complete installation ${what}`, () => {
      const { status, stdout, stderr } = run({ openshell: 'openshell 0.0.44', ...host });
      expect(stderr).to.deep.equal([]);
      expect(status).to.equal(0);
      expect(stdout.slice(1)).to.deep.equal([
        '[install] openshell already installed: 0.0.44 (>= 0.0.44, <= 0.0.44, messaging rewrite capable)',
      ]);
    });
  }

  const complete = { openshell: 'openshell 0.0.44', helpers: both };
  for (const [what, host, message] of [
    [
      'a complete one without the marker texts',
      { ...complete, markers: '' },
      'OpenShell binary is missing request-body-credential-rewrite support.',
    ],
    [
      'a host without strings',
      { ...complete, strings: false },
      "'strings' is required to verify OpenShell messaging credential rewrite support. Install binutils or an equivalent package and retry.",
    ],
    ['an unknown system', { uname: ['FreeBSD', 'x86_64'] }, 'Unsupported OS: FreeBSD'],
    ['an unknown processor', { uname: ['Linux', 'riscv64'] }, 'Unsupported architecture: riscv64'],
    [
      'a Mac with an Intel processor',
      { uname: ['Darwin', 'x86_64'] },
      'OpenShell 0.0.44 does not publish macOS x86_64 standalone gateway assets.',
    ],
    [
      'an unknown channel',
      { env: { NEMOCLAW_OPENSHELL_CHANNEL: 'nightly' } },
      'NEMOCLAW_OPENSHELL_CHANNEL must be one of: stable, dev, auto',
    ],
    [
      'a pin that is no release',
      { env: { NEMOCLAW_OPENSHELL_PIN_VERSION: 'v1' } },
      "NEMOCLAW_OPENSHELL_PIN_VERSION='v1' is not a valid X.Y.Z version.",
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const { status, stderr } = run(host);
      expect(stderr).to.deep.equal([`[install] ${message}`]);
      expect(status).to.equal(1);
    });
  }

  it('refuses to replace another program of that name', () => {
    for (const openshell of ['openshell-here 3.1.4', 'A shell, opened. 0.0.36', 'usage']) {
      const { status, stderr } = run({ openshell });
      expect(status).to.equal(1);
      expect(stderr.join('\n')).to.match(/bin\/openshell, which is found first on PATH, is not OpenShell/);
    }
  });

  it('takes its bounds from the environment', () => {
    const env = { NEMOCLAW_OPENSHELL_MAX_VERSION: '0.1.0', NEMOCLAW_OPENSHELL_MIN_VERSION: '0.0.40' };
    const { status, stdout } = run({ openshell: 'openshell 0.0.50', helpers: both, env });
    expect(status).to.equal(0);
    expect(stdout[1]).to.match(/already installed: 0\.0\.50 \(>= 0\.0\.40, <= 0\.1\.0,/);
  });

  it('names no host but that of its releases', () => {
    const hosts = [...readFileSync(script, 'utf8').matchAll(/https?:\/\/([^/"]+)/g)].map(([, host]) => host);
    expect(new Set(hosts)).to.deep.equal(new Set(['github.com']));
  });
});
