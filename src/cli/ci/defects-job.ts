import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { holds } from '../../audit/release';
import { plural } from '../../report/words';
import { ledgerEntry } from '../../spec/ledger';
import { loadProofs, type Proof, writeProofs } from '../../spec/proofs';
import { UserError } from '../../user-error';
import { type PresentState, presentState } from '../defects/state';
import { addToSummary, annotate } from './github';
import type { Register } from './register';
import { callPhase9 } from './row';

const PART = /^\d{1,2}\/\d{1,2}$/;

/** The newest proof of each assertion, defect and scenario, of those that hold for the present suite and SUT. */
export function joinedProofs(proofs: readonly Proof[], state: Pick<PresentState, 'suite' | 'sut'>): readonly Proof[] {
  const newest = new Map<string, Proof>();
  for (const one of proofs.filter((proof) => holds(proof, state))) {
    const key = `${one.id}\0${one.defect}\0${one.scenario}`;
    const other = newest.get(key);
    if (other === undefined || other.at < one.at) newest.set(key, one);
  }
  return [...newest.values()];
}

/** The directories with proofs below `directory`: one for each part, as its job uploaded them. */
function proofDirectories(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .map((name) => path.join(directory, name, 'audit', 'proofs'))
    .filter((one) => existsSync(one));
}

export const registerDefectsJobs: Register = (ci, action) => {
  ci.command('defects')
    .description('make the defects of the part that PART names, such as 1/4, and see the assertions turn red')
    .addHelpText('after', '\nExit status: as of `phase9 defects`.')
    .action(() =>
      action('defects', async (signal) => {
        const { PART: part = '' } = process.env;
        if (!PART.test(part)) throw new UserError('set PART to a part of a whole, such as 1/4');
        process.exitCode = await callPhase9(['defects', '--shard', part], signal);
      }),
    );
  ci.command('proofs')
    .description(
      'join the proofs that the parts of `phase9 defects` left, in audit/proofs/, and name what is not proven',
    )
    .argument('[directory]', 'with a directory for each part', 'artifacts')
    .addHelpText('after', '\nExit status: 0 each assertion has a proof, 1 one has none.')
    .action((directory: string) =>
      action('proofs', async () => {
        // Loads Cucumber and every step definition: only for this command.
        const { specifiedSteps } =
          require('../../audit-input/specification') as typeof import('../../audit-input/specification');
        const ids = [...new Set((await specifiedSteps()).map(({ id }) => id))].sort();
        const parts = proofDirectories(directory);
        const proofs = joinedProofs([...loadProofs(), ...parts.flatMap((one) => loadProofs(one))], presentState());
        const rows = new Map<string, Proof[]>();
        for (const one of proofs) {
          const { row } = ledgerEntry(one.id);
          rows.set(row, [...(rows.get(row) ?? []), one]);
        }
        for (const [row, some] of rows) writeProofs(row, some);
        const proven = new Set(proofs.map(({ id }) => id));
        const unproven = ids.filter((id) => !proven.has(id));
        const told = `${plural(proofs.length, 'proof')} from ${plural(parts.length, 'part')}; ${proven.size} of ${plural(ids.length, 'assertion')} proven`;
        process.stdout.write(`${told}\n`);
        addToSummary([`## Defects: ${told}`, '', ...unproven.map((id) => `- not proven: \`${id}\``), ''].join('\n'));
        annotate(unproven.map((id) => ({ level: 'error', title: 'No defect turned it red', message: id })));
        if (unproven.length > 0) throw new UserError(`no defect was seen to turn these red: ${unproven.join(', ')}`, 1);
      }),
    );
};
