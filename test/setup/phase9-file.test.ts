import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { z } from 'zod';
import { parsePhase9File } from '../../src/phase9-file';
import { inRepository } from '../../src/repository';
import { readSettings, settingOrigins } from '../../src/settings';
import { fileSchema } from '../../src/settings-schema';
import { UserError } from '../../src/user-error';
import { temporaryDirectory } from '../temporary-directory';

const directory = temporaryDirectory('phase9-file');
let number = 0;
/** A file of settings, and an environment that names it. */
const written = (text: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
  number += 1;
  const file = path.join(directory, `${number}.yaml`);
  writeFileSync(file, text);
  return { HOME: '/home/someone', PHASE9_CONFIG: file, ...more };
};
/** The message with which a file is refused, without its name. */
const refused = (text: string): string => {
  try {
    parsePhase9File('/etc/phase9.yaml', text);
  } catch (error) {
    expect(error).to.be.instanceOf(UserError).with.property('exitStatus', 2);
    return String((error as Error).message).replaceAll('/etc/phase9.yaml:', '');
  }
  throw new Error('it was not refused');
};

describe('the file of settings', () => {
  it('yields to the environment, and that to a flag; defaults yield to it', () => {
    const environment = written('profile: live\nproducer: from-file\ninstallEngine: false\n', {
      PHASE9_PROFILE: 'reference',
      PHASE9_PRODUCER: 'from-environment',
    });
    const all = new Map(settingOrigins(environment, { profile: 'live' }).map((one) => [one.name, one]));
    expect(all.get('profile')).to.include({ value: 'live', from: 'flag', where: '--profile' });
    expect(all.get('producer')).to.include({
      value: 'from-environment',
      from: 'environment',
      where: 'PHASE9_PRODUCER',
    });
    expect(all.get('installEngine')).to.include({ value: false, from: 'file' });
    expect(all.get('installEngine')?.where).to.match(/\d+\.yaml:3$/);
    expect(all.get('row')).to.include({ value: '', from: 'default' });
    expect(readSettings(environment).profile).to.equal('reference');
  });

  it('gives the place of the product, unless NEMOCLAW_ROOT does', () => {
    const text = 'live: { root: ../NemoClaw, releases: ~/mirror }\n';
    const { live } = readSettings(written(text));
    expect(live.root).to.equal(path.resolve(directory, '../NemoClaw'));
    expect(live.releases).to.equal('/home/someone/mirror');
    expect(readSettings(written(text, { NEMOCLAW_ROOT: '/opt/other' })).live.root).to.equal('/opt/other');
  });

  it('has paths relative to its own directory', () => {
    expect(readSettings(written('reportsDirectory: out\n')).reportsDirectory).to.equal(path.join(directory, 'out'));
  });

  it('reads numbers of variables as texts, and bounds as seconds', () => {
    const { live } = readSettings(
      written(`live:
  oldAgents: { openclaw: { version: 2026.4.24, buildArguments: { FIXTURE: 1, OPENCLAW_VERSION: 2026.4.24 } } }
  bounds: { onboard: 900 }
`),
    );
    expect(live.oldAgents.openclaw?.buildArguments).to.deep.equal({ FIXTURE: '1', OPENCLAW_VERSION: '2026.4.24' });
    expect(live.bounds).to.deep.equal({ onboard: 900 });
  });

  it('may be empty', () => {
    for (const text of ['', '# nothing\n', 'live: {}\n']) {
      expect(readSettings(written(text)).profile).to.equal('reference');
    }
  });

  it('must exist where it is named', () => {
    expect(() => readSettings({ PHASE9_CONFIG: path.join(directory, 'none.yaml') })).to.throw(/there is no such file/);
    expect(() => readSettings({ PHASE9_CONFIG: directory })).to.throw(/is a directory/);
  });

  it('is refused with every fault, by line and column, and with the name that was meant', () => {
    const text = `profil: live
live:
  oldAgent: {}
  bounds:
    onbord: 900
    rebuild: 0
  endpoint: localhost
`;
    expect(refused(text).split('\n')).to.deep.equal([
      '1:1: profil: is not a setting; did you mean profile?',
      '3:3: live.oldAgent: is not a setting; did you mean oldAgents?',
      '5:5: live.bounds.onbord: is not a setting; did you mean onboard?',
      '6:14: live.bounds.rebuild: must be at least 1 s',
      '7:13: live.endpoint: must be an IPv4 address of this machine that containers reach',
    ]);
  });

  it('is refused where it is no YAML', () => {
    expect(refused('live:\n  root: [\n')).to.match(/^\d+:\d+: /);
  });

  it('needs either a build or an image of an old agent', () => {
    const agent = (rest: string) => `live: { oldAgents: { hermes: { version: 0.18.0${rest} } } }\n`;
    expect(refused(agent(''))).to.match(/^1:\d+: live.oldAgents.hermes: must have either buildArguments or image/);
    expect(refused(agent(', image: a/b:1, buildArguments: { A: b }'))).to.contain('not both');
    expect(parsePhase9File('f', agent(', image: a/b:1')).values.live?.oldAgents?.hermes?.image).to.equal('a/b:1');
  });

  it('contains no credential, by its value or by its name', () => {
    const secret = `nvapi-${'x'.repeat(24)}`;
    const message = refused(`producer: ${secret}
live:
  environment:
    HTTPS_PROXY: http://user:word@proxy.test:3128
    COMPATIBLE_API_KEY: harmless
    HOME: /root
`);
    expect(message).not.to.contain('xxxx');
    expect(message.split('\n').map((line) => line.replace(/: no credential.*/, ''))).to.deep.equal([
      '1:11: producer: looks like an nvapi- key',
      '4:18: live.environment.HTTPS_PROXY: looks like an address with a password',
      '5:5: live.environment.COMPATIBLE_API_KEY: is named like a credential',
      '6:5: live.environment.HOME: the suite sets this variable itself, for each scenario',
    ]);
  });

  it('is read as it was written, whatever bounds and hosts it has', () => {
    const bounds = fc.record(
      { onboard: fc.integer({ min: 1, max: 86_400 }), inside: fc.integer({ min: 1, max: 86_400 }) },
      { requiredKeys: [] },
    );
    const hosts = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}\.[a-z]{2,4}$/), { maxLength: 4 });
    fc.assert(
      fc.property(bounds, hosts, (given, names) => {
        const { values } = parsePhase9File('f', stringify({ live: { bounds: given, hosts: names } }));
        expect(values.live).to.deep.equal({ bounds: given, hosts: names });
      }),
    );
  });
});

describe('phase9.example.yaml', () => {
  const text = readFileSync(inRepository('phase9.example.yaml'), 'utf8');
  /** Every entry that stands in a comment, made one. */
  const entries = text
    .split('\n')
    .flatMap((line) => /^# ( *\w+:.*)$/.exec(line)?.[1] ?? [])
    .join('\n');

  it('changes nothing as it is', () => {
    expect(parsePhase9File('phase9.example.yaml', text).values).to.deep.equal({});
  });

  it('is valid with every entry, and has every setting that there is', () => {
    const { values } = parsePhase9File(
      'phase9.example.yaml',
      entries.replace('./releases', '.').replace(/root: .*/, 'root: /'),
    );
    const schema = z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any' });
    const keysOf = (shape: unknown): string[] => {
      const { properties = {} } = shape as { properties?: Record<string, unknown> };
      return Object.entries(properties).flatMap(([key, inside]) => [key, ...keysOf(inside)]);
    };
    const given = (value: unknown): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inside]) => [key, ...given(inside)])
        : [];
    expect(given(values)).to.include.members(keysOf(schema));
  });
});
