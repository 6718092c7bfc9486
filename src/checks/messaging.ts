import type { AssertionContext } from '../evidence/assertion';
import { discordIn } from '../staging/owner-state';
import type { Phase9World } from '../world/world';

export const CONFIG = '/sandbox/.hermes/config.yaml';

/** The text of a file inside the sandbox; undefined when there is none. */
export async function textInside(a: AssertionContext, world: Phase9World, path: string): Promise<string | undefined> {
  const file = a.see(await world.sandbox().read(path));
  return file.there ? file.bytes.toString('utf8') : undefined;
}

/** Discord is configured in Hermes' parsed configuration, key by key as it was before the rebuild. */
export async function discordAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  const config = await textInside(a, world, CONFIG);
  a.equals(
    'Discord in config.yaml',
    config === undefined ? 'no config.yaml' : (discordIn(config) ?? 'not configured'),
    world.get('platformConfigBefore'),
  );
}
