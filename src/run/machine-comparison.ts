import { homedir } from 'node:os';
import path from 'node:path';
import { type MachineDifference, type MachineState, machineDifferences, seeMachine } from '../sut/machine-state';
import type { Profile } from '../sut/profile';

/** Executables that a SUT leaves running. */
const PROGRAMS = ['openshell', 'openshell-gateway', 'openshell-sandbox', 'nemoclaw', 'nemoclaw.js'];

/** The machine before a run, to be compared with the machine after it: only that shows that everything is restored. */
export class MachineComparison {
  private constructor(
    private readonly before: MachineState,
    private readonly look: () => Promise<MachineState>,
  ) {}

  /** Looks at the machine, before anything is staged. */
  static async begin(profile: Profile): Promise<MachineComparison> {
    const tree = profile.isolation === 'in-place' ? path.join(profile.distribution, profile.tree) : null;
    const look = () => seeMachine({ home: homedir(), tree, programs: PROGRAMS });
    return new MachineComparison(await look(), look);
  }

  /** Looks again. @returns what is not as it was, whoever changed it */
  async end(): Promise<readonly MachineDifference[]> {
    return machineDifferences(this.before, await this.look());
  }
}

/** What a run is to answer for, by the profile and the run's name. */
export interface Responsibility {
  readonly run: string;
  /** True where one scenario at a time uses the user's own installation. */
  readonly inPlace: boolean;
  /** Whether one of its scenarios may use the engine. */
  readonly engine: boolean;
  /** Images that the SUT makes of a sandbox. */
  readonly sandboxImages: RegExp;
}

/** What the run of that name answers for, on the system of `profile`. @param engine whether one of its scenarios may use the engine */
export function responsibilityOf({ isolation, sandboxImages }: Profile, run: string, engine: boolean): Responsibility {
  return { run, inPlace: isolation === 'in-place', engine, sandboxImages: new RegExp(sandboxImages) };
}

/** The mark of a run in the name of what its scenarios make, and of a process that has the run's name itself: the end of that name. */
const MARK = /\bp9-([0-9a-z]{4})-\d|, run \S*([0-9a-z]{4})\)/;

/**
 * Whether a difference is this run's: its name has the mark of the run's scenarios, or it has no run's mark, only this run uses the installation, and the
 * thing is one that the installation makes. A process with another HOME than the user's is somebody's who set it: the run's own have their scenario's.
 * Anything else on a machine may change meanwhile.
 */
export function isOfRun({ kind, name, change }: MachineDifference, own: Responsibility): boolean {
  const [, scenario, run] = MARK.exec(name) ?? [];
  const marked = scenario ?? run;
  if (marked !== undefined) return marked === own.run.slice(-4);
  if (!own.inPlace) return false;
  switch (kind) {
    case 'tree':
      return true;
    case 'process':
      return change === 'new' && !/, HOME \S/.test(name);
    case 'home':
      return name.startsWith('.');
    case 'image':
      return own.engine && change === 'new' && own.sandboxImages.test(name);
    case 'container':
    case 'network':
    case 'volume':
      return own.engine && change === 'new' && /^openshell\b/.test(name);
    case 'port':
      return false;
  }
}

function named({ kind, name, change }: MachineDifference): string {
  return `${kind} ${name}: ${change}`;
}

/**
 * The words of the summary about the restore: a line, and one for each thing that is not as before. “Everything” stands there only where a comparison
 * of before and after found no difference.
 * @param leftByRun differences that the run answers for
 * @param differences all of them; undefined where nobody looked
 */
export function restoreLines(
  { complete, registeredLeft }: { readonly complete: boolean; readonly registeredLeft: boolean },
  leftByRun: readonly MachineDifference[],
  differences: readonly MachineDifference[] | undefined,
): readonly string[] {
  if (registeredLeft) return ['NOT everything: run `npx phase9 restore`', ...leftByRun.map(named)];
  if (leftByRun.length > 0)
    return ['NOT everything: the run made these, and they are still there', ...leftByRun.map(named)];
  if (!complete) return ['all that was left open, by a scenario that did not reach its end'];
  if (differences === undefined) return ['all that was registered; the machine was not compared'];
  if (differences.length === 0)
    return ['everything: the machine is as before the run (engine, HOME, tree, ports, processes)'];
  return [
    'all that was registered; these differ from before, by something other than this run',
    ...differences.map(named),
  ];
}
