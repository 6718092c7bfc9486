import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { agentFile } from '../../src/sut/agent-files';
import { temporaryDirectory } from '../temporary-directory';

/** A tree with these files. */
function treeOf(name: string, files: Readonly<Record<string, string>>): string {
  const tree = path.join(temporaryDirectory('agent-files'), name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
    writeFileSync(path.join(tree, file), text);
  }
  return tree;
}

describe('a file of an agent', () => {
  it('is the one that the agent’s manifest names, wherever the key stands', () => {
    const tree = treeOf('named', {
      'agents/openclaw/manifest.yaml':
        '_legacy_paths:\n  policy: elsewhere/p.yaml\n  dockerfile_base: Dockerfile.base\n',
      'agents/openclaw/policy.yaml': '',
      'elsewhere/p.yaml': '',
      'Dockerfile.base': '',
    });
    expect(agentFile(tree, 'openclaw', 'defaultPolicy')).to.equal('elsewhere/p.yaml');
    expect(agentFile(tree, 'openclaw', 'baseDockerfile')).to.equal('Dockerfile.base');
  });

  it('lies in the agent’s directory where the manifest names none, or one that does not exist', () => {
    const files = { 'agents/hermes/policy-additions.yaml': '', 'agents/hermes/Dockerfile.base': '' };
    const silent = treeOf('silent', { ...files, 'agents/hermes/manifest.yaml': 'name: hermes\n' });
    const stale = treeOf('stale', { ...files, 'agents/hermes/manifest.yaml': 'policy: gone.yaml\n' });
    for (const tree of [silent, stale, treeOf('without', files)]) {
      expect(agentFile(tree, 'hermes', 'defaultPolicy')).to.equal('agents/hermes/policy-additions.yaml');
      expect(agentFile(tree, 'hermes', 'baseDockerfile')).to.equal('agents/hermes/Dockerfile.base');
    }
  });

  it('that is nowhere is refused with all the places that were looked at', () => {
    const tree = treeOf('empty', { 'agents/hermes/manifest.yaml': 'policy: gone.yaml\n' });
    expect(() => agentFile(tree, 'hermes', 'defaultPolicy'))
      .to.throw(/no defaultPolicy of hermes/)
      .with.property('message')
      .that.includes('gone.yaml')
      .and.includes('agents/hermes/policy-additions.yaml, agents/hermes/policy.yaml');
  });

  it('is found for both agents in the tree of the reference SUT', () => {
    const tree = inRepository('reference-sut/tree');
    for (const agent of ['openclaw', 'hermes'] as const)
      for (const purpose of ['baseDockerfile', 'dockerfile', 'defaultPolicy'] as const)
        expect(agentFile(tree, agent, purpose)).to.match(/Dockerfile|\.yaml$/);
  });
});
