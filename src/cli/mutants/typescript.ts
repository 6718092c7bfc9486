import { Instrumenter } from '@stryker-mutator/instrumenter';
import ts from 'typescript';
import type { Found } from './found';

const nothing = (): void => undefined;
const QUIET = { debug: nothing, info: nothing, warn: nothing, error: nothing, trace: nothing, fatal: nothing };

/** Calls whose arguments only say something. */
const SPEAKING = /^(say|complain|relay|print|section|log|describe|CommandFailure|Failure|Error|StepFailure|Problem)$/;

/** Every change that Stryker's instrumenter knows in a TypeScript file, but for texts that are only printed. */
export async function mutantsInTypeScript(name: string, text: string): Promise<Found[]> {
  const logger = { ...QUIET, isDebugEnabled: () => false } as unknown as ConstructorParameters<typeof Instrumenter>[0];
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: true };
  const { mutants } = await new Instrumenter(logger).instrument([{ name, mutate: true, content: text }], options);
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const spoken = spokenRanges(source);
  const at = ({ line, column }: { line: number; column: number }) => source.getPositionOfLineAndCharacter(line, column);
  return mutants.flatMap(({ location, mutatorName, replacement }) => {
    const [start, end] = [at(location.start), at(location.end)];
    if (spoken.some((range) => range.start <= start && end <= range.end)) return [];
    return [{ kind: mutatorName, start, original: text.slice(start, end), by: replacement }];
  });
}

/** Where a file only speaks: arguments of printing calls and of errors. */
function spokenRanges(source: ts.SourceFile): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  const look = (node: ts.Node): void => {
    const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : undefined;
    const name = called && (ts.isPropertyAccessExpression(called) ? called.name.text : called.getText(source));
    if (name !== undefined && SPEAKING.test(name)) ranges.push({ start: node.getStart(source), end: node.getEnd() });
    ts.forEachChild(node, look);
  };
  look(source);
  return ranges;
}
