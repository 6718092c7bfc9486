import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { REPOSITORY } from '../../repository';
import { EXIT } from '../../run/exit';
import { reportsDirectory, stateDirectory } from '../../run-context';
import { loadAreas, loadSurvivors, type MutationArea, readDraw, writeDraw } from '../../spec/mutants';
import { mapConcurrent } from '../../sut/map-concurrent';
import { UserError } from '../../user-error';
import { runAction } from '../run-action';
import { referenceInputs } from '../setup/reference';
import { Workspaces } from '../trials/workspaces';
import { draw, mutantsOfArea } from './draw';
import { readFate, writeFate } from './fates';
import { groundwork } from './groundwork';
import { printMutants, type Tried } from './print';
import { tryTogether } from './survivors';
import { type Place, tryMutant } from './try';
import { validity } from './validity';

interface Options {
  readonly seed: string;
  readonly count: number;
  readonly area?: readonly string[];
  readonly jobs: number;
  readonly list?: true;
  readonly json?: true;
}

function whole(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('give a number from 1 to 99999');
  return Number(value);
}

function seedOf(value: string): string {
  if (!/^[\w-]{1,40}$/.test(value)) throw new InvalidArgumentError('give up to 40 letters, digits, - or _');
  return value;
}

/** Adds `phase9 mutants`. */
export function registerMutants(program: Command): void {
  program
    .command('mutants')
    .description(
      'make small mechanical changes in copies of the reference SUT, drawn by chance, and see which the features see',
    )
    .requiredOption('--seed <seed>', 'what the draw depends on; the same seed draws the same', seedOf)
    .option('--count <n>', 'how many, shared equally among the areas', whole, 20)
    .option('--area <names>', 'only these areas of audit/mutation-areas.yaml', (value: string) => value.split(','))
    .option('--jobs <n>', 'copies side by side', whole, 2)
    .option('--list', 'draw, write the draw down, and try nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  phase9 mutants --seed autumn --count 200
  phase9 mutants --seed autumn --count 20 --area backup,policy

The draw is written to audit/mutants/<seed>.json before the first trial. A call that was interrupted goes on where it stopped. First the
features run on the healthy SUT, and on a planted defect of each area: where that is not seen, nothing is tried. A mutant that no feature
sees needs a judgement in audit/mutants.yaml.
Exit status: 0 each was seen or is judged equivalent or outside the rows; 1 one is not; 2 bad input or environment; 130 interrupted.`,
    )
    .action((options: Options) => runAction('mutants', (signal) => mutantsCommand(options, signal)));
}

/** @throws UserError for a name that no area has */
function askedAreas(names: readonly string[] | undefined): readonly MutationArea[] {
  const all = loadAreas();
  const unknown = (names ?? []).filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0) {
    throw new UserError(`there is no area ${unknown.join(', ')}; there are: ${all.map(({ name }) => name).join(', ')}`);
  }
  return all.filter(({ name }) => names?.includes(name) ?? true);
}

async function mutantsCommand(options: Options, signal: AbortSignal): Promise<void> {
  const { seed, count, jobs, json } = options;
  const areas = askedAreas(options.area);
  const say = (line: string): void => void (json || process.stdout.write(`${line}\n`));
  const sut = referenceInputs(REPOSITORY);
  const earlier = readDraw(seed);
  if (earlier !== undefined && earlier.sut !== sut) {
    throw new UserError(`the seed ${seed} was drawn for other sources of the reference SUT: take another seed`);
  }
  const drawn = earlier?.mutants ?? draw(await Promise.all(areas.map(mutantsOfArea)), count, seed, validity());
  if (earlier === undefined) writeDraw({ version: 1, seed, sut, at: new Date().toISOString(), mutants: drawn });
  const mutants = drawn.filter(({ area }) => areas.some(({ name }) => name === area));
  say(`${mutants.length} mutants of ${areas.length} areas, in audit/mutants/${seed}.json`);
  if (options.list) return;
  const results = path.join(reportsDirectory(), 'mutants', seed);
  const copies = new Workspaces(path.join(stateDirectory(), 'mutants'));
  const place: Place = { copies, logs: path.join(results, 'output'), signal };
  try {
    const features = await groundwork(place, areas, results, jobs, say);
    let done = 0;
    const tried = await mapConcurrent(mutants, jobs, async (mutant): Promise<Tried> => {
      const area = areas.find(({ name }) => name === mutant.area);
      if (area === undefined) throw new Error(`no area ${mutant.area}`);
      const known = readFate(results, mutant);
      const fate = known ?? writeFate(results, mutant, await tryMutant(place, mutant, area, features));
      done += 1;
      const by = fate.is === 'killed' ? ` by ${fate.by.slice(0, 3).join(', ')}` : '';
      if (!known) say(`[${done} of ${mutants.length}] ${mutant.file}:${mutant.line} ${mutant.kind}: ${fate.is}${by}`);
      return { mutant, fate };
    });
    const unseen = tried.filter(({ fate }) => fate.is === 'survived').map(({ mutant }) => mutant);
    say(`${unseen.length} were not seen by the features of their areas: they are tried on all features`);
    const late = await tryTogether(place, unseen);
    for (const [id, fate] of late) writeFate(results, { id }, fate);
    const final = tried.map(({ mutant, fate }) => ({ mutant, fate: late.get(mutant.id) ?? fate }));
    process.exitCode = printMutants(final, loadSurvivors(), json === true) ? EXIT.passed : EXIT.failed;
  } finally {
    await copies.close();
  }
}
