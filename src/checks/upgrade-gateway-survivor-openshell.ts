import { dirname } from 'node:path';
import type { AssertionContext } from '../evidence/assertion';
import { sha256 } from '../sha256';
import type { Phase9World } from '../world/world';
import { printed } from './command';
import { commandLineIs, currentGatewayRuns } from './upgrade-gateway-survivor';
import { everySandboxSurvives, sameOldInstallation } from './upgrade-gateway-survivor-runs';

/** The installer stops, names what is in its way and changes nothing; or it brings every sandbox over, under the current gateway. */
async function losesNothing(a: AssertionContext, world: Phase9World, named: string): Promise<void> {
  const attempt = world.get('attempt');
  const { ended, exit } = a.see(attempt);
  a.equals('how the installer ended', ended, 'exited');
  if (exit !== 0) {
    a.includes('output of the installer', printed(a, attempt), named);
    return sameOldInstallation(a, world);
  }
  await commandLineIs(a, world, 'current');
  await currentGatewayRuns(a, world);
  await everySandboxSurvives(a, world);
}

/** Without an openshell, the installer loses no sandbox. */
export async function missingOpenshellLosesNothing(a: AssertionContext, world: Phase9World): Promise<void> {
  await losesNothing(a, world, 'openshell');
}

/** Behind another program of that name, the installer loses no sandbox, and that program stays as it is. */
export async function otherProgramIsLeftAlone(a: AssertionContext, world: Phase9World): Promise<void> {
  const { path, text } = world.get('otherProgram');
  const now = a.see(world.own.durable.file(path));
  a.equals('SHA-256 of the other program', sha256(now), sha256(text));
  await losesNothing(a, world, dirname(path));
}
