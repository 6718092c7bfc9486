import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { agentState } from '../../src/sut/agent-state';
import { temporaryDirectory } from '../temporary-directory';

describe('The state of an agent, as a tree declares it', () => {
  const treeOf = (name: string, manifest: string) => {
    const tree = path.join(temporaryDirectory('agent-state'), name);
    mkdirSync(path.join(tree, 'agents/hermes'), { recursive: true });
    writeFileSync(path.join(tree, 'agents/hermes/manifest.yaml'), manifest);
    return tree;
  };

  it('is named by paths alone, or with what a release notes of them', () => {
    const tree = treeOf(
      'forms',
      [
        'state_dirs: [memories, { path: skills, shields: read-only }, { path: hooks, backup: false }, { prefix: workspace- }]',
        'state_files:',
        '  - SOUL.md',
        '  - path: notes.md',
        '  - { path: runtime/state.db, strategy: sqlite_backup }',
      ].join('\n'),
    );
    expect(agentState(tree, 'hermes')).to.deep.equal({
      root: '/sandbox/.hermes',
      directories: ['memories', 'skills', 'workspace-kept'],
      files: [
        { path: 'SOUL.md', strategy: 'copy' },
        { path: 'notes.md', strategy: 'copy' },
        { path: 'runtime/state.db', strategy: 'sqlite_backup' },
      ],
      notBackedUp: ['hooks'],
    });
  });

  it('leaves out configuration, which is merged', () => {
    const tree = treeOf(
      'merged',
      'state_dirs: [memories]\nstate_files: [{ path: settings.json, restore: { merge: settings } }]\n',
    );
    expect(agentState(tree, 'hermes').files).to.deep.equal([]);
  });

  for (const [what, text] of [
    ['no directory', 'state_files: [SOUL.md]\n'],
    ['a strategy that is not known', 'state_dirs: [memories]\nstate_files: [{ path: a, strategy: guess }]\n'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(() => agentState(treeOf(what, text), 'hermes')).to.throw();
    });
  }

  it('is refused without a manifest', () => {
    expect(() => agentState(temporaryDirectory('no-agents'), 'hermes')).to.throw();
  });
});
