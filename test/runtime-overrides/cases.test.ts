import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { acceptedCases, allTogether, type TableRow, wrongCases } from '../../src/staging/runtime-overrides-cases';

const MODEL = { NEMOCLAW_MODEL_OVERRIDE: 'a-model' };
const model = { setting: 'model', value: 'a-model', given: 'alone' };
const accepted = acceptedCases([
  model,
  { setting: 'context window', value: '1', given: 'with the model' },
  { setting: 'context window', value: '1', given: 'alone' },
]);

describe('a table of overrides', () => {
  it('gives a start the setting, and the model where the row says so', () => {
    expect(accepted.map(({ name, overrides }) => [name, overrides])).to.deep.equal([
      ['model-alone', MODEL],
      ['context-window-with-the-model', { ...MODEL, NEMOCLAW_CONTEXT_WINDOW: '1' }],
      ['context-window-alone', { NEMOCLAW_CONTEXT_WINDOW: '1' }],
    ]);
    expect(allTogether(accepted)).to.deep.equal({ ...MODEL, NEMOCLAW_CONTEXT_WINDOW: '1' });
  });

  it('makes one start of each wrong value, with its literal where it is described', () => {
    const rows = [
      { setting: 'reasoning', 'wrong values': 'maybe, 1', given: 'with the model' },
      { setting: 'model', 'wrong values': 'a name with a tab', given: 'alone' },
    ];
    expect(wrongCases(rows, accepted).map(({ name, overrides }) => [name, overrides])).to.deep.equal([
      ['reasoning-wrong-0-0', { ...MODEL, NEMOCLAW_REASONING: 'maybe' }],
      ['reasoning-wrong-0-1', { ...MODEL, NEMOCLAW_REASONING: '1' }],
      ['model-wrong-1-0', { NEMOCLAW_MODEL_OVERRIDE: 'phase9/a\tmodel' }],
    ]);
  });

  it('is refused for a setting, a description or a combination that nothing stands for, and without a model', () => {
    const refused = (row: Partial<typeof model>, reason: RegExp) =>
      expect(() => acceptedCases([model, { ...model, ...row }])).to.throw(reason);
    refused({ setting: 'temperature' }, /no setting "temperature"; there are: model, context window,/);
    refused({ value: 'an ftp adress' }, /"an ftp adress" describes no value/);
    refused({ value: '' }, /"" describes no value/);
    refused({ given: 'twice' }, /not "twice"/);
    const beside = { setting: 'reasoning', value: 'true', given: 'with the model' };
    expect(() => acceptedCases([beside])).to.throw('no row gives a model alone');
    expect(() => wrongCases([{ ...beside, 'wrong values': 'maybe' }], [])).to.throw(
      'no sandbox was started with a model',
    );
  });
});

describe('the feature of the runtime overrides', () => {
  const text = readFileSync(inRepository('features/phase9/9.3-hermetic/runtime-overrides.feature'), 'utf8');
  const second = text.match(/(?:^ *\|.*\n)+/gm)?.find((table) => table.includes('| wrong values')) ?? '';
  const [header = [], ...cells] = second
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const rows: TableRow[] = cells.map((row) =>
    Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']).slice(1, -1)),
  );

  it('tries each limit with a word, zero, a negative number, a fraction and a padded number', () => {
    for (const setting of ['context-window', 'max-tokens'] as const) {
      const values = wrongCases(rows, accepted)
        .filter((one) => one.setting === setting)
        .map(({ value }) => value);
      for (const form of [/^[a-z]+$/, /^0$/, /^-[1-9]\d*$/, /^\d+\.\d+$/, /^0\d+$/])
        expect(
          values.filter((value) => form.test(value)),
          `${setting} ${form}`,
        ).to.have.length(1);
    }
  });
});
