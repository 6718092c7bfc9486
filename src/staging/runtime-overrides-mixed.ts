import {
  allTogether,
  besideOf,
  caseOf,
  faultOf,
  literalOf,
  type OverrideCase,
  settingNamed,
  settings,
  type TableRow,
} from './runtime-overrides-cases';

/** A value of that many characters, of the form that the setting wants. */
function valueOfLength(setting: OverrideCase['setting'], characters: number): string {
  const begin = setting === 'cors' ? 'https://' : 'phase9/';
  return begin.padEnd(characters, 'a');
}

/** Two starts for each row of a table with the column `setting`: with a value of `longest` characters, and of one more. */
export function longestCases(rows: readonly TableRow[], longest: number): OverrideCase[] {
  return rows.flatMap((row) =>
    [longest, longest + 1].map((characters) => {
      const value = valueOfLength(settingNamed(row.setting ?? ''), characters);
      return caseOf({ ...row, given: 'alone' }, value, () => ({}), `of-${characters}`);
    }),
  );
}

/** All accepted overrides together, with one wrong value in the place of a right one: one start a setting and fault. */
export function mixedCases(accepted: readonly OverrideCase[], wrong: readonly OverrideCase[]): OverrideCase[] {
  const all = allTogether(accepted);
  const kinds = new Map(
    wrong.toReversed().map((one): [string, OverrideCase] => [`${one.setting} ${faultOf(one.value)}`, one]),
  );
  return [...kinds].map(([kind, { setting, value, given }]) => ({
    name: `mixed-${kind.replaceAll(' ', '-')}`,
    setting,
    value,
    given,
    overrides: { ...all, [settings[setting].variable]: value },
  }));
}

/**
 * The starts of a table with the columns `setting`, `value`, `second line` and `given`: both lines are one value.
 */
export function twoLineCases(rows: readonly TableRow[], accepted: readonly OverrideCase[]): OverrideCase[] {
  const beside = besideOf(accepted);
  return rows.map((row, at) => {
    const value = [row.value ?? '', row['second line'] ?? ''].map(literalOf).join('\n');
    return caseOf(row, value, beside, `two-lines-${at}`);
  });
}
