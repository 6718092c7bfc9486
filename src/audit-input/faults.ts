import type { Submission } from '../audit/submission';

/** Everything beside a bundle that is not as it lists it, a sentence each: records, further files, and what it does not list. */
export function faultsBeside({ records, spoilt, unlisted }: Omit<Submission, 'secrets' | 'signature'>): string[] {
  return [
    ...records.flatMap(({ listed, found }) => {
      if ('problem' in found) return [found.problem];
      return found.sha256 === listed.sha256 ? [] : [`${listed.path} is not as the bundle lists it`];
    }),
    ...spoilt.map(({ path, problem }) => `${path} ${problem}`),
    ...unlisted.map((path) => `${path} lies beside the bundle, which does not list it`),
  ];
}
