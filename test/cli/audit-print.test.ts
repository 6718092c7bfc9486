import { describe, it } from 'node:test';
import { expect } from 'chai';
import { audit } from '../../src/audit/audit';
import { printAudit } from '../../src/cli/audit/print';
import { healthy, healthyRun } from '../audit/healthy';
import { withRecord } from '../audit/refusals/changes';

const HOSTILE = 'gone\u001b[2J\u202e\nAQ-050  reference  evidence-complete\r';

function printed(input: Parameters<typeof audit>[0]): string[] {
  const lines: string[] = [];
  printAudit(audit(input), (line) => lines.push(line));
  return lines;
}

describe('a printed audit', () => {
  it('shows the content of a record, which can neither act on the terminal nor begin a line', () => {
    const lines = printed(withRecord({ verdict: 'failed', reason: HOSTILE }));
    expect(lines.join('\n')).to.contain('gone␛[2J⟨U+202E⟩');
    for (const one of ['\u001b', '\u202e', '\r']) expect(lines.join('\n')).not.to.contain(one);
    expect(lines.filter((line) => /^AQ-050 .*evidence-complete/.test(line))).to.deep.equal([]);
  });

  it('shows the producer of a bundle on one line, whatever the name', () => {
    const run = healthyRun();
    const { predicate } = run.bundle;
    const own = { ...predicate['phase9/v1'], producer: HOSTILE };
    const bundle = { ...run.bundle, predicate: { ...predicate, 'phase9/v1': own } };
    const lines = printed(healthy([{ ...run, bundle }]));
    expect(lines.filter((line) => /^AQ-050/.test(line))).to.have.length(1);
    expect(lines.at(-1)).to.match(/^ {8}run a-run by gone␛\[2J/);
  });
});
