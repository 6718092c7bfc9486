import type { AssertionContext } from '../evidence/assertion';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';
import { inAnotherContainer } from './sandbox';

/** The marker's bytes inside the sandbox are those that the owner wrote. */
export async function markerAsWritten(a: AssertionContext, world: Phase9World): Promise<void> {
  const { path, bytes } = world.get('marker');
  expectation('the marker’s bytes', bytes);
  const now = a.see(await world.sandbox().read(path));
  a.equals('the marker’s bytes (hex)', now.there ? now.bytes.toString('hex') : 'no such file', bytes.toString('hex'));
}

/** The same, in another container than before. */
export async function markerInNewContainer(a: AssertionContext, world: Phase9World): Promise<void> {
  await markerAsWritten(a, world);
  await inAnotherContainer(a, world);
}
