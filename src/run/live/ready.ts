import type { IFilterablePickle } from '@cucumber/cucumber/api';
import type { Profile } from '../../sut/profile';
import { lookingAt } from './ask';
import { isOfGroup, scenarioGroups } from './contracts';
import { needsOf } from './needs';
import { NO_OPENSHELL, openshellProgram } from './openshell';
import { groupReady, lookAtAll, reasonsOf } from './readiness';

/**
 * Looks, before anything is staged, at what the selected scenarios need of a live installation.
 * @param warn gets a line where the release is not a known one, and for each group of them that cannot run, where others can
 * @throws when none of them can run: with every reason, and what to do
 */
export async function readyLive(
  profile: Profile,
  pickles: readonly IFilterablePickle[],
  warn: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (profile.release.nearest) warn(profile.release.found);
  const groups = scenarioGroups().filter((group) =>
    pickles.some(({ pickle }) => isOfGroup(group, pickle.uri, pickle.tags)),
  );
  const needs = groups.flatMap(needsOf);
  await lookingAt(profile, signal, async (installation) => {
    const looks = await lookAtAll(installation, needs);
    const unable = groups
      .map((group) => groupReady(group, looks, profile))
      .filter(({ stoppedBy }) => stoppedBy.length > 0);
    if (unable.length === 0) return;
    if (unable.length < groups.length) {
      for (const one of unable) warn(reasonsOf(one));
      return;
    }
    const noOpenshell =
      needs.includes('openshell') && openshellProgram('openshell', installation.environment) === undefined;
    const reasons = noOpenshell ? NO_OPENSHELL : unable.map(reasonsOf).join('\n');
    throw new Error(`${reasons}; nothing was staged (\`npx phase9 doctor --profile live\` shows everything)`);
  });
}
