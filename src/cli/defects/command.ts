import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { TraceRow } from '../../audit-input/specification';
import { EXIT } from '../../run/exit';
import { reportsDirectory, stateDirectory } from '../../run-context';
import { type Defect, loadDefects } from '../../spec/defects';
import { UserError } from '../../user-error';
import { listOfRows } from '../rows';
import { runAction } from '../run-action';
import { outcomeOf, writeOutcome } from './outcome';
import { type Made, shardOf, trialsOf } from './plan';
import { listDefects, printOutcome } from './print';
import { runTrials } from './run-trials';
import { presentState } from './state';

interface Options {
  readonly rows?: readonly string[];
  readonly ids?: readonly string[];
  readonly defects?: readonly string[];
  readonly shard: { readonly index: number; readonly of: number };
  readonly jobs: number;
  readonly together: number;
  readonly again?: true;
  readonly list?: true;
  readonly json?: true;
}

const listOf = (value: string): string[] => value.split(',').map((one) => one.trim());

function shard(value: string): Options['shard'] {
  const [, index = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
  if (index < 1 || index > of) throw new InvalidArgumentError('give a part of a whole, such as 1/4');
  return { index, of };
}

function count(value: string): number {
  if (!/^[1-9]\d?$/.test(value)) throw new InvalidArgumentError('give a number from 1 to 99');
  return Number(value);
}

/** Adds `phase9 defects`. */
export function registerDefects(program: Command): void {
  program
    .command('defects')
    .description(
      'make each known defect in a copy of the reference SUT, and see the assertions that must turn red do so',
    )
    .option('--rows <rows>', 'only the assertions of these rows, such as AQ-050,AQ-051', listOfRows)
    .option('--ids <ids>', 'only these assertions', listOf)
    .option('--defects <names>', 'only these defects', listOf)
    .option('--shard <i/n>', 'only the i-th of n parts, such as 1/4', shard, { index: 1, of: 1 })
    .option('--jobs <n>', 'copies side by side', count, 2)
    .option('--together <n>', 'the most independent defects that share a run', count, 4)
    .option('--again', 'run what an earlier call with the same suite and SUT has run, too')
    .option('--list', 'show each assertion with its defects, and run nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  phase9 defects --rows AQ-053
  phase9 defects --ids rebuild.openclaw.marker-preserved
  phase9 defects --shard 1/4 --jobs 1             (one of four machines)

Defects stand in reference-sut/defects/, as small replacements; copies of this checkout are changed, never the checkout itself.
A call that was interrupted goes on where it stopped. Writes audit/proofs/<row>.json, and defects.junit.xml and defects.json in the
directory of reports.
Exit status: 0 each asked assertion was red for its defects, and no other was; 1 one was not, or has no defect; 2 bad input or
environment; 130 interrupted.`,
    )
    .action((options: Options) => runAction('defects', (signal) => defectsCommand(options, signal)));
}

async function defectsCommand(options: Options, signal: AbortSignal): Promise<void> {
  // Loads Cucumber and every step definition: only for this command.
  const { specification } =
    require('../../audit-input/specification') as typeof import('../../audit-input/specification');
  const { steps } = await specification();
  const asked = askedIds(steps, options);
  const defects = askedDefects(asked, options);
  if (options.list) return listDefects(asked, defects, options.json === true);
  const trials = shardOf(trialsOf(defects, scenariosOf(steps), options.together), options.shard);
  const state = presentState();
  const reports = path.join(reportsDirectory(), 'defects');
  const results = await runTrials(trials, {
    ...{ jobs: options.jobs, again: options.again === true, state, signal, quiet: options.json === true },
    ...{ results: path.join(reports, state.name), copies: path.join(stateDirectory(), 'defects') },
  });
  // A shard proves its part, and named defects prove their own: what others prove is not missing from them.
  const part = options.shard.of > 1 || options.defects !== undefined;
  const wanted = part ? [] : asked;
  const outcome = outcomeOf(results, defects, wanted, state);
  writeOutcome(outcome, reports);
  printOutcome(outcome, options.json === true);
  process.exitCode = outcome.passed ? EXIT.passed : EXIT.failed;
}

/** The scenarios that make assertions, in the order of the features. */
function scenariosOf(steps: readonly TraceRow[]): readonly Made[] {
  const made = new Map<string, { location: string; scenario: string; ids: string[] }>();
  for (const { location, scenario, id } of steps) {
    const one = made.get(location) ?? { location, scenario, ids: [] };
    one.ids.push(id);
    made.set(location, one);
  }
  return [...made.values()];
}

/** The assertions asked for. @throws UserError for one that no feature makes */
function askedIds(steps: readonly TraceRow[], { rows, ids }: Options): readonly string[] {
  const all = new Set(steps.map(({ id }) => id));
  const unknown = (ids ?? []).filter((id) => !all.has(id));
  if (unknown.length > 0) throw new UserError(`no feature makes ${unknown.join(', ')}`);
  const wanted = steps.filter(({ row, id }) => (rows?.includes(row) ?? true) && (ids?.includes(id) ?? true));
  return [...new Set(wanted.map(({ id }) => id))];
}

/** The defects of these assertions. @throws UserError for a name that no defect has */
function askedDefects(asked: readonly string[], { defects: named }: Options): readonly Defect[] {
  const all = loadDefects();
  const unknown = (named ?? []).filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0) throw new UserError(`there is no defect ${unknown.join(', ')}`);
  return all.filter(({ name, red }) => (named?.includes(name) ?? true) && red.some((id) => asked.includes(id)));
}
