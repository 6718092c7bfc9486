import { containersNamed, engine, ifThere, untaggedImagesOn } from '../../sut/engine';
import type { Obligation } from './obligation';

/** More layers than the builds of one scenario have: an image that comes back each time it is removed does not hold up the restore. */
const MOST_LAYERS = 1000;

/**
 * Removes the images without a tag on `bases` that were not there before; each without its parents, since the image below may have been there, and then
 * stays. @returns how many it removed, and how many are left
 */
export async function removeUnfinishedImages({
  bases,
  keep,
}: Extract<Obligation, { kind: 'unfinished-images' }>): Promise<{ readonly removed: number; readonly left: number }> {
  // The scenario's own containers are gone by now: an image that is still in use is somebody else's.
  const used = new Set((await containersNamed('')).map(({ imageId }) => imageId));
  const made = async () => (await untaggedImagesOn(bases)).filter((id) => !keep.includes(id) && !used.has(id));
  let removed = 0;
  let left = await made();
  while (left.length > 0 && removed < MOST_LAYERS) {
    for (const id of left) await ifThere(() => engine().getImage(id).remove({ force: false, noprune: true }));
    removed += left.length;
    left = await made();
  }
  return { removed, left: left.length };
}
