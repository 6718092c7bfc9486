import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { inRepository } from '../../src/repository';
import { isNamedBy, openTo } from '../../src/sut/egress';

describe('a program that a policy names', () => {
  for (const [path, pattern, named] of [
    ['/usr/local/bin/node', '/usr/local/bin/node*', true],
    ['/usr/local/bin/node22', '/usr/local/bin/node*', true],
    ['/usr/local/bin/node/x', '/usr/local/bin/node*', false],
    ['/usr/bin/node', '/usr/local/bin/node*', false],
    ['/sandbox/.uv/python/a/b/python3', '/sandbox/.uv/python/**/python*', true],
    ['/sandbox/.uv/python/python3', '/sandbox/.uv/python/**/python*', true],
    ['/usr/bin/curl', '/usr/bin/curl', true],
    ['/usr/bin/curlx', '/usr/bin/curl', false],
    ['/usr/binXcurl', '/usr/bin.curl', false],
  ] as const) {
    it(`${pattern} ${named ? 'is' : 'is not'} ${path}`, () => {
      expect(isNamedBy(path, [pattern])).to.equal(named);
    });
  }

  it('is named by its own path, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.string().filter((path) => !path.includes('*') && !path.includes('\n')),
        (path) => isNamedBy(path, ['other', path]),
      ),
    );
  });
});

describe('the hosts that a user names', () => {
  const policy = (...hosts: readonly string[]) => ({
    name: hosts.join(),
    endpoints: hosts.map((host) => ({ host, port: 443 })),
  });
  const policies = [policy('a.test', 'b.test'), policy('c.test'), policy()];

  it('are the only ones that are tried', () => {
    expect(openTo(policies, ['b.test', 'd.test'])).to.deep.equal([
      { name: 'a.test,b.test', endpoints: [{ host: 'b.test', port: 443 }] },
    ]);
    expect(openTo(policies, ['d.test'])).to.deep.equal([]);
  });

  it('are all that policies open where none is named', () => {
    expect(openTo(policies, [])).to.deep.equal(policies.slice(0, 2));
  });
});

describe('the request for a way out', () => {
  /** The output of a script that is given to `program`, with a proxy that answers `answer`. */
  const asked = async (program: string, script: string, answer: string): Promise<string> => {
    const seen: string[] = [];
    const proxy = createServer((socket) =>
      socket.once('data', (head) => seen.push(head.toString()) && socket.end(answer)),
    );
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const env = { PATH: process.env.PATH, HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const child = spawn(program, [inRepository(`fixtures/egress/${script}`), 'host.test:443'], { env });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => proxy.close(resolve));
    expect(seen.join('')).to.match(/^CONNECT host\.test:443 HTTP/);
    return output;
  };

  for (const [program, script] of [
    ['node', 'connect.cjs'],
    ['python3', 'connect.py'],
  ] as const) {
    it(`prints the proxy’s status, by ${program}`, async () => {
      expect(await asked(program, script, 'HTTP/1.1 200 Connection established\r\n\r\n')).to.equal('200');
      expect(await asked(program, script, 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n')).to.equal('403');
    });
  }
});
