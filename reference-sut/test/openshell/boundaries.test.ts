import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { lastAddress } from '../../src/gateway/driver/network';
import { dialFor, parseHostsFile } from '../../src/gateway/egress/hosts-file';
import { parseTarget } from '../../src/gateway/egress/target';
import { readSettings } from '../../src/gateway/settings';
import { credentialsFrom, settingsFrom } from '../../src/openshell/commands/provider';
import { checkGatewayName, parseMetadata } from '../../src/openshell/configuration';
import { imageSource } from '../../src/openshell/image-source';

describe('the hosts file', () => {
  it('maps names to addresses with ports, and passes over what it does not understand', () => {
    const dials = parseHostsFile(
      '# staged\n172.17.0.1:9443 registry.npm.test Registry.yarn.test # both\n[::1]:80 six.test\n1.2.3.4 plain.test\nx:99999 far.test\n\n',
    );
    expect([...dials]).to.deep.equal([
      ['registry.npm.test', { host: '172.17.0.1', port: 9443 }],
      ['registry.yarn.test', { host: '172.17.0.1', port: 9443 }],
      ['six.test', { host: '::1', port: 80 }],
    ]);
  });

  it('takes any text without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => parseHostsFile(text).size >= 0));
  });

  it('is read anew each time, and need not be there', () => {
    const directory = mkdtempSync(join(tmpdir(), 'hosts-'));
    const file = join(directory, 'hosts');
    try {
      expect(dialFor('a.test', 443, file)).to.deep.equal({ host: 'a.test', port: 443 });
      writeFileSync(file, '10.0.0.1:1 a.test\n');
      expect(dialFor('A.test.', 443, file)).to.deep.equal({ host: '10.0.0.1', port: 1 });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the target of a proxy request', () => {
  it('is host and port of a CONNECT', () => {
    expect(parseTarget('CONNECT', 'Inference.Local:443')).to.include({
      host: 'inference.local',
      port: 443,
      encrypted: true,
    });
    expect(parseTarget('CONNECT', '[::1]:443')).to.include({ host: '::1', port: 443 });
  });

  it('is host, port and path of an absolute URL', () => {
    expect(parseTarget('GET', 'http://a.test/x?y=1')).to.deep.include({
      host: 'a.test',
      port: 80,
      path: '/x?y=1',
      encrypted: false,
    });
    expect(parseTarget('GET', 'http://a.test:8080/')).to.include({ port: 8080, authority: 'a.test:8080' });
  });

  it('is none where host or port are missing or out of range', () => {
    for (const url of ['a.test', 'a.test:0', 'a.test:65536', ':443', 'a@b:443', 'a/b:443', '']) {
      expect(parseTarget('CONNECT', url), url).to.equal(undefined);
    }
    for (const url of ['/path', 'https://a.test/', 'ftp://a.test/', 'http://']) {
      expect(parseTarget('GET', url), url).to.equal(undefined);
    }
  });

  it('never fails on nonsense', () => {
    fc.assert(
      fc.property(fc.constantFrom('CONNECT', 'GET'), fc.string(), (method, url) => {
        const target = parseTarget(method, url);
        return target === undefined || (target.port >= 1 && target.port <= 65535 && target.host !== '');
      }),
    );
  });
});

describe("a network's spare address", () => {
  it('is its last', () => {
    expect(lastAddress('172.20.0.0/16')).to.equal('172.20.255.254');
    expect(lastAddress('192.168.32.0/20')).to.equal('192.168.47.254');
    expect(lastAddress('10.9.8.0/24')).to.equal('10.9.8.254');
    expect(() => lastAddress('10.0.0.0/31')).to.throw(/no IPv4 subnet/);
    expect(() => lastAddress('fd00::/64')).to.throw(/no IPv4 subnet/);
  });
});

describe('settings of the gateway', () => {
  it('come from flags first, then the environment, then defaults', () => {
    expect(readSettings([], {})).to.include({ port: 8080, network: 'openshell-docker' });
    const env = { NEMOCLAW_GATEWAY_PORT: '9000', OPENSHELL_DOCKER_NETWORK_NAME: 'mine' };
    expect(readSettings([], env)).to.include({ port: 9000, network: 'mine' });
    expect(readSettings(['--port', '9001', '--network', 'other'], env)).to.include({ port: 9001, network: 'other' });
  });

  it('are refused by name', () => {
    expect(() => readSettings(['--port', 'x'], {})).to.throw(/--port or NEMOCLAW_GATEWAY_PORT/);
    expect(() => readSettings(['--network', 'a b'], {})).to.throw(/OPENSHELL_DOCKER_NETWORK_NAME/);
  });
});

describe("the CLI's configuration", () => {
  const metadata = {
    name: 'nemoclaw',
    gateway_endpoint: 'http://127.0.0.1:8080',
    is_remote: false,
    gateway_port: 8080,
    auth_mode: 'plaintext',
  };

  it('reads metadata back', () => {
    expect(parseMetadata(JSON.stringify(metadata), 'f')).to.deep.equal(metadata);
  });

  it('refuses what is none, naming file and keys', () => {
    expect(() => parseMetadata('{', 'meta.json')).to.throw(/meta\.json is no JSON/);
    expect(() => parseMetadata('{"name":"x"}', 'meta.json')).to.throw(/meta\.json .*gateway_endpoint.*gateway_port/);
    expect(() => parseMetadata('null', 'meta.json')).to.throw(/meta\.json/);
  });

  it('keeps gateway names inside its directory', () => {
    for (const name of ['..', '../x', 'a/b', '', '-x']) expect(() => checkGatewayName(name), name).to.throw(/no name/);
  });
});

describe('credentials and settings given to the CLI', () => {
  it('are read from the variables named', () => {
    expect(credentialsFrom(['KEY'], { KEY: 'value', OTHER: 'x' })).to.deep.equal({ KEY: 'value' });
    expect(() => credentialsFrom(['KEY'], {})).to.throw(/KEY is not set/);
  });

  it('are never repeated when a value was given in place of a name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{4,8}$/), (secret) => {
        expect(() => credentialsFrom([`KEY=canary-${secret}`], {}))
          .to.throw(/not a value/)
          .and.not.match(new RegExp(`canary-${secret}`));
      }),
    );
  });

  it('are KEY=VALUE, the value with any signs', () => {
    expect(settingsFrom(['URL=http://h/?a=b'])).to.deep.equal({ URL: 'http://h/?a=b' });
    expect(() => settingsFrom(['=x'])).to.throw(/KEY=VALUE/);
  });
});

describe('the source of a sandbox', () => {
  it('is a Dockerfile, a directory that holds one, or an image', () => {
    const directory = mkdtempSync(join(tmpdir(), 'from-'));
    try {
      expect(() => imageSource(directory)).to.throw(/holds no Dockerfile/);
      writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\n');
      const dockerfile = join(directory, 'Dockerfile');
      expect(imageSource(directory)).to.deep.equal({ kind: 'build', dockerfile, context: directory });
      expect(imageSource(dockerfile)).to.deep.equal({ kind: 'build', dockerfile, context: directory });
      expect(imageSource('name/space:1')).to.deep.equal({ kind: 'image', image: 'name/space:1' });
      expect(() => imageSource(join(directory, 'no', 'Dockerfile'))).to.throw(/no such file/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
