import { describe, it } from 'node:test';
import { expect } from 'chai';
import { comparable, linesNamingStale } from '../../src/sut/upgrade-check';

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

  it('are found where the line goes on about the image', () => {
    const longer = 'archive  v2026.4.24 → v2026.7.1; NemoClaw image v0.0.80 → v0.0.114  (running)';
    expect(linesNamingStale(`    ${longer}\n`)).to.deep.equal([longer]);
  });

  it('are found where the text calls all up to date and names one nevertheless', () => {
    expect(linesNamingStale(`  All sandboxes are up to date.\n    ${line}\n`)).to.deep.equal([line]);
  });
});

describe('the registry across a check', () => {
  const registry = (fields: Readonly<Record<string, unknown>>, layout?: number) =>
    JSON.stringify(
      { sandboxes: { box: { name: 'box', agentVersion: '1', ...fields } }, defaultSandbox: 'box' },
      null,
      layout,
    );

  it('is compared byte by byte where a check may write nothing', () => {
    expect(comparable(registry({}), [])).to.equal(registry({}));
    expect(comparable(registry({}, 2), [])).not.to.equal(comparable(registry({}), []));
  });

  it('is compared without what a check may write, and with all else', () => {
    const but = (text: string) => comparable(text, ['agentVersion']);
    expect(but(registry({ agentVersion: '2' }, 2))).to.deep.equal(but(registry({})));
    expect(but(registry({ imageTag: 'other' }))).not.to.deep.equal(but(registry({})));
    expect(but(registry({}).replace('"defaultSandbox":"box"', '"defaultSandbox":null'))).not.to.deep.equal(
      but(registry({})),
    );
  });
});
