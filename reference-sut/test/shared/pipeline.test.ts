import { describe, it } from 'node:test';
import { expect } from 'chai';
import { runPipeline, type StepEvent, StepFailure } from '../../src/shared/pipeline';

describe('a pipeline', () => {
  const done: string[] = [];
  const step = (name: string, error?: Error) => ({
    name,
    run: async () => {
      done.push(name);
      if (error) throw error;
    },
    undo: async () => {
      done.push(`undo ${name}`);
      if (name === 'b') throw new Error('b stays');
    },
  });

  it('undoes what was begun, last first, and throws the failure with its step and cause', async () => {
    done.length = 0;
    const cause = new Error('c failed');
    const events: StepEvent[] = [];
    const steps = [step('a'), step('b'), step('c', cause), step('d')];
    const failure: unknown = await runPipeline('test', steps, {}, (event) => events.push(event)).catch(
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(StepFailure);
    expect(failure).to.deep.include({ pipeline: 'test', step: 'c', message: 'c failed', cause });
    expect(done).to.deep.equal(['a', 'b', 'c', 'undo c', 'undo b', 'undo a']);
    expect(events.map(({ step: name, outcome }) => `${name} ${outcome}`)).to.deep.equal([
      'a done',
      'b done',
      'c failed',
      'b undo-failed',
    ]);
  });

  it('needs neither undo nor observer, and keeps the failure of a pipeline inside a step', async () => {
    const inner = () => runPipeline('inner', [{ name: 'x', run: () => Promise.reject(new Error('no')) }], undefined);
    const failure: unknown = await runPipeline('outer', [{ name: 'y', run: inner }], undefined).catch(
      (error: unknown) => error,
    );
    expect(failure).to.deep.include({ pipeline: 'inner', step: 'x' });
  });
});
