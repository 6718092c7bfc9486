// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what starts an ANSI sequence.
const SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

/** The text without ANSI control sequences: OpenShell colours its output even where there is no terminal. */
export function stripAnsi(text: string): string {
  return text.replace(SEQUENCE, '');
}

/** The last `count` lines of a program's output. */
export function lastLines(output: string, count: number): string[] {
  return output.trim().split('\n').slice(-count);
}
