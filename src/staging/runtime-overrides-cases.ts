/** Environment that one start of the sandbox image is given. */
export type Overrides = Readonly<Record<string, string>>;

/**
 * What an operator can override at a start, by its part in the IDs of the ledger: its name in the feature, its
 * variable, and whether the configuration has its value as JSON rather than as text.
 */
export const settings = {
  model: { name: 'model', variable: 'NEMOCLAW_MODEL_OVERRIDE', json: false },
  'context-window': { name: 'context window', variable: 'NEMOCLAW_CONTEXT_WINDOW', json: true },
  'max-tokens': { name: 'maximum response length', variable: 'NEMOCLAW_MAX_TOKENS', json: true },
  reasoning: { name: 'reasoning', variable: 'NEMOCLAW_REASONING', json: true },
  cors: { name: 'browser origin', variable: 'NEMOCLAW_CORS_ORIGIN', json: false },
  'inference-api': { name: 'inference API', variable: 'NEMOCLAW_INFERENCE_API_OVERRIDE', json: false },
} as const;
export type Setting = keyof typeof settings;

/** The settings' names in the feature. */
export const settingNames: readonly string[] = Object.values(settings).map(({ name }) => name);

/** The setting of this name in the feature. @throws when there is none */
export function settingNamed(name: string): Setting {
  const found = (Object.keys(settings) as Setting[]).find((setting) => settings[setting].name === name);
  if (found === undefined) throw new Error(`no setting "${name}"; there are: ${settingNames.join(', ')}`);
  return found;
}

/** Values that a feature cannot spell, by their description there. */
const described: Readonly<Record<string, string>> = {
  'a web address': 'https://console.phase9.example.test:9999',
  'an ftp address': 'ftp://files.phase9.example.test',
  'an httpx address': 'httpx://files.phase9.example.test',
  'a host name alone': 'console.phase9.example.test',
  'a name with a tab': 'phase9/a\tmodel',
  'a name with SOH': 'phase9/a\x01model',
  'a name with DEL': 'phase9/a\x7fmodel',
};

/** The value that a cell spells or describes. @throws for a description of no value */
function literalOf(cell: string): string {
  const value = described[cell] ?? cell;
  if (value === '' || (value === cell && /\s/.test(cell)))
    throw new Error(`"${cell}" describes no value of an override`);
  return value;
}

/** Limits and reasoning count only together with a model, so most settings are given with one. */
export type Given = 'alone' | 'with the model';

/** One start of the image with overrides: the setting and the value that it is about, and all that it is given. */
export interface OverrideCase {
  /** Part of its container's name. */
  readonly name: string;
  readonly setting: Setting;
  readonly value: string;
  readonly given: Given;
  readonly overrides: Overrides;
}

/** A row of a data table, by the table's header. */
export type TableRow = Readonly<Record<string, string>>;

function given(row: TableRow): Given {
  if (row.given !== 'alone' && row.given !== 'with the model')
    throw new Error(`a setting is given "alone" or "with the model", not "${row.given}"`);
  return row.given;
}

/** The override of the model among the rows of accepted values. @throws when none of them has one */
function modelIn(rows: readonly TableRow[]): Overrides {
  const row = rows.find(({ setting }) => setting === settings.model.name);
  if (row === undefined) throw new Error('no row gives a model');
  return { [settings.model.variable]: literalOf(row.value ?? '') };
}

function caseOf(row: TableRow, cell: string, model: Overrides, suffix: string): OverrideCase {
  const setting = settingNamed(row.setting ?? '');
  const value = literalOf(cell);
  const beside = given(row) === 'alone' ? {} : model;
  const overrides = { ...beside, [settings[setting].variable]: value };
  return { name: `${setting}-${suffix}`, setting, value, given: given(row), overrides };
}

/** The starts of a table with the columns `setting`, `value` and `given`. @throws for a row that makes no sense */
export function acceptedCases(rows: readonly TableRow[]): OverrideCase[] {
  const model = modelIn(rows);
  return rows.map((row) => caseOf(row, row.value ?? '', model, given(row).replaceAll(' ', '-')));
}

/**
 * The starts of a table with the columns `setting`, `wrong values` (separated by commas) and `given`, one for each
 * value.
 * @param accepted the accepted starts, for the model: beside a wrong value, it shows a configuration that was written
 * too early
 */
export function wrongCases(rows: readonly TableRow[], accepted: readonly OverrideCase[]): OverrideCase[] {
  const model = accepted.find((one) => one.setting === 'model')?.overrides;
  if (model === undefined) throw new Error('no sandbox was started with a model');
  return rows.flatMap((row) =>
    (row['wrong values'] ?? '').split(', ').map((cell, index) => caseOf(row, cell, model, `wrong-${index}`)),
  );
}

/** Everything that the accepted starts are given, together. */
export function allTogether(accepted: readonly OverrideCase[]): Overrides {
  return Object.assign({}, ...accepted.map(({ overrides }) => overrides));
}
