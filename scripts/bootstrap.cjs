'use strict';
// The first program in a fresh clone: plain Node, without packages. It installs them, sets the machine up, and then runs the given
// command:  node scripts/bootstrap.cjs [--no-setup] [command [argument…]]
const { createHash } = require('node:crypto');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
const OLDEST_NODE = [20, 19];
const LOCK = path.join(ROOT, 'package-lock.json');
const MODULES = path.join(ROOT, 'node_modules');
const STAMP = path.join(MODULES, '.phase9-lock');

/** Bad input or an unsuitable machine: one message, exit status 2. */
function refuse(message) {
  process.stderr.write(`phase9: ${message}\n`);
  process.exit(2);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  refuse(`Node ${process.versions.node} is too old: ${OLDEST_NODE.join('.')} or later is needed`);
}

function lockDigest() {
  return createHash('sha256').update(fs.readFileSync(LOCK)).digest('hex');
}

function readStamp() {
  try {
    return fs.readFileSync(STAMP, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Whether node_modules is exactly as the lock file says, by npm's own record of it. */
function installedAsLocked() {
  let installed;
  try {
    installed = JSON.parse(fs.readFileSync(path.join(MODULES, '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const locked = JSON.parse(fs.readFileSync(LOCK, 'utf8')).packages;
  const inModules = Object.entries(locked).filter(([at]) => at.startsWith('node_modules/'));
  // An absent optional package is one for another platform, or not wanted here.
  return inModules.every(([at, { version, integrity, optional, link }]) => {
    const here = installed[at];
    if (here === undefined) return optional === true;
    return link === true ? here.link === true : here.version === version && here.integrity === integrity;
  });
}

/** The directories of packages that the lock file speaks of: the root's, and those of workspaces. */
function modulesDirectories() {
  const { packages } = JSON.parse(fs.readFileSync(LOCK, 'utf8'));
  const places = Object.keys(packages).map((at) => /^(?:[^/]+\/)*?node_modules(?=\/)/.exec(at)?.[0] ?? 'node_modules');
  return [...new Set(places)].map((place) => path.join(ROOT, place));
}

function packagesFresh() {
  if (!modulesDirectories().every((place) => fs.existsSync(place))) return false;
  if (readStamp() === lockDigest()) return true;
  if (!installedAsLocked()) return false;
  fs.writeFileSync(STAMP, `${lockDigest()}\n`);
  return true;
}

/** Signals by which a user ends a program. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program on our streams and passes ending signals on to it. @returns its exit status */
function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: 'inherit', ...options });
    const pass = (signal) => {
      // A terminal sends Ctrl-C to the whole foreground group, so the child has it already.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of ENDING) process.on(signal, pass);
    child.once('error', (error) => {
      process.stderr.write(`phase9: ${file} could not be started: ${error.message}\n`);
      resolve(2);
    });
    child.once('close', (status, signal) => {
      for (const one of ENDING) process.off(one, pass);
      resolve(status ?? (ENDING.includes(signal) ? 130 : 1));
    });
  });
}

async function installPackages() {
  if (packagesFresh()) return;
  process.stdout.write('npm packages: installing what package-lock.json says\n');
  // Development packages too, even where NODE_ENV or a user's own configuration leaves them out.
  const status = await run('npm', [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (status === 130) process.exit(130);
  if (status !== 0) refuse(`npm ci failed with exit status ${status}; its output is above`);
  fs.writeFileSync(STAMP, `${lockDigest()}\n`);
}

async function main() {
  const args = process.argv.slice(2);
  checkNode();
  if (args[0] === '--check-packages') {
    const fresh = packagesFresh();
    process.stdout.write(fresh ? 'as package-lock.json says\n' : 'node_modules is not what package-lock.json says\n');
    process.exit(fresh ? 0 : 2);
  }
  const setup = args[0] !== '--no-setup';
  if (!setup) args.shift();
  await installPackages();
  const phase9 = path.join(ROOT, 'bin', 'phase9');
  if (setup) {
    // Scenarios alone do not need what the suite's own tests need.
    const status = await run(process.execPath, [phase9, 'setup', ...(args[0] === 'phase9' ? [] : ['--tests'])]);
    if (status !== 0) process.exit(status);
  }
  const [command, ...rest] = args;
  if (command === undefined) return;
  const bin = path.join(MODULES, '.bin');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
  const status =
    command === 'phase9' || command === 'node'
      ? await run(process.execPath, command === 'phase9' ? [phase9, ...rest] : rest, { env })
      : await run(command, rest, { env });
  process.exit(status);
}

main();
