import { lookingAt } from '../../run/live/ask';
import { scenarioGroups } from '../../run/live/contracts';
import { ALL_OF_STAGING, needsOf } from '../../run/live/needs';
import { NO_OPENSHELL, openshellProgram } from '../../run/live/openshell';
import { lookAtAll, type RowReadiness, rowsReady } from '../../run/live/readiness';
import { type Profile, ProfileError } from '../../sut/profile';
import { profileOf } from '../../sut/profiles/choose';
import { UserError } from '../../user-error';
import type { Finding } from './finding';

/**
 * Looks at the live installation: product, OpenShell, builder, old agents, releases, gateway, and each row.
 * @throws UserError when there is no NemoClaw, or no OpenShell.
 */
export async function checkLive(signal: AbortSignal): Promise<Finding[]> {
  return lookingAt(liveProfileOrRefuse(), signal, async (installation) => {
    if (openshellProgram('openshell', installation.environment) === undefined) throw new UserError(NO_OPENSHELL);
    const groups = scenarioGroups();
    const looks = await lookAtAll(installation, [...ALL_OF_STAGING, ...groups.flatMap(needsOf)]);
    const rows = rowsReady(groups, looks, installation.profile);
    return [...[...looks.values()].flat(), ...rows.map(findingOf)];
  });
}

function liveProfileOrRefuse(): Profile {
  try {
    return profileOf('live');
  } catch (error) {
    throw error instanceof ProfileError ? new UserError(error.message) : error;
  }
}

/** The judgement of a row. Reasons are named; the findings of these names tell them in full. */
export function findingOf({ row, can, groups, notApplicable, assertions }: RowReadiness): Finding {
  const able = groups.filter(({ stoppedBy }) => stoppedBy.length === 0).map(({ group }) => group.name);
  const unable = groups
    .filter(({ stoppedBy }) => stoppedBy.length > 0)
    .map(({ group, stoppedBy }) => `${group.name} (${[...new Set(stoppedBy.map(({ name }) => name))].join(', ')})`);
  const parts = [
    ...(able.length > 0 ? [`can run: ${able.join(', ')}`] : []),
    ...(unable.length > 0 ? [`cannot run: ${unable.join(', ')}`] : []),
    ...[...notApplicable].map(
      ([reason, ids]) => `not applicable: ${ids.length} of ${assertions} assertions, because ${reason}`,
    ),
  ];
  const state = can === 'all' ? 'ok' : can === 'some' ? 'warn' : 'fail';
  return { name: row, row, state, found: parts.join('; ') };
}
