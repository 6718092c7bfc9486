import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { clock, errorLines, indent, phase, section, table } from '../../src/openshell/output';

const cell = fc.stringMatching(/^[a-z0-9-]{1,20}$/);

describe("the CLI's output", () => {
  it('shows a sandbox table as observed, once colours are stripped', () => {
    const rows = [['demo', '2026-11-22 15:10:50', 'Ready']];
    expect(stripVTControlCharacters(table(['NAME', 'CREATED', 'PHASE'], rows)).split('\n')).to.deep.equal([
      'NAME  CREATED              PHASE',
      'demo  2026-11-22 15:10:50  Ready',
    ]);
  });

  it('aligns every column of every table, and pads none at the end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
        const lines = stripVTControlCharacters(table(['ONE', 'TWO', 'THREE'], rows, phase)).split('\n');
        const [header = '', ...rest] = lines;
        const starts = [header.indexOf('TWO'), header.indexOf('THREE')];
        rest.forEach((line, index) => {
          const row = rows[index] ?? [];
          expect(line.split(/ {2,}/)).to.deep.equal([...row]);
          expect(starts.map((start) => line[start - 1])).to.deep.equal([' ', ' ']);
          expect(line).to.equal(line.trimEnd());
        });
      }),
    );
  });

  it('colours without being asked', () => {
    expect(section('Server Status', [['Version', '0.0.44']])).to.contain('\u001b[');
    expect(stripVTControlCharacters(section('Server Status', [['Version', '0.0.44']]))).to.equal(
      'Server Status\n\n  Version: 0.0.44',
    );
  });

  it('prints an error with its causes as a tree', () => {
    expect(errorLines(['client error (Connect)', 'tcp connect error', 'Connection refused (os error 111)'])).to.equal(
      'Error:   × client error (Connect)\n  ├─▶ tcp connect error\n  ╰─▶ Connection refused (os error 111)',
    );
  });

  it('indents lines that are not empty', () => {
    expect(indent('a\n\nb')).to.equal('  a\n\n  b');
  });

  it('shows times in UTC', () => {
    expect(clock('2026-11-22T15:10:50.123Z')).to.equal('2026-11-22 15:10:50');
  });
});
