import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { writeBundle } from '../../src/evidence/bundle';
import { recordPath, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { REPOSITORY } from '../../src/repository';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { aSigner, type Signer } from '../evidence/a-signer';
import { temporaryDirectory } from '../temporary-directory';
import { call } from './phase9-calls';

const directory = temporaryDirectory('signature');
const at = (...names: string[]) => path.join(directory, ...names);
const phase9 = (...args: string[]) => call(REPOSITORY, directory, ['phase9', ...args]);
const [own, foreign] = [aSigner('ed25519'), aSigner('p-256')];

function written(name: string, content: string): string {
  writeFileSync(at(name), content);
  return at(name);
}

const indented = ({ publicPem }: Signer) => publicPem.trim().replaceAll('\n', '\n      ');
const ownKey = written('own.pem', own.privatePem);
const foreignKey = written('foreign.pem', foreign.privatePem);
const trust = written(
  'trust.yaml',
  `product:\n  - name: release QA\n    key: |\n      ${indented(own)}\nreference:\n  - name: anybody\n    key: |\n      ${indented(foreign)}\n`,
);

/** A run about a product, or about the reference SUT. */
function aRun(name: string, kind: 'product' | 'reference' = 'product'): string {
  const sut = { ...aRecord().sut, kind };
  const run = at('reports', name);
  mkdirSync(path.join(run, 'scenarios'), { recursive: true });
  const plan = aPlan([[aRecord().id, null]]);
  writeRunPlan(run, { ...plan, run: name, sut, profile: kind === 'product' ? 'live' : 'reference' });
  writeRecord(run, aRecord({ sut, run: name }));
  writeFileSync(path.join(run, 'scenarios', 'one.json'), JSON.stringify(aSummary({ run: name })));
  writeBundle(run);
  return run;
}

describe('phase9 sign and phase9 verify', () => {
  it('sign a run by its name, and tell who signed it', async () => {
    aRun('signed');
    const sign = await phase9('sign', 'signed', '--key', ownKey);
    expect([sign.exit, sign.stderr]).to.deep.equal([0, '']);
    expect(sign.stdout).to.match(/bundle\.dsse\.json: signed with the key [0-9a-f]{64}; 1 signature$/);
    const verify = await phase9('verify', 'signed', '--trust', trust);
    expect(verify.stdout).to.match(
      /^PASS: .*bundle\.json: signed by release QA \(product\); 1 record and 2 further files as/,
    );
    expect(verify.exit).to.equal(0);
    for (const { stdout } of [sign, verify]) expect(stdout).not.to.contain(own.privatePem.split('\n')[1]);
  });

  const spoilt: readonly [what: string, key: string | null, spoil: (run: string) => void, message: RegExp][] = [
    ['that is not signed', null, () => undefined, /the bundle is not signed/],
    ['that somebody signed who is trusted for another kind', foreignKey, () => undefined, /nobody who is trusted/],
    [
      'whose record was altered after it',
      ownKey,
      (run) => writeRecord(run, aRecord({ sut: { ...aRecord().sut, kind: 'product' }, run: 'other' })),
      /rebuild\.openclaw\.completes\.json is not as the bundle lists it/,
    ],
    ['whose record is gone', ownKey, (run) => rmSync(recordPath(run, aRecord())), /cannot be read \(ENOENT\)/],
    [
      'whose plan was altered',
      ownKey,
      (run) => writeRunPlan(run, aPlan([])),
      /run\.json is not as the bundle lists it/,
    ],
    [
      'with a further summary',
      ownKey,
      (run) => writeFileSync(path.join(run, 'scenarios', 'two.json'), '{}'),
      /scenarios\/two\.json lies beside the bundle/,
    ],
    [
      'whose signature is cut off',
      ownKey,
      (run) => {
        const file = path.join(run, 'bundle.dsse.json');
        writeFileSync(file, readFileSync(file, 'utf8').slice(0, 200));
      },
      /bundle\.dsse\.json is no signed bundle: it is no whole JSON/,
    ],
  ];
  for (const [index, [what, key, spoil, message]] of spoilt.entries()) {
    it(`refuse with 1 a run ${what}`, async () => {
      const run = aRun(`spoilt-${index}`);
      if (key !== null) expect((await phase9('sign', run, '--key', key)).exit).to.equal(0);
      spoil(run);
      const { exit, stdout } = await phase9('verify', run, '--trust', trust);
      expect(stdout).to.match(message).and.not.match(/^PASS/m);
      expect(exit).to.equal(1);
    });
  }

  it('refuse with 2 to sign what is not as its bundle lists it', async () => {
    const run = aRun('altered');
    writeRunPlan(run, aPlan([]));
    const { exit, stderr } = await phase9('sign', run, '--key', ownKey);
    expect(stderr).to.match(/bundle\.json is not what the run's records, plan and summaries give/);
    expect(exit).to.equal(2);
  });

  it('refuse with 2 to sign a run whose summary is of another bundle', async () => {
    const run = aRun('other-summary');
    writeFileSync(path.join(run, 'summary.json'), '{\n  "bundleSha256": "0"\n}\n');
    writeBundle(run);
    const { exit, stderr } = await phase9('sign', run, '--key', ownKey);
    expect(stderr).to.match(/summary\.json names another bundle/);
    expect(exit).to.equal(2);
  });

  const nothing = written('nothing.pem', 'not a key');
  for (const [what, args, message] of [
    ['a file that is no key', ['sign', 'signed', '--key', nothing], /nothing\.pem is not a private key in PEM/],
    ['a key that is not there', ['sign', 'signed', '--key', at('none')], /none cannot be read \(ENOENT\)/],
    [
      'a key in the repository',
      ['sign', 'signed', '--key', path.join(REPOSITORY, 'LICENSE')],
      /lies in this repository/,
    ],
    ['a run that is not there', ['sign', 'no-such-run', '--key', ownKey], /no run in .*no-such-run/],
    ['an option that is missing', ['sign', 'signed'], /--key <file>/],
    ['no such run', ['verify', 'no-such-run', '--trust', trust], /no-such-run: no such bundle/],
    ['no trust file', ['verify', 'signed', '--trust', at('none')], /none cannot be read \(ENOENT\)/],
    ['a signature required of nobody', ['audit', 'signed', '--require-signature'], /needs --trust FILE/],
    ['trust that nothing asks for', ['audit', 'signed', '--trust', trust], /nothing without --require-signature/],
  ] as const) {
    it(`end with 2 for ${what}`, async () => {
      const { exit, stderr } = await phase9(...args);
      expect(stderr)
        .to.match(message)
        .and.not.match(/^ {4}at /m);
      expect(exit).to.equal(2);
    });
  }

  for (const [what, text, message] of [
    [
      'a private key',
      `product:\n  - name: QA\n    key: |\n      ${own.privatePem.replaceAll('\n', '\n      ')}`,
      /:3:10: product\.0\.key: it contains a private key/,
    ],
    ['another kind of system', 'toy: []\n', /trust-spoilt\.yaml:1:1: .*toy/],
    ['a signer without a key', 'product:\n  - name: QA\n', /trust-spoilt\.yaml:2:5: product\.0\.key/],
    ['a fault in its YAML', 'product: [\n', /trust-spoilt\.yaml:\d+:\d+: /],
  ] as const) {
    it(`end with 2 for a trust file with ${what}, and name the place`, async () => {
      const { exit, stderr } = await phase9('verify', 'signed', '--trust', written('trust-spoilt.yaml', text));
      expect(stderr).to.match(message).and.not.contain(own.privatePem.split('\n')[1]);
      expect(exit).to.equal(2);
    });
  }
});

describe('phase9 audit --require-signature', () => {
  const findings = async (run: string): Promise<string> => {
    const { stdout } = await phase9(
      'audit',
      run,
      '--rows',
      'AQ-050',
      '--json',
      '--require-signature',
      '--trust',
      trust,
    );
    const { findings: found } = JSON.parse(stdout) as { findings: { gate: string; wrong: string }[] };
    return found.map(({ gate, wrong }) => `${gate}: ${wrong}`).join('\n');
  };

  it('refuses a bundle about a product unless somebody trusted signed it', async () => {
    const run = aRun('audited');
    expect(await findings(run)).to.match(/^evidence: the bundle is not signed/m);
    await phase9('sign', run, '--key', foreignKey);
    expect(await findings(run)).to.match(/^evidence: nobody who is trusted for this kind of system signed/m);
    await phase9('sign', run, '--key', ownKey);
    expect(await findings(run)).not.to.match(/sign/);
    const file = path.join(run, 'bundle.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"producer": "ci"', '"producer": "cj"'));
    expect(await findings(run)).to.match(/^evidence: the bundle is not the one that was signed/m);
  });

  it('takes a bundle about the reference SUT without', async () => {
    expect(await findings(aRun('of-reference', 'reference'))).not.to.match(/sign/);
  });
});
