import { engine, imageIdOf, tagsMatching } from '../sut/engine';
import { lackOf } from '../world/capabilities';
import type { Phase9World } from '../world/world';

/** The tag under which the SUT has the base image of this scenario's agent cached. @throws when it has none cached. */
export async function cachedTag(world: Phase9World): Promise<string> {
  const { cachedBaseImage } = world.profile;
  if (cachedBaseImage === 'own-tag') return world.own.isolation.baseImages[world.get('agent')];
  const pattern = cachedBaseImage[world.get('agent')];
  const [tag] = await tagsMatching(pattern);
  if (tag === undefined)
    throw new Error(`the engine has no image whose tag matches ${pattern}: there is no cached base to make stale`);
  return tag;
}

/** Points the tag that a rebuild trusts at the old image, as a machine shows that has not pulled for months. */
export async function stageStaleBase(world: Phase9World): Promise<void> {
  // The scenario's other assertions hold where no such tag is trusted, too.
  if (lackOf(world, ['cached-base-image']) !== undefined) return;
  const tag = await cachedTag(world);
  const old = await imageIdOf(world.get('oldImage'));
  if (old === null) throw new Error(`the old image ${world.get('oldImage')} is gone`);
  await world.own.obligations.register(
    { kind: 'image-tag', tag, before: await imageIdOf(tag) },
    'stale-base',
    async () => {
      const colon = tag.lastIndexOf(':');
      await engine()
        .getImage(old)
        .tag({ repo: tag.slice(0, colon), tag: tag.slice(colon + 1) });
      return `${tag} → ${old}`;
    },
  );
  world.staged('stale-base', { tag, image: old });
}
