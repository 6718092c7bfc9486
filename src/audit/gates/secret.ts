import { aboutRow, type Evidence } from '../evidence';
import type { Finding } from '../finding';

/** Secret gate: no manifest, contract, fixture, log, report or record holds a raw secret. A leak taints all rows of its bundle. */
export function secretGate({ input, ofRow }: Evidence): Finding[] {
  return input.rows.flatMap((row) => [
    ...input.secrets.map(({ file, line, secret }) =>
      aboutRow(row, null, 'secret', `a file of the repository holds ${secret}`, { where: `${file}:${line}` }),
    ),
    ...input.kinds.flatMap((kind) =>
      [...new Set(ofRow(kind, row).map(({ submission }) => submission))].flatMap(({ secrets, where }) =>
        secrets.map(({ file, line, secret }) =>
          aboutRow(row, kind, 'secret', `the evidence holds ${secret}`, {
            where: `${where.replace(/[^/]*$/, '')}${file}:${line}`,
          }),
        ),
      ),
    ),
  ]);
}
