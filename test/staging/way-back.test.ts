import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { waysBackIn } from '../../src/staging/way-back';

describe('the ways back that a text names', () => {
  const of = (text: string) => waysBackIn(text, 'archive').map((words) => words.join(' '));

  it('are the commands as they are printed, in order, each once', () => {
    const printed = [
      '  Recreate failed after sandbox was destroyed.',
      '  To recover manually:',
      '    1. Fix the issue above',
      '    2. Run: nemoclaw onboard --resume',
      "       This will recreate sandbox 'archive'.",
      '    3. Then restore your workspace state:',
      '       nemoclaw archive snapshot restore "2026-11-22T15-14-37-873Z"',
      '       nemoclaw archive snapshot restore "2026-11-22T15-14-37-873Z"',
    ];
    expect(of(printed.join('\n'))).to.deep.equal([
      'onboard --resume',
      'archive snapshot restore 2026-11-22T15-14-37-873Z',
    ]);
  });

  it('end where prose or a comment begins', () => {
    expect(of('Start it first or recreate with `nemoclaw onboard --recreate-sandbox`.')).to.deep.equal([
      'onboard --recreate-sandbox',
    ]);
    expect(of('    nemoclaw onboard          # re-enter the key interactively')).to.deep.equal(['onboard']);
    expect(of('Run nemoclaw archive rebuild --yes, then look again.')).to.deep.equal(['archive rebuild --yes']);
    expect(of('Put that right and run nemoclaw archive rebuild again')).to.deep.equal(['archive rebuild']);
  });

  it('are none where a command only looks, destroys, is of another sandbox, or has a gap', () => {
    const others = ['archive status', 'archive destroy --yes', 'other rebuild', 'archive snapshot restore <timestamp>'];
    expect(of(others.map((one) => `  nemoclaw ${one}`).join('\n'))).to.deep.equal([]);
  });

  it('are found whatever stands around them', () => {
    const prose = fc.string().filter((text) => !text.includes('nemoclaw') && !/["'`]/.test(text));
    fc.assert(
      fc.property(prose, prose, (before, after) => {
        expect(of(`${before}\n  nemoclaw archive rebuild --yes\n${after}`)).to.include('archive rebuild --yes');
      }),
    );
  });
});
