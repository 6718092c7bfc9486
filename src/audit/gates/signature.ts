import { aboutRow, type Evidence } from '../candidates';
import type { Finding } from '../finding';

/**
 * Evidence gate, where signatures are required: a bundle about a product counts only if somebody who is trusted for products signed it as it
 * is. About the reference SUT anybody can make evidence again: there a signature is optional, and not judged.
 */
export function signatureGate({ rows, bundlesOf }: Evidence): Finding[] {
  return rows
    .filter(({ kind }) => kind === 'product')
    .flatMap(({ kind, row }) =>
      bundlesOf(kind, row).flatMap(({ signature, where }) =>
        signature !== null && 'problem' in signature
          ? [aboutRow(row, kind, 'evidence', signature.problem, { missing: 'a trusted signature', where })]
          : [],
      ),
    );
}
