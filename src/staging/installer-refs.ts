import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import { sha256 } from '../sha256';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { hostProgram, linkPrograms } from './private-path';
import { redirectGit } from './public-installer';
import { ReleaseServer } from './release-server';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The commit that the old release's tag names. */
    oldCommit: string;
  }
}

/** Files that an installer creates where it installs OpenShell for the whole machine. */
const MACHINE_WIDE = ['openshell', 'openshell-gateway', 'openshell-sandbox', 'nemoclaw'].map(
  (name) => `/usr/local/bin/${name}`,
);

const stagedCurl = inRepository('fixtures/upgrade-gateway-survivor/curl');

/**
 * Makes the old and the current release installable as from the network, and gives the scenario the PATH of a user who has
 * installed nothing yet: private, with the user's own ~/.local/bin. Releases on this machine are copied for the scenario.
 */
export async function stageInstallerRefs(world: Phase9World): Promise<void> {
  const { obligations, environment, directory } = world.own;
  const { upgrade } = world.profile;
  for (const file of MACHINE_WIDE) {
    if (!existsSync(file))
      await obligations.register({ kind: 'file', path: file, before: { absent: true } }, 'installer-refs');
  }
  const place = path.join(directory, 'installer');
  const programs = path.join(place, 'bin');
  await obligations.register({ kind: 'directory', path: place }, 'installer-refs', () => {
    linkPrograms(programs);
    mkdirSync(path.join(place, 'tmp'));
    return `${readdirSync(programs).length} programs of the host in ${programs}`;
  });
  environment.TMPDIR = path.join(place, 'tmp');
  environment.PATH = [programs, world.own.durable.userPrograms].join(path.delimiter);
  const proof =
    upgrade.local === null ? { from: upgrade.repository } : await localReleases(world, upgrade.local, place);
  const commits = { old: await commitOf(world, upgrade.old.ref), current: await commitOf(world, upgrade.current.ref) };
  if (commits.old === commits.current) {
    throw new Error(`${upgrade.old.ref} and ${upgrade.current.ref} are the same commit: nothing would be upgraded`);
  }
  world.set({ oldCommit: commits.old });
  world.staged('installer-refs', { ...proof, [upgrade.old.ref]: commits.old, [upgrade.current.ref]: commits.current });
}

/** Redirects the public addresses to this machine: git by its configuration in the environment, curl by a staged curl. */
async function localReleases(world: Phase9World, source: string, place: string): Promise<Record<string, string>> {
  const { upgrade } = world.profile;
  if (!existsSync(source)) throw new Error(`${source} does not exist: run \`npm run setup\`, which makes the releases`);
  const releases = path.join(place, 'releases');
  cpSync(source, releases, { recursive: true });
  const server = new ReleaseServer(releases);
  const url = await server.listen();
  world.addCleanup('before-restore', () => server.close());
  const programs = path.join(place, 'bin');
  rmSync(path.join(programs, 'curl'));
  cpSync(stagedCurl, path.join(programs, 'curl'));
  writeFileSync(path.join(programs, 'real'), `${hostProgram('curl')}\n`);
  writeFileSync(
    path.join(programs, 'routes'),
    `${upgrade.assets} ${url}/openshell/\n${upgrade.installer} ${url}/install.sh\n`,
  );
  Object.assign(world.own.environment, redirectGit(upgrade.repository, path.join(releases, 'nemoclaw.git')));
  return { from: url, ...digestsBelow(path.join(releases, 'openshell')) };
}

/** SHA-256 of every archive below `directory`, by its path from there. */
function digestsBelow(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => path.join(parentPath, name))
      .filter((file) => file.endsWith('.tar.gz'))
      .map((file) => [path.relative(directory, file), `sha256 ${sha256(readFileSync(file))}`]),
  );
}

/** The commit that a tag names in the repository from which installers clone. */
async function commitOf(world: Phase9World, tag: string): Promise<string> {
  const { cli } = world.own;
  const refs = [`refs/tags/${tag}`, `refs/tags/${tag}^{}`];
  const answer = await cli.must(
    cli.run(['git', 'ls-remote', world.profile.upgrade.repository, ...refs], { within: world.profile.bounds.command }),
  );
  // For an annotated tag, the second line is the commit that it points to.
  const commit = textOf(answer.peek().stdout).trim().split('\n').at(-1)?.split('\t')[0] ?? '';
  if (!/^[0-9a-f]{40}$/.test(commit)) throw new Error(`${world.profile.upgrade.repository} has no tag ${tag}`);
  return commit;
}
