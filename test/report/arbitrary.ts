import fc from 'fast-check';
import type { EvidenceRecord } from '../../src/evidence/record';
import { loadLedger } from '../../src/spec/ledger';
import { aRecord } from '../evidence/a-record';

/** Text as a system under test might print it: markup of every format, control characters, lone surrogates. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      ...[
        '<',
        '>',
        '&',
        '"',
        "'",
        '`',
        '|',
        '\n',
        '\r',
        '\t',
        '\0',
        '\u001b',
        '\ud800',
        '\uffff',
        '\\',
        '[',
        ']',
        '*',
        '_',
      ],
      ...[']]>', '<!--', '</script>', '&amp;', '&#', '$&', '://', 'www.', 'é', '😀', 'a', ' '],
    ),
  }),
);

const entries = Object.entries(loadLedger().rows).flatMap(([row, { assertions }]) =>
  assertions.map(({ id, level, boundary }) => ({ id, row, level, boundary })),
);

/** A record of any assertion of the ledger, with any texts and any verdict. */
export const anyRecord: fc.Arbitrary<EvidenceRecord> = fc
  .record({
    entry: fc.constantFrom(...entries),
    variant: fc.oneof(fc.constant(null), fc.constantFrom('openclaw', 'hermes', 'clean layout', 'a"<b')),
    verdict: fc.constantFrom('passed', 'failed', 'not-applicable', 'not-run'),
    texts: fc.tuple(anyText, anyText, anyText, anyText, anyText),
  })
  .map(({ entry, variant, verdict, texts: [expected, observed, reason, source, step] }) =>
    aRecord({
      ...entry,
      variant,
      verdict,
      expected,
      observed,
      step,
      reason: verdict === 'passed' ? null : reason,
      trace: aRecord().trace.map((one) => ({ ...one, source, seen: { [step]: observed } })),
    }),
  );

/** Some records of one run: each ID and variant once. */
export const someRecords = fc.uniqueArray(anyRecord, {
  maxLength: 12,
  selector: ({ id, variant }) => JSON.stringify([id, variant]),
});
