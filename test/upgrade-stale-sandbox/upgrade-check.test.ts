import { describe, it } from 'node:test';
import { expect } from 'chai';
import { linesNamingStale } from '../../src/sut/upgrade-check';

describe('the lines that name a stale sandbox', () => {
  const line = 'archive  v2026.4.24 → v2026.5.28  (running)';

  it('are none where all is up to date', () => {
    expect(linesNamingStale('  All sandboxes are up to date.\n')).to.deep.equal([]);
    expect(linesNamingStale('  Version unknown:\n    archive  (running)\n')).to.deep.equal([]);
  });

  it('are heading, sandboxes and sum', () => {
    const text = `  Stale sandboxes:\n    ${line}\n\n  1 sandbox(es) need upgrading.\n`;
    expect(linesNamingStale(text)).to.deep.equal(['Stale sandboxes:', line, '1 sandbox(es) need upgrading.']);
  });

  it('are found where the text calls all up to date and names one nevertheless', () => {
    expect(linesNamingStale(`  All sandboxes are up to date.\n    ${line}\n`)).to.deep.equal([line]);
  });
});
