import type { LiveSettings } from '../../settings';
import type { Bounds, Profile } from '../profile';
import { seconds } from '../until';

/** Lays over a profile what only the user of that installation knows (`live:` in phase9.yaml). */
export function withSettings(profile: Profile, live: LiveSettings): Profile {
  const { oldAgents, upgrade, bounds, isolate } = profile;
  const { endpoint, hosts, environment } = live;
  return {
    ...profile,
    oldAgents: {
      openclaw: oldAgent(live.oldAgents.openclaw) ?? oldAgents.openclaw,
      hermes: oldAgent(live.oldAgents.hermes) ?? oldAgents.hermes,
    },
    upgrade: live.releases === '' ? upgrade : { ...upgrade, local: live.releases },
    bounds: { ...bounds, ...inMilliseconds(live.bounds) },
    isolate: (own) => ownersOver(isolate(own), environment),
    reach: { hosts, ...(endpoint !== '' && { endpoint }) },
  };
}

/** What the user says of an old agent, whole: neither arguments nor image of the release's own remain. */
function oldAgent(given: LiveSettings['oldAgents']['openclaw']): Profile['oldAgents']['openclaw'] | undefined {
  if (given === undefined) return undefined;
  const { version, image, buildArguments = {} } = given;
  return { version, buildArguments, ...(image !== undefined && { image }) };
}

function inMilliseconds(bounds: LiveSettings['bounds']): Partial<Bounds> {
  return Object.fromEntries(
    Object.entries(bounds).flatMap(([name, value]) => (value === undefined ? [] : [[name, seconds(value)]])),
  );
}

/** The owner's variables over the profile's, unless the profile has taken its value from this process's environment. */
function ownersOver(
  kept: Readonly<Record<string, string>>,
  owner: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const holds = ([name]: readonly [string, string]) => !(name in kept && process.env[name]);
  return { ...kept, ...Object.fromEntries(Object.entries(owner).filter(holds)) };
}
