import { statSync } from 'node:fs';
import path from 'node:path';
import parseTags from '@cucumber/tag-expressions';

const NO_FORCED_EXIT = 'with --exit the run would end before its reports are whole and searched for secrets';
const NO_RETRY =
  'with --retry a later verdict would take the place of the first: run a scenario again in a run of its own';

/** The values of an option, as `--name value` and as `--name=value`. */
function valuesOf(argv: readonly string[], ...names: readonly string[]): string[] {
  return argv.flatMap((one, index) => {
    const [name = '', ...value] = one.split('=');
    if (!names.includes(name)) return [];
    return [value.length > 0 ? value.join('=') : (argv[index + 1] ?? '')];
  });
}

/** Arguments that Cucumber takes for paths: those behind no option. */
function paths(argv: readonly string[]): string[] {
  return argv.filter((one, index) => !one.startsWith('-') && !argv[index - 1]?.startsWith('-'));
}

function isDirectory(at: string): boolean {
  return statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Looks at the arguments of cucumber-js for what it answers with a stack, with nothing, or with less than a run needs.
 * @param dry whether it is a dry run, which has no verdicts
 * @throws Error with one sentence
 */
export function requireReadable(argv: readonly string[], dry: boolean): void {
  // Each of them alone: Cucumber joins them before it reads them.
  for (const tags of valuesOf(argv, '--tags', '-t')) parseTags(tags);
  const words = paths(argv).filter((one) => /^(@\S+|and|or|not)$/.test(one));
  if (words.length > 0) {
    throw new Error(`${words.join(' ')} stands behind no option: a tag expression with spaces belongs in quotes`);
  }
  const dotted = paths(argv).find((one) => path.extname(one) !== '' && isDirectory(one));
  if (dotted !== undefined) {
    throw new Error(
      `Cucumber takes the dot of ${dotted} for an extension: name its files, as ${path.join(dotted, '*.feature')}`,
    );
  }
  if (dry) return;
  if (argv.some((one) => one === '--exit' || one === '--force-exit')) throw new Error(NO_FORCED_EXIT);
  if (valuesOf(argv, '--retry').some((one) => one !== '0')) throw new Error(NO_RETRY);
}
