import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';

const tree = join(__dirname, '../../tree');
const root = mkdtempSync(join(tmpdir(), 'install-'));
after(() => rmSync(root, { recursive: true }));

const TOOLS = ['bash', 'sh', 'env', 'cat', 'grep', 'dirname', 'mktemp', 'rm', 'mkdir', 'ln', 'chmod', 'sort', 'head'];
const ACCEPTING = ['--non-interactive', '--yes-i-accept-third-party-software'];

interface Host {
  readonly system?: string;
  /** Shell text of the commands that stand in; without one there is no such command. */
  readonly docker?: string;
  readonly curl?: string;
  readonly node?: string;
  readonly nemoclaw?: string;
  readonly profile?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

let count = 0;

/** Runs the installer of a checkout whose OpenShell installer, commands and PATH are made for it, with a HOME of its own. */
function install(args: readonly string[], host: Host = {}) {
  count += 1;
  const directory = join(root, String(count));
  const [bin, home, checkout] = ['bin', 'home', 'NemoClaw'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [bin, home, join(directory, 'tmp'), join(checkout, '.git'), join(checkout, 'bin')])
    mkdirSync(one, { recursive: true });
  const program = (file: string, text: string): void => {
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  };
  for (const name of TOOLS) {
    const real = (process.env.PATH ?? '')
      .split(delimiter)
      .map((one) => join(one, name))
      .find(existsSync);
    if (real === undefined) throw new Error(`this host has no ${name}`);
    symlinkSync(real, join(bin, name));
  }
  const log = join(directory, 'log');
  writeFileSync(log, '');
  program(join(bin, 'uname'), `echo ${host.system ?? 'Linux'}`);
  program(join(bin, 'git'), 'true');
  program(join(bin, 'sudo'), `echo "sudo $*" >>'${log}'`);
  program(join(bin, 'node'), host.node ?? `exec '${process.execPath}' "$@"`);
  for (const name of ['docker', 'curl'] as const) if (host[name] !== undefined) program(join(bin, name), host[name]);
  for (const [name, text] of Object.entries(host.profile ?? {})) writeFileSync(join(home, name), text);
  cpSync(join(tree, 'install.sh'), join(checkout, 'install.sh'));
  cpSync(join(tree, 'scripts'), join(checkout, 'scripts'), { recursive: true });
  writeFileSync(join(checkout, 'package.json'), JSON.stringify({ engines: { node: '>=20.19' } }));
  const cli = `if [ "$1" = --version ]; then echo 1; else echo "nemoclaw $*" >>'${log}'; ${host.nemoclaw ?? 'true'}; fi`;
  // JavaScript for `node bin/nemoclaw --version`, and shell for the shim: the first line is an empty comment to the one.
  writeFileSync(join(checkout, 'bin/nemoclaw'), `#!/bin/sh\n''//; ${cli}; exit\n`);
  chmodSync(join(checkout, 'bin/nemoclaw'), 0o755);
  program(join(checkout, 'scripts/install-openshell.sh'), 'ln -s /bin/true "$HOME/.local/bin/openshell"');
  const { status, stdout, stderr } = spawnSync(join(bin, 'bash'), [join(checkout, 'install.sh'), ...args], {
    env: { PATH: bin, HOME: home, TMPDIR: join(directory, 'tmp'), ...host.env },
    input: '',
    encoding: 'utf8',
  });
  return { status, stdout, stderr, home, log: readFileSync(log, 'utf8'), left: readdirSync(join(directory, 'tmp')) };
}

const ANSWERS = 'echo 1';
const SILENT = 'exit 1';

describe('install.sh', () => {
  it('refuses every caller without consent, and touches nothing', () => {
    const unattended = install(['--non-interactive'], { docker: ANSWERS });
    expect(unattended.status).to.equal(1);
    expect(unattended.stderr).to.contain(
      '[ERROR] Non-interactive installation requires explicit third-party software acceptance.',
    );
    const asking = install([], { docker: ANSWERS });
    expect(asking.status).to.equal(1);
    expect(asking.stderr)
      .to.contain('Three ways to proceed (#3058):')
      .and.contain('[ERROR] Interactive third-party software acceptance requires a TTY.');
    for (const { home } of [unattended, asking]) expect(readdirSync(home)).to.deep.equal([]);
  });

  it('takes the variable for the flag', () => {
    const env = { NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE: '1' };
    expect(install([], { docker: ANSWERS, env }).status).to.equal(0);
  });

  it('refuses an option that it does not know', () => {
    const { status, stderr } = install(['--foo'], { docker: ANSWERS });
    expect(status).to.equal(1);
    expect(stderr)
      .to.match(/^Usage: /)
      .and.contain('[ERROR] Unknown option: --foo');
  });

  it('refuses where Docker is there and its engine does not answer', () => {
    const { status, stderr, home } = install(ACCEPTING, { docker: SILENT });
    expect(status).to.equal(1);
    expect(stderr).to.equal('[ERROR] Docker is installed but not reachable. Try: systemctl start docker\n');
    expect(readdirSync(home)).to.deep.equal([]);
  });

  it('tells what helps against the reason that docker names', () => {
    const told = (reason: string) => install(ACCEPTING, { docker: `echo '${reason}' >&2; exit 1` }).stderr;
    expect(told('Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?')).to.match(
      /reachable\. Try: systemctl start docker\n$/,
    );
    expect(told('Error response from daemon: client version 1.51 is too new. Maximum supported API version is 1.24'))
      .to.contain('Upgrade')
      .and.not.contain('start docker');
    expect(told('Error response from daemon: no space left on device'))
      .to.contain('no space left on device')
      .and.not.contain(' start docker');
  });

  it('fetches Docker’s own script where there is no Docker, and reports when that fails', () => {
    const failing = install(ACCEPTING, { curl: 'exit 6' });
    expect(failing.status).to.equal(1);
    expect(failing.stdout)
      .to.contain('[INFO]  Docker is not installed.')
      .and.contain('uses sudo to install Docker system-wide');
    expect(failing.stderr).to.contain(
      '[ERROR] Failed to download the Docker convenience script from https://get.docker.com',
    );
    expect(failing.left).to.deep.equal([]);
    const fetched = install(ACCEPTING, { curl: 'echo : >"$4"' });
    expect(fetched.log).to.match(/^sudo sh \S+\n$/);
    // The script that it was given installed none.
    expect(fetched.stderr).to.contain('[ERROR] Docker is installed but not reachable.');
  });

  it('asks for no engine on a Mac, and leaves onboarding for later there', () => {
    const { status, stdout, log } = install(ACCEPTING, { system: 'Darwin', docker: SILENT });
    expect(status).to.equal(0);
    expect(stdout)
      .to.contain('[WARN]  Host preflight found issues that will prevent onboarding right now.')
      .and.contain('- Start Docker: ')
      .and.contain('[WARN]  Skipping onboarding until the host prerequisites above are fixed.')
      .and.contain('Onboarding did not run.');
    expect(log).to.equal('');
  });

  it('upgrades an old Node by nvm, and reports when that fails', () => {
    const node = `if [ "$1" = --version ]; then echo v18.0.0; else exec '${process.execPath}' "$@"; fi`;
    const { status, stdout, stderr } = install(ACCEPTING, { docker: ANSWERS, curl: 'exit 6', node });
    expect(status).to.equal(1);
    expect(stdout).to.contain(
      '[WARN]  Node.js v18.0.0 found but NemoClaw requires Node.js >=20.19 — upgrading via nvm…',
    );
    expect(stderr).to.equal('[ERROR] Failed to download nvm installer\n');
  });

  it('takes three steps, and ends as its onboarding ends', () => {
    const { status, stdout, log } = install(ACCEPTING, { docker: ANSWERS });
    expect(status).to.equal(0);
    expect(stdout.match(/^\[\d\/3\] .*$/gm)).to.deep.equal(['[1/3] Node.js', '[2/3] NemoClaw CLI', '[3/3] Onboarding']);
    expect(stdout).to.contain('=== Installation complete ===');
    expect(log).to.equal('nemoclaw onboard --non-interactive --yes-i-accept-third-party-software --yes\n');
    expect(install(ACCEPTING, { docker: ANSWERS, nemoclaw: 'exit 3' }).status).to.equal(3);
  });

  it('lets login shells find the commands, in the file that they read, once', () => {
    const line = 'export PATH="$HOME/.local/bin:$PATH"';
    const bare = install(ACCEPTING, { docker: ANSWERS, profile: { '.profile': '# mine\n' } });
    expect(readFileSync(join(bare.home, '.profile'), 'utf8'))
      .to.match(/^# mine\n/)
      .and.contain(line);
    const other = install(ACCEPTING, { docker: ANSWERS, profile: { '.profile': '', '.bash_profile': '# mine\n' } });
    expect(readFileSync(join(other.home, '.bash_profile'), 'utf8')).to.contain(line);
    expect(readFileSync(join(other.home, '.profile'), 'utf8')).to.equal('');
    const had = install(ACCEPTING, { docker: ANSWERS, profile: { '.profile': `${line}\n` } });
    expect(readFileSync(join(had.home, '.profile'), 'utf8')).to.equal(`${line}\n`);
  });
});
