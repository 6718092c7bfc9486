import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { capabilitySchema } from '../../src/spec/capability';
import { profileOf } from '../../src/sut/profiles/choose';
import { august2026 } from '../../src/sut/releases/2026-08';
import { knownReleases, releaseOf, releaseWith } from '../../src/sut/releases/choose';
import { identityInstructions, trusting, upgradeConsents } from '../../src/sut/releases/owner-environment';
import { programVersion } from '../../src/sut/releases/program-version';
import { type ReleaseFacts, releaseCapabilities } from '../../src/sut/releases/release';
import { containerPrefixFor, sandboxNameFor } from '../../src/sut/releases/sandbox-names';
import { v0_0_53 } from '../../src/sut/releases/v0.0.53';
import { temporaryDirectory } from '../temporary-directory';

const UNKNOWN_COMMIT = 'a'.repeat(40);

describe('the release of a tree', () => {
  const root = temporaryDirectory('releases');
  let number = 0;
  /** A tree with the files from which a release is told, and with tags where it is to be a checkout. */
  const tree = (files: Readonly<Record<string, string>>, tag?: string): string => {
    number += 1;
    const at = path.join(root, String(number));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
      writeFileSync(path.join(at, name), text);
    }
    if (tag === undefined) return at;
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', at, '-c', 'user.name=t', '-c', 'user.email=t@t.test', ...args], { stdio: 'pipe' });
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    git('tag', '-a', tag, '-m', tag);
    return at;
  };
  const packaged = (version: string) => ({ 'package.json': `{ "name": "nemoclaw", "version": "${version}" }` });
  const pinning = (version: string) => ({
    'scripts/install-openshell.sh': `MIN_VERSION="${version}"\nMAX_VERSION="${version}"\nPIN_VERSION="$MAX_VERSION"\n`,
  });
  const found = (at: string) => {
    const { name, nearest } = releaseOf(at);
    return { name, nearest };
  };

  it('is May’s by its tag, by the file of a published package, and by package.json, in this order', () => {
    const may = { name: 'v0.0.53', nearest: false };
    expect(found(tree({ ...packaged('0.1.0'), ...pinning('0.0.44') }, 'v0.0.53'))).to.deep.equal(may);
    expect(found(tree({ ...packaged('0.1.0'), ...pinning('0.0.44'), '.version': '0.0.53\n' }))).to.deep.equal(may);
    expect(found(tree({ ...packaged('0.0.53'), ...pinning('0.0.44') }))).to.deep.equal(may);
    const tagged = releaseOf(tree({ ...packaged('0.0.9'), ...pinning('0.0.44'), '.version': '0.0.8' }, 'v0.0.53'));
    expect(tagged.treeVersion).to.equal('0.0.53');
  });

  it('is not certain where a tree names no version, and is then the one with the same OpenShell', () => {
    const may = tree({ ...packaged('0.1.0'), ...pinning('0.0.44') });
    expect(found(may)).to.deep.equal({ name: 'v0.0.53', nearest: true });
    expect(releaseOf(may).found).to.match(/names no version, and pins the same OpenShell/);
    expect(found(tree({ ...packaged('0.1.0'), ...pinning('0.0.106') }))).to.include({ name: '2026-08' });
    const blueprint = { 'nemoclaw-blueprint/blueprint.yaml': 'max_openshell_version: "0.0.106"\n' };
    expect(found(tree(blueprint))).to.include({ name: '2026-08' });
    expect(found(tree(pinning('0.0.50')))).to.deep.equal({ name: 'v0.0.53', nearest: true });
  });

  it('is August’s by its commit, and nothing else makes an untagged state certain', () => {
    const signs = { version: null, openshell: '0.0.106' };
    const [commit = ''] = august2026.signs.commits;
    expect(releaseWith({ ...signs, commit })).to.include({ name: '2026-08', nearest: false });
    expect(releaseWith({ ...signs, commit: UNKNOWN_COMMIT })).to.include({ name: '2026-08', nearest: true });
    expect(releaseWith({ ...signs, commit: null, version: '0.0.114' })).to.include({ name: '2026-08', nearest: true });
  });

  it('that is newer or older than all that are known is the nearest one, and says so', () => {
    const newer = releaseOf(tree({ ...packaged('0.0.200'), ...pinning('0.0.150') }));
    expect(newer).to.include({ name: '2026-08', nearest: true, treeVersion: '0.0.200' });
    expect(newer.found).to.equal(
      'The tree is of no release that this suite knows (version 0.0.200, OpenShell 0.0.150). It is taken for NemoClaw 2026-08, the nearest one: that one pins OpenShell 0.0.106.',
    );
    const older = releaseOf(tree({ ...packaged('0.0.36'), ...pinning('0.0.36') }));
    expect(older).to.include({ name: 'v0.0.53', nearest: true });
    // The version decides before the OpenShell does.
    expect(releaseWith({ version: '0.0.54', openshell: '0.0.106', commit: null })).to.include({ name: 'v0.0.53' });
    const after = releaseOf(tree({ ...packaged('0.1.0'), ...pinning('0.0.44') }, 'v0.0.54'));
    expect(after.found).to.contain('that one is 0.0.53');
  });

  it('is the newest known one where a tree tells nothing', () => {
    const release = releaseOf(tree({ 'README.md': '' }));
    expect(release).to.include({ name: '2026-08', nearest: true });
    expect(release.found).to.contain('names neither a version nor an OpenShell');
  });

  it('is not the one of the checkout around it', () => {
    const outer = tree({ ...packaged('0.0.53'), ...pinning('0.0.44') }, 'v9.9.9');
    mkdirSync(path.join(outer, 'inner'));
    writeFileSync(path.join(outer, 'inner/package.json'), '{"version":"0.0.53"}');
    expect(releaseOf(path.join(outer, 'inner')).treeVersion).to.equal('0.0.53');
  });

  it('stays what it was when something is staged in the tree', () => {
    const at = tree({ ...packaged('0.0.53'), ...pinning('0.0.44') });
    expect(releaseOf(at).nearest).to.equal(false);
    writeFileSync(path.join(at, 'package.json'), '{"version":"0.0.99"}');
    expect(releaseOf(at).nearest).to.equal(false);
  });

  it('is always a known one, certain only for its own number, commit or tag', () => {
    const small = fc.nat({ max: 160 });
    const version = fc.option(small.map((patch) => `0.0.${patch}`));
    fc.assert(
      fc.property(version, fc.option(small.map((patch) => `0.0.${patch}`)), (one, openshell) => {
        const release = releaseWith({ version: one, openshell, commit: null });
        expect(knownReleases.map(({ name }) => name)).to.include(release.name);
        expect(release.nearest).to.equal(!(one === '0.0.53' && openshell === '0.0.44'));
        expect(release.found).to.contain(release.name);
      }),
    );
  });

  it('of the reference SUT is May’s', () => {
    const { release, openshell } = profileOf('reference');
    expect(release).to.include({ name: 'v0.0.53', nearest: false });
    expect(openshell).to.deep.equal(['openshell']);
  });
});

