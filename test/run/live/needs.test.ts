import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../../src/repository';
import { groupsOf, isOfGroup, scenarioGroups } from '../../../src/run/live/contracts';
import type { Look } from '../../../src/run/live/look';
import { NEEDS_OF_FIXTURES, type Need, needsOf } from '../../../src/run/live/needs';
import { rowsReady } from '../../../src/run/live/readiness';
import { loadLedger } from '../../../src/spec/ledger';
import type { Profile } from '../../../src/sut/profile';
import { knownReleases } from '../../../src/sut/releases/choose';

const contract = {
  name: 'a-contract',
  environment: { engine: 'docker' as const, network: 'none' as const, host: ['docker', 'tar'] },
  features: ['features/a.feature'],
  fixtures: [
    { name: 'old-hermes-image', 'staged-by': 'src', stages: 'one', 'restored-by': 'one' },
    { name: 'old-openclaw-image', 'staged-by': 'src', stages: 'one', 'restored-by': 'one' },
  ],
};
const tags = (...names: string[]) => names.map((name) => ({ name }));

/** A profile as far as readiness asks for it. */
const profile = (more: object = {}): Profile =>
  ({ name: 'live', containerGateway: null, release: knownReleases[0], ...more }) as unknown as Profile;

describe('what the scenarios of a contract need', () => {
  it('is known for every fixture of every contract', () => {
    const named = scenarioGroups().flatMap(({ fixtures }) => fixtures.map(({ name }) => name));
    expect(named.length).to.be.greaterThan(20);
    expect(Object.keys(NEEDS_OF_FIXTURES)).to.include.members(named);
  });

  it('is looked at for every word that a contract has of the host', () => {
    const words = new Set(scenarioGroups().flatMap(({ environment }) => environment.host));
    const phrases = readFileSync(inRepository('src/run/live/host.ts'), 'utf8');
    for (const word of words) {
      if (!/^[\w.-]+$/.test(word)) expect(phrases, word).to.contain(`'${word}'`);
    }
  });

  it('differs by agent and by engine, as the tags of its scenarios do', () => {
    const feature = `@AQ-050
Feature: One
  Scenario Outline: Of an agent
    @openclaw
    Examples:
      | a |
    @hermes @AQ-052
    Examples:
      | b |
`;
    const [openclaw, hermes] = groupsOf(contract, [feature]);
    expect([openclaw?.name, hermes?.name]).to.deep.equal(['a-contract (openclaw)', 'a-contract (hermes)']);
    expect(openclaw?.rows).to.deep.equal(['AQ-050', 'AQ-052']);
    expect(openclaw && needsOf(openclaw)).to.include.members(['old OpenClaw', 'builder', 'host tar', 'host docker']);
    expect(openclaw && needsOf(openclaw)).not.to.include('old Hermes');
    expect(hermes && needsOf(hermes)).not.to.include('old OpenClaw');
    expect(hermes && isOfGroup(hermes, 'features/a.feature', tags('@hermes'))).to.equal(true);
    expect(hermes && isOfGroup(hermes, 'features/a.feature', tags('@openclaw'))).to.equal(false);
    expect(hermes && isOfGroup(hermes, 'features/b.feature', tags('@hermes'))).to.equal(false);
  });

  it('is nothing of an engine for scenarios without one', () => {
    const feature = '@AQ-055\nFeature: One\n  @no-engine\n  Scenario: A\n  Scenario: B\n';
    const [without, withEngine] = groupsOf(contract, [feature]);
    expect(without?.name).to.equal('a-contract (without engine)');
    expect(without && needsOf(without)).to.deep.equal(['host tar']);
    expect(withEngine && needsOf(withEngine)).to.include('builder');
    expect(without && isOfGroup(without, 'features/a.feature', tags('@no-engine'))).to.equal(true);
    expect(without && isOfGroup(without, 'features/a.feature', [])).to.equal(false);
  });

  it('is no OpenShell where the scenarios install it', () => {
    for (const group of scenarioGroups().filter(({ name }) =>
      /^(spark-install|upgrade-gateway-survivor)$/.test(name),
    )) {
      expect(needsOf(group)).to.include('OpenShell release').and.not.include('openshell');
    }
  });

  it('is named by features that exist', () => {
    for (const { features } of scenarioGroups()) {
      for (const feature of features) expect(existsSync(inRepository(feature)), feature).to.equal(true);
    }
  });
});

describe('the readiness of rows', () => {
  const groups = scenarioGroups();
  const looks = (...failed: Need[]): ReadonlyMap<Need, readonly Look[]> =>
    new Map(
      groups
        .flatMap(needsOf)
        .map((need) => [need, [{ name: need, state: failed.includes(need) ? 'fail' : 'ok', found: 'seen' } as Look]]),
    );
  const of = (row: string, ...failed: Need[]) =>
    rowsReady(groups, looks(...failed), profile()).find((one) => one.row === row);

  it('is there for every row of the ledger, and whole where everything is', () => {
    const rows = rowsReady(groups, looks(), profile());
    expect(rows.map(({ row }) => row)).to.deep.equal(Object.keys(loadLedger().rows));
    for (const { row, can, groups: own } of rows) {
      expect(can, row).to.equal('all');
      expect(own.length, row).to.be.greaterThan(0);
    }
  });

  it('is partial without an old Hermes, and names what stops which scenarios', () => {
    const row = of('AQ-050', 'old Hermes');
    expect(row?.can).to.equal('some');
    const stopped = row?.groups.filter(({ stoppedBy }) => stoppedBy.length > 0);
    expect(stopped?.map(({ group }) => group.name)).to.deep.equal(['rebuild-hermes']);
    expect(stopped?.[0]?.stoppedBy.map(({ name }) => name)).to.deep.equal(['old Hermes']);
    expect(of('AQ-053', 'old Hermes')?.can).to.equal('all');
  });

  it('is none without OpenShell, but for installers and images', () => {
    const can = ['AQ-050', 'AQ-051', 'AQ-053', 'AQ-056'].map((row) => of(row, 'openshell')?.can);
    expect(can).to.deep.equal(['none', 'some', 'all', 'some']);
  });

  it('needs nothing where nothing is applicable, for the reason', () => {
    const row = of('AQ-054', 'host /dev/fuse');
    expect(row?.can).to.equal('all');
    expect([...(row?.notApplicable ?? [])].map(([reason, ids]) => [ids.length, reason])).to.deep.equal([
      [row?.assertions, 'the SUT of the profile live starts its gateway on the host, never in a container'],
    ]);
    const withGateway = rowsReady(groups, looks('host /dev/fuse'), profile({ containerGateway: {} }));
    expect(withGateway.find((one) => one.row === 'AQ-054')?.can).to.equal('none');
  });

  it('counts what the release lacks', () => {
    const august = rowsReady(groups, looks(), profile({ release: knownReleases[1] }));
    const ids = [...(august.find(({ row }) => row === 'AQ-050')?.notApplicable.values() ?? [])].flat();
    expect(ids).to.have.members([
      'rebuild.openclaw.gateway-policy-preserved',
      'rebuild.openclaw.closed-entry-stays-closed',
      'rebuild.hermes.stale-base-refreshed',
      'rebuild.lifecycle.credential-preflight',
    ]);
  });
});
