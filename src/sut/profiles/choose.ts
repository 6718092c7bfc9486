import { readSettings } from '../../settings';
import { type Profile, ProfileError } from '../profile';
import { withSettings } from './from-settings';
import { liveProfile } from './live';
import { referenceProfile } from './reference';

/**
 * The profile of that name; a live one as its user describes the installation.
 * @throws ProfileError when the name is unknown, or the SUT it speaks of is not there; UserError for invalid settings.
 */
export function profileOf(name: string): Profile {
  if (name === 'reference') return referenceProfile();
  if (name === 'live') {
    const { live } = readSettings();
    return withSettings(liveProfile(live.root), live);
  }
  throw new ProfileError(`unknown profile "${name}"; there are: reference, live`);
}
