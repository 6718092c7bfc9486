import { verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Envelope, envelopeSchema, signatureOf, signed } from '../../src/evidence/signature';
import { fingerprint, privateKeyOf, publicKeyOf } from '../../src/evidence/signing-keys';
import { sha256 } from '../../src/sha256';
import { rejection } from '../rejection';
import { aSigner } from './a-signer';

const [one, other] = [aSigner('ed25519'), aSigner('p-256')];
const trusted = [
  { name: 'one', key: one.publicKey },
  { name: 'other', key: other.publicKey },
];
const statements = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes));
const signers = fc.constantFrom(one, other);

/** The bytes with another one at a place. */
function altered(bytes: Buffer, at: number, by: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ by;
  return copy;
}

const anyByte = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));

describe('a signed statement', () => {
  it('is by whoever signed it, of those who are trusted', () => {
    fc.assert(
      fc.property(statements, signers, (statement, signer) => {
        const envelope = signed(statement, signer.privateKey);
        expect(envelopeSchema.safeParse(envelope).success).to.equal(true);
        const by = [signer === one ? 'one' : 'other'];
        expect(signatureOf(envelope, sha256(statement), trusted)).to.deep.equal({ by });
      }),
    );
  });

  it('is a DSSE envelope as its specification has it', () => {
    const statement = Buffer.from('{"hello": "wörld"}');
    const { payloadType, payload, signatures } = signed(statement, one.privateKey);
    expect(Buffer.from(payload, 'base64').equals(statement)).to.equal(true);
    const content = Buffer.concat([Buffer.from('DSSEv1 28 application/vnd.in-toto+json 19 '), statement]);
    const sig = Buffer.from(signatures[0]?.sig ?? '', 'base64');
    expect(payloadType).to.equal('application/vnd.in-toto+json');
    expect(verify(null, content, one.publicKey, sig)).to.equal(true);
    expect(signatures[0]?.keyid).to.equal(fingerprint(one.publicKey));
  });

  it('is refused when any byte of the statement differs from what was signed, beside it or inside', () => {
    fc.assert(
      fc.property(statements, signers, anyByte, (statement, signer, [at, by]) => {
        const envelope = signed(statement, signer.privateKey);
        const another = altered(statement, at, by);
        expect(signatureOf(envelope, sha256(another), trusted)).to.have.property('problem');
        const moved = { ...envelope, payload: another.toString('base64') };
        expect(signatureOf(moved, sha256(another), trusted))
          .to.have.property('problem')
          .that.matches(/names the key of/);
      }),
    );
  });

  it('is refused when any byte of the signature differs', () => {
    fc.assert(
      fc.property(statements, signers, anyByte, (statement, signer, [at, by]) => {
        const envelope = signed(statement, signer.privateKey);
        const signatures = envelope.signatures.map((entry) => ({
          ...entry,
          sig: altered(Buffer.from(entry.sig, 'base64'), at, by).toString('base64'),
        }));
        expect(signatureOf({ ...envelope, signatures }, sha256(statement), trusted)).to.have.property('problem');
      }),
    );
  });

  it('is refused when it was signed with another key, whatever key it names', () => {
    fc.assert(
      fc.property(statements, fc.constantFrom('ed25519' as const, 'p-256' as const), (statement, kind) => {
        const envelope = signed(statement, aSigner(kind).privateKey);
        expect(signatureOf(envelope, sha256(statement), trusted)).to.deep.equal({
          problem: 'nobody who is trusted for this kind of system signed the bundle',
        });
        const keyid = fingerprint(one.publicKey);
        const signatures = envelope.signatures.map((entry) => ({ ...entry, keyid }));
        expect(signatureOf({ ...envelope, signatures }, sha256(statement), trusted)).to.have.property('problem');
      }),
      { numRuns: 20 },
    );
  });

  it('is refused with the signature of another statement', () => {
    fc.assert(
      fc.property(statements, statements, signers, (statement, another, signer) => {
        fc.pre(!statement.equals(another));
        const { signatures } = signed(another, signer.privateKey);
        const moved: Envelope = { ...signed(statement, signer.privateKey), signatures };
        expect(signatureOf(moved, sha256(statement), trusted)).to.have.property('problem');
      }),
    );
  });

  it('keeps the signatures of other keys, and those of the same statement alone', () => {
    const [statement, another] = [Buffer.from('a'), Buffer.from('b')];
    const both = signed(statement, other.privateKey, signed(statement, one.privateKey));
    expect(signatureOf(both, sha256(statement), trusted)).to.deep.equal({ by: ['one', 'other'] });
    expect(signed(statement, one.privateKey, both).signatures).to.have.length(2);
    expect(signed(another, other.privateKey, both).signatures).to.have.length(1);
  });

  it('has one form: base64 that is written otherwise is no envelope', () => {
    const envelope = signed(Buffer.from('a'), one.privateKey);
    for (const payload of ['YR==', 'YQ', ' YQ==', 'Y Q==']) {
      expect(envelopeSchema.safeParse({ ...envelope, payload }).success, payload).to.equal(false);
    }
  });
});

describe('a key', () => {
  it('is taken as PEM: ed25519 or ECDSA P-256', () => {
    for (const { privatePem, publicPem } of [one, other]) {
      expect(fingerprint(publicKeyOf(`\n${publicPem}`))).to.equal(fingerprint(publicKeyOf(publicPem)));
      expect(privateKeyOf(privatePem).type).to.equal('private');
    }
  });

  it('of another kind, of the wrong half, or that is none is refused without its content', async () => {
    const cases: readonly [make: () => unknown, message: RegExp][] = [
      [() => privateKeyOf(aSigner('rsa').privatePem), /^is a key of the kind rsa; ed25519 or ECDSA P-256/],
      [() => privateKeyOf(aSigner('p-384').privatePem), /^is a key of the kind secp384r1;/],
      [() => privateKeyOf(one.publicPem), /^contains a public key/],
      [() => publicKeyOf(one.privatePem), /^contains a private key/],
      [() => privateKeyOf('hunter2'), /^is not a private key in PEM/],
      [() => publicKeyOf('hunter2'), /^is not a public key in PEM/],
      [() => privateKeyOf(encrypted()), /^is not a private key in PEM, without a passphrase/],
    ];
    for (const [make, message] of cases)
      expect(await rejection(make))
        .to.match(message)
        .and.not.match(/hunter2|MC4C/);
  });
});

function encrypted(): string {
  return String(one.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a' }));
}
