import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { textOf } from '../sut/host-cli';
import type { InstallerMachine } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import { redirectGit } from './public-installer';
import { ReleaseServer } from './release-server';

/** The SUT's tree as a release. */
export interface TreeRelease {
  /** The directory that the public addresses serve. */
  readonly published: string;
  readonly commit: string;
  /** The variables that redirect git from the public repository to this one. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The author of the commit of a tree that is no checkout; the configuration of this host's user has no effect. */
const AUTHOR = ['-c', 'user.name=Phase 9', '-c', 'user.email=phase9@example.test', '-c', 'commit.gpgsign=false'];

/** Longest path of a socket (Linux, unix(7)). */
const SOCKET_PATH = 107;

/** Publishes the SUT's tree as a release in the directory `published`: a git repository, its installer, and OpenShell's assets. */
export async function publishTree(world: Phase9World, published: string): Promise<TreeRelease> {
  const { profile, own } = world;
  const source = path.join(published, 'source');
  const repository = path.join(published, 'nemoclaw.git');
  const git = async (args: readonly string[]): Promise<string> => {
    const call = own.cli.run(['git', ...AUTHOR, ...args], { within: profile.bounds.command });
    return textOf((await own.cli.must(call)).peek().stdout).trim();
  };
  mkdirSync(published, { recursive: true });
  if (existsSync(path.join(own.tree, '.git'))) await git(['clone', '--quiet', '--no-hardlinks', own.tree, source]);
  else {
    cpSync(own.tree, source, { recursive: true });
    await git(['-C', source, 'init', '--quiet', '--template=']);
    await git(['-C', source, 'add', '--all', '--force']);
    await git(['-C', source, 'commit', '--quiet', '--message', 'The tree under test']);
  }
  // The release that an installer gets where it names none.
  await git(['-C', source, 'tag', '--force', profile.release.installer.defaultRef]);
  await git(['clone', '--quiet', '--bare', '--no-hardlinks', source, repository]);
  cpSync(path.join(source, 'install.sh'), path.join(published, 'install.sh'));
  if (profile.upgrade.local !== null) {
    symlinkSync(path.join(profile.upgrade.local, 'openshell'), path.join(published, 'openshell'));
  }
  return {
    published,
    commit: await git(['-C', source, 'rev-parse', 'HEAD']),
    environment: redirectGit(profile.upgrade.repository, repository),
  };
}

/**
 * Gives a machine its owner's checkout of the release, and redirects its curl to the published release.
 * @returns the checkout
 * @throws when the state directory's path is too long for a socket.
 */
export async function offerTree(
  world: Phase9World,
  machine: InstallerMachine,
  { published }: TreeRelease,
): Promise<string> {
  const { upgrade } = world.profile;
  const checkout = path.join(machine.own, 'NemoClaw');
  cpSync(path.join(published, 'source'), checkout, { recursive: true });
  const socket = path.join(machine.directory, 's');
  if (socket.length > SOCKET_PATH) {
    throw new Error(
      `${socket} is too long for a socket (${SOCKET_PATH} characters at most); set PHASE9_STATE_DIR to a shorter path`,
    );
  }
  const server = new ReleaseServer(published);
  await server.listenOn(socket);
  world.addCleanup('before-restore', () => server.close());
  writeFileSync(path.join(machine.host, 'socket'), socket);
  const routes = [
    `${upgrade.installer} install.sh`,
    ...(upgrade.local === null ? ['*'] : [`${upgrade.assets} openshell/`]),
  ];
  writeFileSync(path.join(machine.host, 'routes'), `${routes.join('\n')}\n`);
  return checkout;
}
