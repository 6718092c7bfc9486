import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { readSubmission } from '../audit-input/bundles';
import { faultsBeside } from '../audit-input/faults';
import { readEnvelope } from '../audit-input/signature';
import { bundleOf, textOf } from '../evidence/bundle';
import { ENVELOPE, signed } from '../evidence/signature';
import { fingerprint, privateKeyOf } from '../evidence/signing-keys';
import { reasonOf } from '../reason';
import { plural } from '../report/words';
import { REPOSITORY } from '../repository';
import { UserError } from '../user-error';
import { writeOrRefuse } from './audit/reports';
import { runAction } from './run-action';
import { directoryOf } from './run-directory';

/** Adds `phase9 sign`. */
export function registerSign(program: Command): void {
  program
    .command('sign')
    .description(`sign a run's bundle: write ${ENVELOPE}, a DSSE envelope, beside it`)
    .argument('<run>', 'name or directory of a run')
    .requiredOption('--key <file>', 'a private key in PEM (ed25519 or ECDSA P-256), outside this repository')
    .addHelpText(
      'after',
      `
Examples:
  openssl genpkey -algorithm ed25519 -out ~/phase9.key.pem
  openssl pkey -in ~/phase9.key.pem -pubout          the public key, for a trust file
  phase9 sign latest --key ~/phase9.key.pem

Signatures of other keys stay. The run must be as its bundle lists it; a later change of bundle, records, plan or summaries is found.
Exit status: 0 signed; 2 no such run, not as its bundle lists it, or no usable key.`,
    )
    .action((run: string, { key: keyFile }: { key: string }) =>
      runAction('sign', async () => {
        const key = readKey(keyFile);
        const directory = directoryOf(run);
        const bundle = path.join(directory, 'bundle.json');
        const statement = wholeBundle(directory, bundle);
        const before = readEnvelope(bundle);
        // One that is broken is written anew.
        const envelope = signed(statement, key, before && 'problem' in before ? undefined : before);
        const file = path.join(directory, ENVELOPE);
        writeOrRefuse(file, () => writeFileAtomic.sync(file, `${JSON.stringify(envelope, null, 2)}\n`));
        const { length } = envelope.signatures;
        process.stdout.write(
          `${path.relative(process.cwd(), file)}: signed with the key ${fingerprint(createPublicKey(key))}; ${plural(length, 'signature')}\n`,
        );
      }),
    );
}

/** @throws UserError for a key that is none, or that lies in the repository; no message contains any of it. */
function readKey(file: string): KeyObject {
  let pem: string;
  try {
    if (realpathSync(file).startsWith(REPOSITORY + path.sep)) {
      throw new UserError(`${file} lies in this repository; keep private keys elsewhere`);
    }
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
  try {
    return privateKeyOf(pem);
  } catch (error) {
    throw new UserError(`${file} ${reasonOf(error)}`);
  }
}

/** The bytes of a bundle. @throws UserError unless they are what the run's files give now: what was altered must not be signed. */
function wholeBundle(directory: string, file: string): Buffer {
  const remedy = 'look at what changed; `npx phase9 report RUN` makes the bundle of what is there now';
  if (!existsSync(file)) throw new UserError(`${directory} has no bundle.json; \`npx phase9 report RUN\` makes one`);
  let made: string;
  try {
    made = textOf(bundleOf(directory));
  } catch (error) {
    throw new UserError(`${directory} has no whole run: ${reasonOf(error)}`);
  }
  const bytes = readFileSync(file);
  if (!bytes.equals(Buffer.from(made))) {
    throw new UserError(`${file} is not what the run's records, plan and summaries give: ${remedy}`);
  }
  const [fault] = faultsBeside(readSubmission(file, 'for-audit'));
  if (fault !== undefined) throw new UserError(`${file}: ${fault}: ${remedy}`);
  return bytes;
}
