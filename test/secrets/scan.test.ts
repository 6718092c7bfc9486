import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { COMMITTED, filesUnder, SIZE_BOUND, scanFiles } from '../../src/secrets/scan';
import { temporaryDirectory } from '../temporary-directory';

const base = temporaryDirectory('secrets');
const digits = '0123456789ab'.repeat(3);
const CANARY = `phase9canary${digits}`;

async function scanned(name: string, content: string | Buffer, secrets: readonly string[] = []) {
  const file = path.join(base, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return scanFiles([file], { base, secrets });
}

describe('the scan of files', () => {
  it('names file, line, kind and encoding, and never the value', async () => {
    const url = `%70${CANARY.slice(1)}`;
    const found = await scanned('logs/run.log', `one\ntwo ${CANARY}\n${url}\nfour ${CANARY} ${CANARY}\n`);
    expect(found).to.deep.equal([
      { file: 'logs/run.log', line: 2, secret: 'a staged canary (raw)' },
      { file: 'logs/run.log', line: 3, secret: 'a staged canary (URL-encoded)' },
      { file: 'logs/run.log', line: 4, secret: 'a staged canary (raw)' },
    ]);
  });

  it('reports a known canary once', async () => {
    const found = await scanned('twice.log', CANARY, [CANARY, `nvapi-${CANARY}`]);
    expect(found).to.deep.equal([{ file: 'twice.log', line: 1, secret: 'a staged canary (raw)' }]);
  });

  it('names the line on which a wrapped secret begins', async () => {
    const found = await scanned(
      'wrapped.yaml',
      `a: >-\r\n  b\r\n  ${CANARY.slice(0, 20)}\r\n  ${CANARY.slice(20)}\r\n`,
    );
    expect(found).to.deep.equal([
      { file: 'wrapped.yaml', line: 3, secret: 'a staged canary (raw, split by a line wrap)' },
    ]);
  });

  it('finds known secrets, and refuses one too short before it opens a file', async () => {
    const found = await scanned('known.json', JSON.stringify({ a: 'correct "horse" battery' }), [
      'correct "horse" battery',
    ]);
    expect(found.map(({ secret }) => secret)).to.deep.equal(['a secret of this run (escaped)']);
    await scanned('known.json', '', ['short']).then(
      () => expect.fail('was taken'),
      (error: unknown) => expect(error).to.be.instanceOf(RangeError),
    );
  });

  it('finds what secretlint knows, also where a comment in the file forbids it', async () => {
    const key = [
      '-----BEGIN RSA PRIVATE KEY-----',
      ...Array(12).fill('MIIEpAIBAAKCAQEA'.repeat(4)),
      '-----END RSA PRIVATE KEY-----',
    ];
    const found = await scanned('key.pem', `# secretlint-disable\n${key.join('\n')}\n`);
    expect(found).to.deep.equal([{ file: 'key.pem', line: 2, secret: 'secretlint privatekey: PrivateKey' }]);
    expect(await scanned('aws', `id = AKIA${'QYLPMN5HFIQR7XYA'}\n`)).to.have.length(1);
  });

  it('looks into binary files and compressed ones', async () => {
    const binary = Buffer.concat([Buffer.from([0, 255, 254, 10, 128]), Buffer.from(CANARY), Buffer.from([0, 1])]);
    expect(await scanned('state.bin', binary)).to.deep.equal([
      { file: 'state.bin', line: 2, secret: 'a staged canary (raw)' },
    ]);
    expect(await scanned('log.gz', gzipSync(`a\nb\n${CANARY}`))).to.deep.equal([
      { file: 'log.gz', line: 3, secret: 'a staged canary (raw)' },
    ]);
  });

  it('skips nothing silently', async () => {
    expect(await scanned('a.zip', Buffer.from('PK\x03\x04rest', 'latin1'))).to.deep.equal([
      { file: 'a.zip', line: 1, secret: 'not searched: packed as zip' },
    ]);
    expect((await scanned('bad.gz', Buffer.from([0x1f, 0x8b, 1, 2, 3])))[0]?.secret).to.match(/^not searched: /);
    const bomb = gzipSync(Buffer.alloc(SIZE_BOUND + 1));
    expect((await scanned('bomb.gz', bomb))[0]?.secret).to.match(/^not searched: /);
    const big = path.join(base, 'big');
    writeFileSync(big, '');
    truncateSync(big, SIZE_BOUND + 1);
    expect((await scanFiles([big], { base }))[0]?.secret).to.match(/^not searched: too big \(67108865 bytes/);
    expect((await scanFiles([base], { base }))[0]?.secret).to.equal('not searched: EISDIR');
  });

  it('finds nothing in a file that no longer exists', async () => {
    expect(await scanFiles([path.join(base, 'gone')], { base })).to.deep.equal([]);
  });

  it('finds a secret in a file’s name, and does not repeat it', async () => {
    const found = await scanned(`dir/${CANARY}/file.txt`, 'harmless');
    expect(found).to.deep.equal([
      { file: 'dir/[a secret in the name]', line: 1, secret: "a secret in the file's name" },
    ]);
  });
});

describe('the files below a place', () => {
  it('are all regular files, and links to such, once each', () => {
    const place = path.join(base, 'place');
    mkdirSync(path.join(place, 'deep'), { recursive: true });
    writeFileSync(path.join(place, 'deep', 'file'), '');
    writeFileSync(path.join(base, 'outside'), '');
    symlinkSync(path.join(base, 'outside'), path.join(place, 'link'));
    symlinkSync(base, path.join(place, 'loop'));
    symlinkSync(path.join(base, 'nowhere'), path.join(place, 'dangling'));
    symlinkSync(place, path.join(base, 'latest'));
    expect(filesUnder(place, place)).to.deep.equal([path.join(place, 'deep/file'), path.join(place, 'link')]);
    const latest = path.join(base, 'latest');
    expect(filesUnder(latest)).to.deep.equal([path.join(latest, 'deep/file'), path.join(latest, 'link')]);
    expect(filesUnder(path.join(place, 'link'), path.join(base, 'absent'))).to.deep.equal([path.join(place, 'link')]);
  });
});

describe('a committed file', () => {
  it('contains no secret', async () => {
    const files = filesUnder(...COMMITTED);
    expect(files.length).to.be.greaterThan(20);
    expect(await scanFiles(files, { base })).to.deep.equal([]);
  });
});
