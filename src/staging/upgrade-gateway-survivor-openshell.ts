import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { engine } from '../sut/engine';
import type { Phase9World } from '../world/world';
import { becomesReady } from './old-sandbox';
import { attempt, consentingRun } from './upgrade-gateway-survivor-runs';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** A program of the user's that has the name of OpenShell's command. */
    otherProgram: { readonly path: string; readonly text: string };
  }
}

/** Has a version, higher than any that OpenShell has, and does with every word what the user wrote it for. */
const OTHER = `#!/bin/sh
# Opens a shell in a directory of my choice.
case \${1:-} in
  --version | -V) echo 'openshell-here 3.1.4' ;;
  --help | -h) echo 'Usage: openshell [DIRECTORY]' ;;
  *) echo "no directory $1" ;;
esac
`;

/** Starts the second sandbox where it is stopped, so that nothing but the operator's commands is in the way. */
export async function startSecond(world: Phase9World): Promise<void> {
  const second = world.get('survivors').at(-1);
  if (!second) throw new Error('there is no second sandbox');
  const container = engine().getContainer(second.container);
  if (!(await container.inspect()).State.Running) await container.start();
  await becomesReady(world, second.name);
}

/** Runs the current installer with consent while the old openshell is gone, and puts that back where nothing came in its place. */
export async function upgradeWithoutOpenshell(world: Phase9World): Promise<void> {
  await startSecond(world);
  const place = path.join(world.own.durable.userPrograms, 'openshell');
  const away = path.join(world.own.directory, 'openshell-of-the-old-release');
  await attempt(world, async () => {
    renameSync(place, away);
    try {
      return await consentingRun(world);
    } finally {
      if (existsSync(place)) rmSync(away);
      else renameSync(away, place);
    }
  });
}

/** Runs the current installer with consent where another program called openshell is found first. */
export async function upgradeBehindOtherProgram(world: Phase9World): Promise<void> {
  await startSecond(world);
  const { environment, directory } = world.own;
  const programs = path.join(directory, 'programs-of-the-user');
  mkdirSync(programs);
  const otherProgram = { path: path.join(programs, 'openshell'), text: OTHER };
  writeFileSync(otherProgram.path, OTHER, { mode: 0o755 });
  world.set({ otherProgram });
  const PATH = [programs, environment.PATH].join(path.delimiter);
  await attempt(world, () => consentingRun(world, { PATH }));
}
