/** Commands for one sandbox that bring something back, and those for all. */
const OF_ONE = ['rebuild', 'recover', 'snapshot restore'];

/** What a shell would make of a command as it is printed: words, quotes taken off; nothing of a comment or of prose behind it. */
function wordsIn(printed: string): string[] {
  const words: string[] = [];
  for (const [, double, single, bare] of printed.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    const quoted = double ?? single;
    const word = quoted ?? (bare ?? '').replace(/[.,;:)]+$/, '');
    if (quoted === undefined && !/^[\w./=:@-]+$/.test(word)) break;
    words.push(word);
    if (quoted === undefined && word !== bare) break;
  }
  return words;
}

/** The words of a command that brings a sandbox back, without the prose that may follow on the same line; undefined for any other. */
function recovery(words: readonly string[], sandbox: string): readonly string[] | undefined {
  const [first, ...rest] = words;
  const flags = (from: readonly string[]) => {
    const end = from.findIndex((word) => !word.startsWith('-'));
    return end < 0 ? from : from.slice(0, end);
  };
  if (first === 'onboard') return ['onboard', ...flags(rest)];
  if (first !== sandbox) return undefined;
  const command = OF_ONE.find((one) => one === rest.slice(0, one.split(' ').length).join(' '));
  if (command === undefined) return undefined;
  const behind = rest.slice(command.split(' ').length);
  if (command !== 'snapshot restore') return [sandbox, command, ...flags(behind)];
  const [timestamp] = behind;
  return timestamp === undefined || timestamp.startsWith('<') ? undefined : [sandbox, 'snapshot', 'restore', timestamp];
}

/**
 * The commands of NemoClaw by which a text says a sandbox comes back: in its order, each once. Commands that only look, and those
 * with a gap for the reader to fill, are none.
 */
export function waysBackIn(text: string, sandbox: string): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const [, printed = ''] of text.matchAll(/(?:^|[\s`'"(:])nemoclaw[ \t]+([^`\n]+)/g)) {
    const words = recovery(wordsIn(printed), sandbox);
    if (words !== undefined && !found.has(words.join('\0'))) found.set(words.join('\0'), words);
  }
  return [...found.values()];
}
