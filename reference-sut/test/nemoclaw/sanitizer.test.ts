import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { formsOf, reasonToLeaveOut, sanitize } from '../../src/nemoclaw/backup/sanitizer';

function cleaned(path: string, text: string, secrets: string[] = []): string {
  return sanitize(path, Buffer.from(text), formsOf(secrets)).bytes.toString();
}

const secret = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEF0123456789'),
  minLength: 12,
  maxLength: 40,
});
const secretKey = fc.constantFrom('token', 'botToken', 'apiKey', 'api_key', 'clientSecret', 'password', 'DB_PASSWORD');
const plainKey = fc.constantFrom('name', 'count', 'path', 'tokens', 'secretary', 'keys');
const word = fc.string({ unit: fc.constantFrom(...'abc xyz-.'), maxLength: 12 });

describe('backups', () => {
  it('leave credential stores out', () => {
    expect(reasonToLeaveOut('credentials/discord.json')).to.be.a('string');
    expect(reasonToLeaveOut('agents/main/agent/auth-profiles.json')).to.be.a('string');
    expect(reasonToLeaveOut('workspace/credentials.md')).to.equal(undefined);
  });

  it('keep every byte of a file that holds no credential', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('a.bin', 'b.txt', 'workspace/c.md'),
        (bytes, path) => {
          const given = Buffer.from(bytes);
          const { bytes: result, withheld } = sanitize(path, given, []);
          if (withheld === 0) expect(result.equals(given)).to.equal(true);
        },
      ),
    );
  });

  it('take values under telling keys out of JSON, and nothing else', () => {
    fc.assert(
      fc.property(secretKey, secret, fc.dictionary(plainKey, word), (key, value, rest) => {
        const text = JSON.stringify({ ...rest, nested: [{ [key]: value }] }, null, 2);
        const result = cleaned('agents/state.json', text);
        expect(result).not.to.include(value);
        expect(JSON.parse(result)).to.deep.equal({ ...rest, nested: [{ [key]: '' }] });
        expect(cleaned('agents/state.json', result)).to.equal(result);
      }),
    );
  });

  it('take values under telling keys out of YAML, comments and layout kept', () => {
    const text =
      'a: 1   # one\npassword: "hunter2"\nlist:\n  - {token: abcdefgh1, n: 2}\nplatform:\n  token: |\n    abcdefghij\n  x: y\n';
    const result = cleaned('config.yaml', text);
    expect(result).to.include('a: 1   # one');
    expect(parse(result)).to.deep.equal({
      a: 1,
      password: '',
      list: [{ token: '', n: 2 }],
      platform: { token: '', x: 'y' },
    });
  });

  it('keep placeholders', () => {
    const line =
      'DISCORD_BOT_TOKEN=openshell:resolve:env:DISCORD_BOT_TOKEN\nAPI_SERVER_PORT=18642\nMY_SETTING="blue sky"\n';
    expect(cleaned('.baked-config/.env', line)).to.equal(line);
    const yaml = 'discord:\n  token: openshell:resolve:env:DISCORD_BOT_TOKEN\n  api_key: unused\n';
    expect(cleaned('config.yaml', yaml)).to.equal(yaml);
  });

  it('take raw values out of .env files', () => {
    const given = 'DISCORD_BOT_TOKEN=abc.def\nexport OTHER="Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5"\nPLAIN=ok\n';
    expect(cleaned('.env', given)).to.equal('DISCORD_BOT_TOKEN=\nexport OTHER=\nPLAIN=ok\n');
  });

  it('know credential shapes anywhere but in lockfiles', () => {
    const text = 'curl -H "Authorization: Bearer abcdefghijkl.mnop" # nvapi-abcdefgh12345678 sk-abcdefghijklmnopqrst\n';
    const result = cleaned('workspace/notes.md', text);
    expect(result).not.to.match(/nvapi-|sk-|abcdefghijkl/);
    expect(cleaned('workspace/package-lock.json', text)).to.equal(text);
    expect(cleaned('workspace/plan.md', 'the task-based-planning-of-risk-assessment')).to.include('task-based');
  });

  it('know the given values in each form', () => {
    fc.assert(
      fc.property(secret, (value) => {
        const bytes = Buffer.from(value);
        for (const form of [value, bytes.toString('base64'), bytes.toString('hex'), encodeURIComponent(value)]) {
          expect(cleaned('workspace/x.txt', `before ${form} after`, [value])).not.to.include(form.replace(/=+$/, ''));
        }
      }),
    );
  });

  it('keep the length of a binary file', () => {
    const given = Buffer.concat([Buffer.from([0, 57]), Buffer.from('nvapi-ABCDEFGHIJKLMNOP'), Buffer.from([0])]);
    const { bytes } = sanitize('runtime/state.db', given, []);
    expect(bytes.length).to.equal(given.length);
    expect(bytes.toString('latin1')).not.to.include('nvapi-');
  });
});
