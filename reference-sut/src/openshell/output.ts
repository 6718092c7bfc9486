/**
 * The CLI's output: colours are always on, even with NO_COLOR and without a terminal.
 */
const sgr = (open: string) => (text: string) => `\u001b[${open}m${text}\u001b[0m`;

export const style = {
  heading: sgr('1;36'),
  label: sgr('2'),
  strong: sgr('1'),
  good: sgr('32'),
  warning: sgr('33'),
  bad: sgr('31'),
};

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A heading and, below an empty line, its fields: two spaces, the dim label, the value. */
export function section(heading: string, fields: readonly (readonly [label: string, value: string])[]): string {
  const lines = fields.map(([label, value]) => `  ${style.label(`${label}:`)} ${value}`);
  return [style.heading(heading), '', ...lines].join('\n');
}

/** A table: bold header, two spaces between columns, the last column not padded. `paint` colours a cell once it is padded. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number) => string = (cell) => cell,
): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], dress: (cell: string, column: number) => string) =>
    cells
      .map((cell, column) => {
        const padding = column === cells.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - cell.length);
        return `${dress(cell, column)}${padding}`;
      })
      .join('  ');
  return [line(header, style.strong), ...rows.map((row) => line(row, paint))].join('\n');
}

export function phase(text: string): string {
  if (text === 'Ready') return style.good(text);
  return text === 'Error' ? style.bad(text) : style.warning(text);
}

/** Every non-empty line further in. */
export function indent(text: string, by = '  '): string {
  return text.replace(/^(?=.)/gm, by);
}

/** `2026-11-22 15:10:50`, UTC, from an ISO time. */
export function clock(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replace('T', ' ');
}

/** The lines of an error: the failure, then its causes, a line each. */
export function errorLines(causes: readonly string[]): string {
  const [first = 'unknown error', ...behind] = causes;
  const branches = behind.map((cause, index) => `  ${index === behind.length - 1 ? '╰─▶' : '├─▶'} ${cause}`);
  return [`Error:   × ${first}`, ...branches].join('\n');
}