describe('what `nemoclaw --version` prints', () => {
  const may = releaseWith({ version: '0.0.53', openshell: '0.0.44', commit: null });

  it('agrees with the tree, tells nothing, or belongs to another installation', () => {
    expect(programVersion(may, 'nemoclaw v0.0.53\n')).to.include({ printed: '0.0.53', agrees: true });
    expect(programVersion(may, 'nemoclaw v0.1.0\n')).to.include({ printed: '0.1.0', agrees: null });
    const other = programVersion(may, '(node:1) Warning: x\nnemoclaw v0.0.54-3-gabcdef1\n');
    expect(other).to.include({ printed: '0.0.54-3-gabcdef1', agrees: false });
    expect(other.sentence)
      .to.contain('printed 0.0.54-3-gabcdef1, and the tree is of 0.0.53')
      .and.contain('NEMOCLAW_ROOT');
    expect(programVersion(may, 'hello\n')).to.include({ printed: null, agrees: false });
  });
});

describe('the facts of a release', () => {
  for (const release of knownReleases) {
    it(`${release.name} agree with each other`, () => {
      const { openshellInstaller, signs, installer, lacks, agents } = release;
      expect(openshellInstaller.pinned).to.equal(signs.openshell);
      expect(installer.current.openshell).to.equal(signs.openshell);
      expect(openshellInstaller.tooNew).not.to.equal(openshellInstaller.pinned);
      for (const [capability, reason] of Object.entries(lacks)) {
        expect(releaseCapabilities).to.include(capability);
        expect(reason).to.match(/^this release /);
      }
      for (const { old } of Object.values(agents)) {
        expect(Object.keys(old.buildArguments).length > 0).to.equal(old.needsImage === undefined);
      }
    });
  }

  it('name only capabilities that the ledger can ask for', () => {
    for (const one of releaseCapabilities) expect(capabilitySchema.options).to.include(one);
  });
});

