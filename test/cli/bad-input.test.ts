import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { REPOSITORY } from '../../src/repository';
import { temporaryDirectory } from '../temporary-directory';
import { call, type Ended, spoilable, stagedIn } from './phase9-calls';

type Argv = Parameters<typeof call>[2];
const directory = temporaryDirectory('bad-input');
let number = 0;
const home = (): string => {
  number += 1;
  return path.join(directory, `home-${number}`);
};
/** Bad input is reported in one message, without a stack, and nothing is staged. */
function refused({ exit, stderr }: Ended, at: string, message: RegExp): void {
  expect(stderr).to.match(message);
  expect(stderr).not.to.match(/^\s+at .*:\d+/m);
  expect(exit).to.equal(2);
  expect(stagedIn(at)).to.deep.equal([]);
}

describe('bad input', { concurrency: 2 }, () => {
  const noEngine = { DOCKER_HOST: 'unix:///nonexistent' };
  const cases: readonly (readonly [what: string, argv: Argv, message: RegExp, environment?: Record<string, string>])[] =
    [
      ['an unknown command', ['phase9', 'rebuild'], /unknown command 'rebuild'/],
      ['an unknown option', ['phase9', 'restore', '--all'], /unknown option '--all'/],
      ['an unknown option of cucumber-js', ['phase9', 'run', '--tag', '@AQ-050'], /unknown option '--tag'/],
      [
        'an unknown profile',
        ['phase9', 'run', '--profile', 'staging'],
        /^phase9: unknown profile "staging"; there are: .*\blive\b/,
      ],
      ['an unknown profile, of cucumber-js', ['cucumber-js', '-p', 'staging'], /^phase9: unknown profile "staging"/],
      [
        'an end before the reports are whole',
        ['cucumber-js', '--exit'],
        /^phase9: with --exit the run would end before/,
      ],
      ['a second try', ['cucumber-js', '--retry', '2'], /^phase9: with --retry a later verdict would take the place/],
      ['a second try, for phase9', ['phase9', 'run', '--retry=1'], /^phase9: with --retry a later verdict/],
      [
        'tags without quotes',
        ['cucumber-js', '--tags', '@AQ-050', 'or', '@AQ-051'],
        /^phase9: or @AQ-051 stands behind no option: a tag expression with spaces belongs in quotes/,
      ],
      [
        'a directory with a dot',
        ['cucumber-js', 'features/phase9/9.3-hermetic'],
        /^phase9: Cucumber takes the dot of features\/phase9\/9\.3-hermetic for an extension: name its files/,
      ],
      ['tags that select nothing', ['phase9', 'run', '--tags', '@AQ-999'], /select no scenario: nothing was run/],
      [
        'tags that cannot be read',
        ['cucumber-js', '--tags', '@AQ-050 and ('],
        /^phase9: Tag expression "@AQ-050 and \(" could not be parsed/,
      ],
      [
        'a feature that is not there',
        ['cucumber-js', 'features/absent.feature'],
        /select no scenario: nothing was run/,
      ],
      [
        'no engine',
        ['phase9', 'run', '--tags', '@AQ-050'],
        /^phase9: no Docker Engine answers \(.*\/nonexistent\S*\): `npm run setup`.*; nothing was staged$/,
        noEngine,
      ],
      [
        'no engine, for cucumber-js',
        ['cucumber-js', '--tags', '@AQ-050'],
        /^phase9: no Docker Engine answers/,
        noEngine,
      ],
      [
        'a live profile without a product',
        ['phase9', 'run', '--profile', 'live', '--tags', '@AQ-050'],
        /NEMOCLAW_ROOT/,
        { PATH: '/usr/bin:/bin' },
      ],
      [
        'an invalid setting',
        ['phase9', 'run'],
        /PHASE9_PROFILE must be reference or live, but is "both"/,
        { PHASE9_PROFILE: 'both' },
      ],
      [
        'an invalid setting, for cucumber-js',
        ['cucumber-js'],
        /PHASE9_PROFILE must be reference or live/,
        { PHASE9_PROFILE: 'both' },
      ],
      [
        'an unknown setting',
        ['phase9', 'restore'],
        /PHASE9_PROFIL is not a setting; did you mean PHASE9_PROFILE\?/,
        { PHASE9_PROFIL: 'live' },
      ],
      [
        'a directory that is a file',
        ['phase9', 'report'],
        /PHASE9_REPORTS_DIR names a file/,
        { PHASE9_REPORTS_DIR: path.join(REPOSITORY, 'package.json') },
      ],
      [
        'an unknown run',
        ['phase9', 'report', 'yesterday'],
        /^phase9 report: no run in .*\/reports\/yesterday: give the name/,
      ],
      ['no run at all', ['phase9', 'report'], /^phase9 report: no run in .*\/reports\/latest/],
      [
        'an unknown row',
        ['phase9', 'trace', '--row', 'AQ-999'],
        /^phase9 trace: the ledger has no row AQ-999; there are: AQ-050/,
      ],
    ];
  for (const [what, argv, message, environment] of cases) {
    it(`${what}: one message, exit status 2, nothing staged`, async () => {
      const at = home();
      refused(await call(REPOSITORY, at, argv, environment), at, message);
    });
  }
});

describe('a file of the repository that is malformed', { concurrency: 2 }, () => {
  const spoiled = (file: string, change: (text: string) => string): string => {
    number += 1;
    const root = spoilable(path.join(directory, `clone-${number}`));
    const at = path.join(root, file);
    writeFileSync(at, change(readFileSync(at, 'utf8')));
    return root;
  };
  const MANIFEST = 'manifests/openclaw-nvidia-custom-policies-rebuild.yaml';
  const lineOf = (file: string, start: string): number =>
    readFileSync(path.join(REPOSITORY, file), 'utf8')
      .split('\n')
      .findIndex((line) => line.trimStart().startsWith(start)) + 1;

  for (const [what, file, change, place] of [
    [
      'a manifest that is not YAML',
      MANIFEST,
      (text: string) => text.replace('agent: openclaw', 'agent: [openclaw'),
      String.raw`:\d+:\d+: `,
    ],
    [
      'a manifest of an unknown agent',
      MANIFEST,
      (text: string) => text.replace('agent: openclaw', 'agent: gooseclaw'),
      `:${lineOf(MANIFEST, 'agent:')}:12: spec\\.onboarding\\.agent: .*openclaw`,
    ],
    [
      'a ledger with an unknown key',
      'audit/assertions.yaml',
      (text: string) => text.replace('version: 1', 'version: 1\nextra: 1'),
      String.raw`:\d+:\d+: .*extra`,
    ],
  ] as const) {
    // The ledger's through cucumber-js itself: both programs call the same code.
    const program = file === MANIFEST ? 'phase9' : 'cucumber-js';
    it(`${what}: ${program} reports file, line, column and reason, and stages nothing`, async () => {
      const at = home();
      const argv: Argv = program === 'phase9' ? ['phase9', 'run', '--tags', '@AQ-050'] : ['cucumber-js'];
      const message = new RegExp(`^phase9: ${file.replaceAll('.', '\\.')}${place}`);
      refused(await call(spoiled(file, change), at, argv), at, message);
    });
  }
});
