import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { Look } from '../staging/sandbox-look';
import { jsonDifferences } from '../sut/json-differences';
import type { ReleaseFacts } from '../sut/releases/release';

/** Which versions this release's questions may note in the registry. */
type Notes = Pick<ReleaseFacts, 'checkWrites' | 'notesMissingVersion'>;

/**
 * Between two looks nothing changed, but for a version that this release notes: that of the sandbox, as it was seen inside.
 * @param when which questions lay between, for the record
 * @param inside the version inside each sandbox that runs
 */
export function nothingChanged(
  a: AssertionContext,
  when: string,
  [before, after]: readonly [Look, Look],
  inside: Readonly<Record<string, string>>,
  notes: Notes,
): void {
  const [was, is] = [a.see(before.registry), a.see(after.registry)].map((bytes) => bytes.toString('utf8'));
  const changes = jsonDifferences(was ?? '', is ?? '').filter((change) => !isNoted(change, inside, notes));
  a.isEmpty(`changes of the registry (${when})`, changes);
  const session = [before.session, after.session].map((one) => a.see(one).toString('utf8'));
  a.isEmpty(`changes of the session (${when})`, jsonDifferences(session[0] ?? '', session[1] ?? ''));
  for (const [name, { container, policy }] of Object.entries(after.sandboxes)) {
    const old = before.sandboxes[name];
    if (old === undefined) throw new Error(`nobody looked at ${name} before`);
    const life = (one: Observation<{ readonly id: string; readonly state: string } | null>) => {
      const seen = a.see(one);
      return seen === null ? 'none' : `${seen.id} ${seen.state}`;
    };
    a.equals(`container of ${name} (${when})`, life(container), life(old.container));
    a.equals(`live policy of ${name} (${when})`, a.see(policy), a.see(old.policy));
  }
}

/** Whether a change of the registry is no more than the note of a version that was seen inside. */
function isNoted(change: string, inside: Readonly<Record<string, string>>, notes: Notes): boolean {
  return Object.entries(inside).some(([name, version]) => {
    const path = `sandboxes.${name}.agentVersion: `;
    if (!change.startsWith(path) || !change.endsWith(` → ${JSON.stringify(version)}`)) return false;
    return notes.checkWrites.includes('agentVersion') || (notes.notesMissingVersion && change.includes(': absent'));
  });
}
