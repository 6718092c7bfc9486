import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** One release: the tree of its commit, and its tags. */
export interface Release {
  readonly version: string;
  readonly tree: string;
  readonly tags: readonly string[];
}

/** The same trees make the same commits, by any user and at any time. */
const identity = {
  GIT_AUTHOR_NAME: 'NemoClaw',
  GIT_AUTHOR_EMAIL: 'releases@nemoclaw.test',
  GIT_COMMITTER_NAME: 'NemoClaw',
  GIT_COMMITTER_EMAIL: 'releases@nemoclaw.test',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** Makes a bare repository in `directory` with a commit a release, oldest first, each with its tags. */
export function makeRepository(directory: string, releases: readonly Release[]): void {
  mkdirSync(directory, { recursive: true });
  const git = (args: readonly string[], more: NodeJS.ProcessEnv = {}): string =>
    execFileSync('git', ['--git-dir', directory, ...args], {
      env: { PATH: process.env.PATH, ...identity, ...more },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  git(['init', '--quiet', '--bare', '--template=', '--initial-branch', 'main']);
  // Installers may fetch a commit by its hash.
  git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  for (const [index, { version, tree, tags }] of releases.entries()) {
    const date = `${1_770_000_000 + index * 86_400} +0000`;
    const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    git(['--work-tree', tree, '-c', 'core.bare=false', 'add', '--all', '--force', tree]);
    git(['--work-tree', tree, '-c', 'core.bare=false', 'commit', '--quiet', '--message', `Release ${version}`], dates);
    for (const tag of tags) git(['tag', tag]);
  }
  git(['gc', '--quiet']);
}
