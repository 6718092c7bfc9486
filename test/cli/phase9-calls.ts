import { cpSync, existsSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { REPOSITORY } from '../../src/repository';

export interface Ended {
  readonly exit: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls a program of the repository in `root` as a user does, with journals and reports below `home`. */
export async function call(
  root: string,
  home: string,
  argv: readonly [program: 'phase9' | 'cucumber-js', ...args: string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [program, ...args] = argv;
  const file = path.join(root, program === 'phase9' ? 'bin/phase9' : 'node_modules/@cucumber/cucumber/bin/cucumber.js');
  // The settings of the tests' caller must not change their result.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PHASE9_|NEMOCLAW_|GITHUB_|DOCKER_HOST$|FORCE_COLOR)/.test(name),
  );
  const { exitCode, stdout, stderr } = await execa(process.execPath, [file, ...args], {
    cwd: root,
    env: {
      ...Object.fromEntries(inherited),
      PHASE9_CONFIG: '/dev/null',
      PHASE9_STATE_DIR: path.join(home, 'state'),
      PHASE9_REPORTS_DIR: path.join(home, 'reports'),
      ...environment,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  return { exit: exitCode, stdout, stderr };
}

/** Everything that a call staged or registered: the names below its state directory. */
export function stagedIn(home: string): string[] {
  const state = path.join(home, 'state');
  return existsSync(state) ? readdirSync(state, { recursive: true, encoding: 'utf8' }) : [];
}

/** A copy of the repository in `directory`, for a test that spoils it. */
export function spoilable(directory: string): string {
  const copied = [
    'audit',
    'bin',
    'contracts',
    'features',
    'fixtures',
    'manifests',
    'src',
    'cucumber.js',
    'package.json',
    'tsconfig.json',
  ];
  for (const name of copied) {
    if (existsSync(path.join(REPOSITORY, name)))
      cpSync(path.join(REPOSITORY, name), path.join(directory, name), { recursive: true });
  }
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(directory, 'node_modules'));
  return directory;
}