describe('the version of an agent', () => {
  const read = ({ agents }: ReleaseFacts, agent: 'openclaw' | 'hermes', text: string) =>
    agents[agent].version.exec(text)?.[1];
  const hermes = 'Hermes Agent v0.14.0 (2026.5.16)\n';

  it('is read in the scheme of the release', () => {
    expect(read(v0_0_53, 'hermes', hermes)).to.equal('2026.5.16');
    expect(read(august2026, 'hermes', hermes)).to.equal('0.14.0');
    for (const release of knownReleases) {
      expect(read(release, 'openclaw', '(node:7) Warning: v22.1.0\nOpenClaw 2026.5.22 (abc)\n')).to.equal('2026.5.22');
      expect(read(release, 'hermes', 'hermes: Permission denied\n')).to.equal(undefined);
    }
  });

  it('is found whatever it is, behind any other lines', () => {
    const lines = fc.array(fc.stringMatching(/^[a-z( ]{0,20}$/), { maxLength: 4 });
    const three = fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => parts.join('.'));
    const day = fc.tuple(
      fc.integer({ min: 2020, max: 2099 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    fc.assert(
      fc.property(lines, three, day, (before, semver, date) => {
        const calendar = date.join('.');
        const text = [...before, `Hermes Agent v${semver} (${calendar})`, ''].join('\n');
        expect(read(v0_0_53, 'hermes', text)).to.equal(calendar);
        expect(read(august2026, 'hermes', text)).to.equal(semver);
        expect(read(august2026, 'openclaw', [...before, `OpenClaw ${calendar}`].join('\n'))).to.equal(calendar);
      }),
    );
  });
});

describe('the name of a scenario’s sandbox', () => {
  const token = fc
    .tuple(fc.stringMatching(/^[0-9a-f]{4}$/), fc.integer({ min: 1, max: 999 }))
    .map(([run, count]) => `p9-${run}-${count}`);
  const role = fc.stringMatching(/^[a-z][a-z0-9]{0,11}(-[a-z0-9]{1,6})?$/);

  it('is one that the release takes, and begins with the scenario’s token', () => {
    fc.assert(
      fc.property(token, role, fc.constantFrom(...knownReleases), (own, wanted, { sandboxNames, containers }) => {
        const name = sandboxNameFor(sandboxNames, own, wanted);
        expect(name.length).to.be.at.most(sandboxNames.longest);
        expect(name).to.match(sandboxNames.form).and.not.contain('--');
        expect(`${own}-${wanted}`.startsWith(name)).to.equal(true);
        // Its container goes with the scenario's.
        expect(containers.prefix.replace('{name}', name)).to.satisfy((one: string) =>
          one.startsWith(containerPrefixFor(containers, own)),
        );
      }),
    );
  });

  it('is whole where the release allows it, and shortened where it does not', () => {
    expect(sandboxNameFor(v0_0_53.sandboxNames, 'p9-ab12-01', 'assistant')).to.equal('p9-ab12-01-assistant');
    expect(sandboxNameFor(august2026.sandboxNames, 'p9-ab12-01', 'assistant')).to.equal('p9-ab12-01-assistan');
    expect(() => sandboxNameFor(august2026.sandboxNames, 'p9-ab12-01-and-more-x', 'a')).to.throw('at most 19');
  });
});

describe('what an owner sets for a release', () => {
  it('names the endpoint’s host to be trusted where the release asks for that', () => {
    expect(trusting(v0_0_53, 'http://172.17.0.1:4711/v1')).to.deep.equal({});
    expect(trusting(august2026, 'http://172.17.0.1:4711/v1')).to.deep.equal({
      NEMOCLAW_TRUSTED_PRIVATE_HOSTS: '172.17.0.1',
    });
  });

  it('consents to the upgrade, and to making a sandbox anew only where that is asked', () => {
    expect(Object.values(upgradeConsents(v0_0_53.installer, 'box'))).to.deep.equal(['1']);
    expect(upgradeConsents(august2026.installer, 'box')).to.include({
      NEMOCLAW_CONFIRM_LEGACY_MANAGED_RECREATE: '["box"]',
    });
  });

  it('gives an old sandbox user and directory where the release takes them from its image', () => {
    expect(identityInstructions(v0_0_53)).to.equal('');
    expect(identityInstructions(august2026)).to.equal('USER sandbox\nWORKDIR /sandbox\n');
  });

  it('is told by the words of the release that something is deprecated or refused', () => {
    const may = '⚠  `nemoclaw setup-spark` is deprecated.';
    const august = "Deprecated: 'nemoclaw setup-spark' is now 'nemoclaw onboard'";
    expect([may, august].map((one) => v0_0_53.phrases.setupSparkDeprecated.test(one))).to.deep.equal([true, false]);
    expect([may, august].map((one) => august2026.phrases.setupSparkDeprecated.test(one))).to.deep.equal([false, true]);
    const failed = '  Failed to back up sandbox state.\n';
    expect(knownReleases.map(({ phrases }) => phrases.refusesStopped.test(failed))).to.deep.equal([false, true]);
  });
});

describe('an agent at work', () => {
  it('is asked in every release by its own programs', () => {
    for (const { agents } of knownReleases) {
      for (const { atWork } of Object.values(agents)) {
        expect(atWork.turn.filter((one) => one.includes('{prompt}'))).to.have.length(1);
        expect(atWork.programs).to.include(atWork.turn[0]);
        expect(atWork.configurationCheck.command[0]).to.equal(atWork.turn[0]);
        expect(Object.keys(atWork.health.answer)).not.to.deep.equal([]);
      }
    }
  });

  it('accepts a configuration in its own words', () => {
    const { openclaw, hermes } = v0_0_53.agents;
    const { configurationCheck } = openclaw.atWork;
    expect('{"valid":true,"path":"/sandbox/.openclaw/openclaw.json"}').to.match(configurationCheck.accepts);
    expect('{"valid":false,"issues":[]}').not.to.match(configurationCheck.accepts);
    const { accepts, ignores } = hermes.atWork.configurationCheck;
    expect('  Config version: 24 ✓').to.match(accepts);
    expect('hermes config: Failed to parse /sandbox/.hermes/config.yaml').to.match(ignores ?? /^$/);
  });
});

describe('the closing lines of a rebuild', () => {
  it('name the sandbox and the version', () => {
    for (const { phrases } of knownReleases) {
      expect(phrases.rebuilt.exec("  ✓ Sandbox 'demo' rebuilt successfully")?.[1]).to.equal('demo');
      expect(phrases.rebuiltVersion.exec('    Now running: OpenClaw v2026.5.22')?.[1]).to.equal('2026.5.22');
      expect(phrases.rebuiltVersion.exec('    Now running: Hermes Agent v2026.5.16')?.[1]).to.equal('2026.5.16');
      expect('  ✓ State backed up (13 directories, 0 files)').not.to.match(phrases.rebuilt);
    }
  });
});
