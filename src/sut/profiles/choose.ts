import { type Profile, ProfileError } from '../profile';
import { liveProfile } from './live';
import { referenceProfile } from './reference';

/**
 * The profile of that name.
 * @throws ProfileError when the name is unknown, or the SUT it speaks of is not there.
 */
export function profileOf(name: string): Profile {
  if (name === 'reference') return referenceProfile();
  if (name === 'live') return liveProfile();
  throw new ProfileError(`unknown profile "${name}"; there are: reference, live`);
}
