import type { AssertionContext } from '../evidence/assertion';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';
import { expectation } from './expectation';

/** The rebuild ended with 0, and its closing lines report success, for this sandbox, with the version that NemoClaw expects. */
export function rebuildCompletes(a: AssertionContext, world: Phase9World): void {
  const { stdout } = succeeds(a, world.get('outcome'), 'the rebuild');
  const { rebuilt, rebuiltVersion } = world.profile.release.phrases;
  const lines = textOf(stdout).trimEnd().split('\n');
  const said = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  a.equals('sandboxes that the rebuild reports as rebuilt', said(rebuilt), [world.get('sandbox')]);
  const version = expectation('the expected version', world.get('expectedVersion'));
  a.equals('versions that it reports as running', said(rebuiltVersion), [version]);
}
