import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type AgentName, loadAgentManifest } from '../../src/nemoclaw/agent-manifest';
import { loadBlueprint } from '../../src/nemoclaw/blueprint';
import { withArguments } from '../../src/nemoclaw/onboarding/build-context';
import { endpointNames, holdsEntries } from '../../src/nemoclaw/policy/document';
import { defaultEntries } from '../../src/nemoclaw/policy/live';
import { allPresets, parsePolicyFile, presetNamed } from '../../src/nemoclaw/policy/presets';
import { isBelow } from '../../src/nemoclaw/version';

const agents: AgentName[] = ['openclaw', 'hermes'];
const tree = join(__dirname, '..', '..', 'tree');

before(() => {
  process.env.NEMOCLAW_ROOT = tree;
});

describe('the source tree', () => {
  it('has manifests with fourteen state directories', () => {
    for (const agent of agents) expect(loadAgentManifest(agent).state_dirs).to.have.length(14);
    expect(loadAgentManifest('hermes').state_files.map((file) => file.path)).to.deep.equal([
      'SOUL.md',
      'runtime/state.db',
    ]);
  });

  it('expects an OpenClaw that its blueprint allows, and sets the minimum above the old one', () => {
    const { min_openclaw_version: minimum } = loadBlueprint();
    expect(isBelow(loadAgentManifest('openclaw').expected_version, minimum)).to.equal(false);
    expect(isBelow('2026.4.24', minimum)).to.equal(true);
  });

  it('names only hosts under .test', () => {
    const names = [
      ...allPresets().flatMap((preset) => endpointNames(preset.entries)),
      ...agents.flatMap((agent) => endpointNames(defaultEntries(loadAgentManifest(agent)))),
    ];
    expect(names).not.to.be.empty;
    for (const name of names) expect(name).to.match(/\.test:\d+$/);
  });

  it('has defaults that hold an npm_registry entry and none of what a preset opens', () => {
    const defaults = defaultEntries(loadAgentManifest('openclaw'));
    expect(defaults).to.have.property('npm_registry');
    const open = endpointNames(defaults);
    for (const preset of allPresets()) {
      expect(holdsEntries(defaults, preset.entries)).to.equal(false);
      for (const name of endpointNames(preset.entries)) expect(open).not.to.include(name);
    }
    expect(Object.keys(presetNamed('npm').entries)).to.deep.equal(['npm_yarn']);
    expect(Object.keys(presetNamed('jira').entries)).to.deep.equal(['atlassian']);
  });

  it('reports where a policy file is wrong', () => {
    expect(() => parsePolicyFile('p.yaml', 'a: [1\nb: 2')).to.throw(/^p\.yaml:\d+:\d+: /);
    expect(() => parsePolicyFile('p.yaml', 'preset: {name: x}')).to.throw(/p\.yaml is no policy file/);
  });

  it('takes build arguments literally', () => {
    const dockerfile = readFileSync(join(tree, 'Dockerfile'), 'utf8');
    const result = withArguments(dockerfile, { NEMOCLAW_MODEL: 'a"b\\c$HOME' });
    expect(result).to.include('ARG NEMOCLAW_MODEL="a\\"b\\\\c\\$HOME"\n');
    expect(() => withArguments(dockerfile, { NEMOCLAW_MODEL: 'a\nRUN x' })).to.throw(/line break/);
    expect(() => withArguments(dockerfile, { NO_SUCH: '1' })).to.throw(/declares no ARG/);
  });
});
