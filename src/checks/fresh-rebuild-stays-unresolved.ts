import { expect } from 'chai';
import { rowsAboutOldSandboxes } from '../staging/fresh-rebuild-stays-unresolved';
import type { Phase9World } from '../world/world';

/** The audit ended with 1, every row is unresolved, and the phase gate names the old sandbox as what is missing. */
export function oldSandboxIsMissing(world: Phase9World): void {
  const { exit, result } = world.get('audited');
  const rows = rowsAboutOldSandboxes();
  expect(exit, "the audit's exit status").to.equal(1);
  expect(result.rows.map(({ row, evidence }) => `${row} ${evidence}`)).to.deep.equal(
    rows.map((row) => `${row} unresolved`),
  );
  const missing = result.findings.filter((one) => one.missing === 'old-sandbox' && one.effect === 'blocks');
  for (const row of rows) {
    const gates = missing.filter((one) => one.row === row && one.id === null).map(({ gate }) => gate);
    expect(gates, `gates that find the old sandbox missing in ${row}`).to.deep.equal(['phase']);
  }
}
