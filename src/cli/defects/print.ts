import type { Defect } from '../../spec/defects';
import type { Outcome } from './outcome';

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Shows each assertion with the defects that must turn it red. */
export function listDefects(asked: readonly string[], defects: readonly Defect[], json: boolean): void {
  const list = asked.map((id) => ({ id, defects: defects.filter(({ red }) => red.includes(id)) }));
  if (json) {
    print(JSON.stringify(list, null, 2));
    return;
  }
  for (const { id, defects: own } of list) {
    print(own.length === 0 ? `${id}  no defect` : id);
    for (const { name, what } of own) print(`  ${name}: ${what}`);
  }
  const without = list.filter(({ defects: own }) => own.length === 0).length;
  print(`${asked.length} assertions, ${defects.length} defects; ${without} assertions have none`);
}

/** Shows what the trials showed: faults first by name, then the figures. */
export function printOutcome(outcome: Outcome, json: boolean): void {
  if (json) {
    print(JSON.stringify(outcome, null, 2));
    return;
  }
  const { proofs, faults, unproven, trials, seconds } = outcome;
  for (const { defect, location, missed, undeclared } of faults) {
    print(`NOT AS DECLARED: ${defect} in ${location}`);
    if (missed.length > 0) print(`  not red: ${missed.join(', ')}`);
    if (undeclared.length > 0) print(`  red or not run, undeclared: ${undeclared.join(', ')}`);
  }
  for (const id of unproven) print(`NO PROOF: ${id}`);
  const [ids, defects] = [new Set(proofs.map(({ id }) => id)), new Set(proofs.map(({ defect }) => defect))];
  print(
    `Defects: ${defects.size} seen as declared, ${faults.length} not; assertions with a proof: ${ids.size}, without: ${unproven.length}; ${trials} runs, ${Math.round(seconds)} s`,
  );
}
