import type { AssertionContext } from '../evidence/assertion';
import { agentFacts } from '../sut/agents';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';

/** The marker's bytes inside the sandbox are those that the owner wrote. */
export async function markerAsWritten(a: AssertionContext, world: Phase9World): Promise<void> {
  const { path, bytes } = world.get('marker');
  expectation('the marker’s bytes', bytes);
  const now = a.see(await world.sandbox().read(path));
  a.equals('the marker’s bytes (hex)', now.there ? now.bytes.toString('hex') : 'no such file', bytes.toString('hex'));
}

/** A backup holds the marker, with the bytes that the owner wrote. */
export function markerInBackup(a: AssertionContext, world: Phase9World, backup: string): void {
  const { path, bytes } = world.get('marker');
  expectation('the marker’s bytes', bytes);
  const { files } = a.see(world.own.durable.backup(world.get('sandbox'), backup));
  const inside = path.slice(agentFacts[world.get('agent')].stateDirectory.length + 1);
  const marker = files.find((file) => file.path.endsWith(inside));
  a.equals(
    'the marker’s bytes in the backup (hex)',
    marker?.bytes.toString('hex') ?? `no ${inside}`,
    bytes.toString('hex'),
  );
}

/** The sandbox is another container than before: what is found in it was brought there. */
export async function inAnotherContainer(a: AssertionContext, world: Phase9World): Promise<void> {
  const before = world.get('containerBefore');
  const now = a.see(await world.sandbox().container());
  a.that('container', now?.id ?? 'none', `another than ${before}`, now !== null && now.id !== before);
}
