import { aboutRow, besideBundle, type Evidence } from '../candidates';
import type { Finding } from '../finding';

/** Secret gate: no manifest, contract, fixture, log, report or record contains a raw secret. A leak taints all rows of its bundle. */
export function secretGate({ input, rows, bundlesOf }: Evidence): Finding[] {
  const committed = input.rows.flatMap((row) =>
    input.secrets.map(({ file, line, secret }) =>
      aboutRow(row, null, 'secret', `a file of the repository contains ${secret}`, { where: `${file}:${line}` }),
    ),
  );
  const submitted = rows.flatMap(({ kind, row }) =>
    bundlesOf(kind, row).flatMap((bundle) =>
      bundle.secrets.map(({ file, line, secret }) =>
        aboutRow(row, kind, 'secret', `the evidence contains ${secret}`, {
          where: besideBundle(bundle, `${file}:${line}`),
        }),
      ),
    ),
  );
  return [...committed, ...submitted];
}
