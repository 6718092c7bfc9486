import { Then } from '@cucumber/cucumber';
import { inAnotherContainer, markerAsWritten, markerInBackup } from '../checks/marker';
import type { AssertionContext } from '../evidence/assertion';
import { credentialsIn } from '../secrets/redact';
import { assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

Then(
  'the marker file is the one the owner wrote, in another container',
  assertion('rebuild.openclaw.marker-preserved', async (a, world) => {
    await markerAsWritten(a, world);
    await inAnotherContainer(a, world);
  }),
);

Then(
  'the marker file is the one the owner wrote',
  assertion('rebuild.hermes.marker-preserved', async (a, world) => {
    await markerAsWritten(a, world);
    await inAnotherContainer(a, world);
  }),
);

/** Name of the backup that the rebuild made: the newest, if it is a new one. */
function newestBackup(a: AssertionContext, world: Phase9World): string | undefined {
  const before = world.get('backupsBefore');
  const names = a.see(world.own.durable.backups(world.get('sandbox')));
  const fresh = names.filter((name) => !before.includes(name));
  a.that('backups that are new', fresh, 'one', fresh.length === 1);
  return fresh.at(-1);
}

Then(
  'there is one backup more than before, with the marker file in it',
  assertion('rebuild.openclaw.backup-present', (a, world) => {
    const name = newestBackup(a, world);
    if (name !== undefined) markerInBackup(a, world, name);
  }),
);

/** Package lockfiles hold integrity strings that look like tokens and are none (contract, “Durable state”). */
const LOCKFILE = /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|uv\.lock|poetry\.lock)$/;

Then(
  'the backup holds no credential',
  assertion('rebuild.{agent}.backup-sanitized', (a, world) => {
    const name = newestBackup(a, world);
    if (name === undefined) return;
    const { files } = a.see(world.own.durable.backup(world.get('sandbox'), name));
    a.that('files in the backup', files.length, 'the marker at least', files.length > 0);
    const canaries = world.get('canaries');
    a.that('canary secrets that the owner had', canaries.length, 'some in the sandbox', canaries.length >= 2);
    const found = files.flatMap((file) => {
      const kinds = credentialsIn(Buffer.from(file.path), canaries);
      if (!LOCKFILE.test(file.path)) kinds.push(...credentialsIn(file.bytes, canaries));
      return kinds.map((kind) => `${file.path}: ${kind}`);
    });
    a.isEmpty('credentials', found, 'none, in any file or file name, in any of the usual encodings');
  }),
);
