import { describe, it } from 'node:test';
import { expect } from 'chai';
import { policiesShown } from '../../src/sut/policy-list';

describe('what policy-list shows', () => {
  it('is read from its lines alone, with what registry and gateway disagree on', () => {
    const output = `
  Policy presets for sandbox 'demo':
    ● npm — npm and Yarn registry access
    ○ jira — Jira (cloud) access
    ● pypi — Python package index access (active on gateway, missing from local state)
    ○ brew — Homebrew (recorded locally, not active on gateway)
    ● slack — Slack (recorded locally, missing on gateway)
preset:
  name: npm
  - host: a.test
`;
    expect(policiesShown(output)).to.deep.equal({
      npm: { active: true, agreed: true },
      jira: { active: false, agreed: true },
      pypi: { active: true, agreed: false },
      brew: { active: false, agreed: false },
      slack: { active: true, agreed: false },
    });
  });
});
