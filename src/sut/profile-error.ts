/** A system under test that is not there, or not as the profile needs it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}
