import { expect } from 'chai';
import type { Phase9World } from '../world/world';

/** Every row is evidence-complete for the kinds of system that the evidence is about, and for no other kind. */
export function rowsAreComplete(world: Phase9World): void {
  const { kinds, rows } = world.get('submitted');
  const { rows: judged, findings } = world.get('judged');
  const complete = judged.filter(({ evidence }) => evidence === 'evidence-complete');
  const blocking = findings
    .filter(({ effect, sut }) => effect === 'blocks' && (sut === null || kinds.includes(sut)))
    .map(({ row, id, wrong }) => `${row} ${id ?? ''}: ${wrong}`);
  expect(
    complete.map(({ row, sut }) => `${row} ${sut}`),
    blocking.join('\n'),
  ).to.deep.equal(rows.flatMap((row) => kinds.map((kind) => `${row} ${kind}`)));
}

/** With each piece removed its row is unresolved (if the piece is a core one), and a finding names what is missing. */
export function eachRemovalIsNoticed(world: Phase9World): void {
  const unnoticed = world
    .get('removals')
    .filter(({ core, unresolved, missing }) => (core && !unresolved) || missing.every((one) => one === null))
    .map(({ id, variant }) => (variant === null ? id : `${id} [${variant}]`));
  expect(unnoticed, 'removed without a finding').to.deep.equal([]);
}
