/** One line of a command's output, indented as all of them are. */
export function say(line = ''): void {
  process.stdout.write(line === '' ? '\n' : `  ${line}\n`);
}

/** One line for stderr, indented in the same way. */
export function complain(line = ''): void {
  process.stderr.write(line === '' ? '\n' : `  ${line}\n`);
}

/** Prints a child's output, each line indented by `indent` spaces; without empty lines. */
export function relay(text: string, indent = 2): void {
  for (const line of text.split('\n')) if (line.trim() !== '') process.stdout.write(`${' '.repeat(indent)}${line}\n`);
}
