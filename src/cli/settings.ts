import type { Command } from 'commander';
import { redact } from '../secrets/redact';
import { type SettingOrigin, settingOrigins } from '../settings';
import { runAction } from './run-action';

/** Adds `phase9 settings`. */
export function registerSettings(program: Command): void {
  program
    .command('settings')
    .description('Prints every setting, its value and where it comes from: flag, environment, phase9.yaml or default.')
    .option('--json', 'one JSON array: name, value, from, where')
    .option('--profile <name>', 'reference or live, in place of PHASE9_PROFILE')
    .addHelpText(
      'after',
      `
phase9.example.yaml shows every setting of phase9.yaml; PHASE9_CONFIG names another file. docs/live.md explains those of \`live:\`.

Exit status: 0; 2 when a setting is invalid, with its variable or its file:line:column.`,
    )
    .action((options: { readonly json?: true; readonly profile?: string }) =>
      runAction('settings', async () => {
        const origins = settingOrigins(process.env, { profile: options.profile });
        const text = options.json ? JSON.stringify(origins, null, 2) : table(origins);
        process.stdout.write(`${redact(text)}\n`);
      }),
    );
}

function table(origins: readonly SettingOrigin[]): string {
  const rows = origins.map(({ name, value, from, where }) => [
    name,
    shown(value),
    where === '' ? from : `${from} ${where}`,
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A value on one line; a dash where nothing is set. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length === 0 ? '–' : JSON.stringify(value);
  }
  return value === '' ? '–' : String(value);
}
