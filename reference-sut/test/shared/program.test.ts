import { describe, it } from 'node:test';
import { expect } from 'chai';
import { runProgram } from '../../src/shared/program';

describe('a program', () => {
  const shell = (script: string) => ['-c', script] as const;

  it('has its own status, output and input', async () => {
    const script = 'cat; echo "än error" >&2; exit 3';
    const result = await runProgram('sh', shell(script), { input: 'text' });
    expect(result).to.deep.equal({ end: { how: 'exited', status: 3 }, stdout: 'text', stderr: 'än error\n' });
  });

  it('may end before it reads its input', async () => {
    const { end } = await runProgram('true', [], { input: 'x'.repeat(1_000_000) });
    expect(end).to.deep.equal({ how: 'exited', status: 0 });
  });

  it('is a result also where it ends otherwise', async () => {
    expect((await runProgram('no-such-program-anywhere', [])).end).to.include({ how: 'unstarted' });
    expect((await runProgram('sh', shell('kill -TERM $$'))).end).to.deep.equal({ how: 'signalled', signal: 'SIGTERM' });
    expect((await runProgram('sleep', ['30'], { within: 50 })).end).to.deep.equal({ how: 'stopped', why: 'bound' });
    const signal = AbortSignal.timeout(50);
    expect((await runProgram('sleep', ['30'], { signal })).end).to.deep.equal({ how: 'stopped', why: 'abort' });
  });

  it('hands each complete line on', async () => {
    const lines: string[] = [];
    await runProgram('printf', ['one\ntwo\nrest'], { onLine: (line) => lines.push(line) });
    expect(lines).to.deep.equal(['one', 'two']);
  });
});
