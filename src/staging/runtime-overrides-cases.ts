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

/** All settings. */
export const allSettings = Object.keys(settings) as readonly Setting[];

/** The settings' names in the feature. */
export const settingNames: readonly string[] = Object.values(settings).map(({ name }) => name);

/** The setting of this name in the feature. @throws when there is none */
export function settingNamed(name: string): Setting {
  const found = allSettings.find((setting) => settings[setting].name === name);
  if (found === undefined) throw new Error(`no setting "${name}"; there are: ${settingNames.join(', ')}`);
  return found;
}

/** The settings that a start is given. */
export function settingsIn(overrides: Overrides): readonly Setting[] {
  return allSettings.filter((setting) => overrides[settings[setting].variable] !== undefined);
}

/** A value as the configuration should have it. */
export function asConfigured(setting: Setting, value: string): unknown {
  return settings[setting].json ? JSON.parse(value) : value;
}

/** Values that a feature cannot spell, by their description there. */
const described: Readonly<Record<string, string>> = {
  'a web address': 'https://console.phase9.example.test:9999',
  'another web address': 'http://console-2.phase9.example.test',
  'an ftp address': 'ftp://files.phase9.example.test',
  'an httpx address': 'httpx://files.phase9.example.test',
  'a host name alone': 'console.phase9.example.test',
  'an address with a tab': 'https://console.phase9.example.test/\tx',
  'an address with DEL': 'https://console.phase9.example.test/\x7fx',
  'a name with a tab': 'phase9/a\tmodel',
  'a name with SOH': 'phase9/a\x01model',
  'a name with DEL': 'phase9/a\x7fmodel',
};

/** The value that a cell spells or describes. @throws for a description of no value */
export function literalOf(cell: string): string {
  const value = described[cell] ?? cell;
  if (value === '' || (value === cell && /\s/.test(cell)))
    throw new Error(`"${cell}" describes no value of an override`);
  return value;
}

/**
 * What is wrong with a wrong value: a start with control characters in it is refused, and one with another fault goes on
 * without it. (A line break is no control character here: the product looks at a value line by line.)
 */
export type Fault = 'control characters' | 'invalid';

/** The fault of a wrong value. */
export function faultOf(value: string): Fault {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return /[\x00-\x09\x0b-\x1f\x7f]/.test(value) ? 'control characters' : 'invalid';
}

/** Limits and reasoning count only together with a model or an inference API, so most settings are given with one. */
export type Given = 'alone' | 'with the model' | 'with the inference API';

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

/** What another row of the accepted values gives: by its setting, and given alone. */
type Beside = (setting: Setting) => Overrides;

function givenIn({ given }: TableRow): Given {
  if (given !== 'alone' && given !== 'with the model' && given !== 'with the inference API')
    throw new Error(`a setting is given "alone", "with the model" or "with the inference API", not "${given}"`);
  return given;
}

/** The case of a row with this value. @throws for a row that makes no sense */
export function caseOf(row: TableRow, value: string, beside: Beside, suffix: string): OverrideCase {
  const setting = settingNamed(row.setting ?? '');
  const given = givenIn(row);
  const others = given === 'alone' ? {} : given === 'with the model' ? beside('model') : beside('inference-api');
  const overrides = { ...others, [settings[setting].variable]: value };
  return { name: `${setting}-${suffix}`, setting, value, given, overrides };
}

/** The starts of a table with the columns `setting`, `value` and `given`. @throws for a row that makes no sense */
export function acceptedCases(rows: readonly TableRow[]): OverrideCase[] {
  const beside = (setting: Setting): Overrides => {
    const { name, variable } = settings[setting];
    const row = rows.find((one) => one.setting === name && one.given === 'alone');
    if (row === undefined) throw new Error(`no row gives a ${name} alone`);
    return { [variable]: literalOf(row.value ?? '') };
  };
  return rows.map((row) => caseOf(row, literalOf(row.value ?? ''), beside, givenIn(row).replaceAll(' ', '-')));
}

/**
 * What accepted starts give beside a value: beside a wrong one, it shows a configuration that was written too early.
 */
export function besideOf(accepted: readonly OverrideCase[]): Beside {
  return (setting) => {
    const found = accepted.find((one) => one.setting === setting && one.given === 'alone');
    if (found === undefined) throw new Error(`no sandbox was started with a ${settings[setting].name}`);
    return found.overrides;
  };
}

/**
 * The starts of a table with the columns `setting`, `wrong values` (separated by commas) and `given`, one for each
 * value.
 */
export function wrongCases(rows: readonly TableRow[], accepted: readonly OverrideCase[]): OverrideCase[] {
  const beside = besideOf(accepted);
  return rows.flatMap((row, at) =>
    (row['wrong values'] ?? '')
      .split(', ')
      .map((cell, index) => caseOf(row, literalOf(cell), beside, `wrong-${at}-${index}`)),
  );
}

/** Everything that the accepted starts are given, together. */
export function allTogether(accepted: readonly OverrideCase[]): Overrides {
  return Object.assign({}, ...accepted.map(({ overrides }) => overrides));
}

/** All that a table with the columns `setting` and `value` gives to one start. @throws for a row that makes no sense */
export function overridesIn(rows: readonly TableRow[]): Overrides {
  return Object.fromEntries(
    rows.map(({ setting = '', value = '' }) => [settings[settingNamed(setting)].variable, literalOf(value)]),
  );
}
