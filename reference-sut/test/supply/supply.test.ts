import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { CommandFailure, runCommand } from '../../supply/child';
import { chooseSource } from '../../supply/debian';
import { AGENT_IMAGES, digestsOn } from '../../supply/definitions';
import { networkArguments } from '../../supply/machine';
import { packageName, prune } from '../../supply/openclaw';

describe('the source of a base image', () => {
  it('is bookworm of the mirror that the machine uses', () => {
    const lines = [
      'http://tools.test/repo|stable|main|Somebody',
      'http://mirror.test/debian|bookworm|main|Debian',
      'http://mirror.test/debian|bookworm-updates|main|Debian',
      'http://security.test/debian|bookworm-security|main|Debian',
    ];
    const source = { site: 'http://mirror.test/debian', suite: 'bookworm', components: 'main' };
    expect(chooseSource(lines, 'bookworm')).to.deep.equal(source);
  });

  it('is bookworm too on a later Debian, from its main archive', () => {
    const lines = ['http://s.test/sec|trixie-security|main|Debian', 'http://m.test/debian|trixie|main|Debian'];
    expect(chooseSource(lines, 'trixie')).to.deep.include({ site: 'http://m.test/debian', suite: 'bookworm' });
  });

  it("is the machine's own release on Ubuntu, with universe", () => {
    const lines = ['http://m.test/ubuntu|noble-security|main|Ubuntu', 'http://m.test/ubuntu|noble|main|Ubuntu'];
    const source = { site: 'http://m.test/ubuntu', suite: 'noble', components: 'main,universe' };
    expect(chooseSource(lines, 'noble')).to.deep.equal(source);
  });

  it('is none when no archive is known', () => {
    expect(chooseSource(['', 'http://tools.test/repo|stable|main|Somebody'], 'bookworm')).to.equal(undefined);
  });
});

describe('the digests of the images', () => {
  it('differ from image to image, and follow the base below them', () => {
    const one = digestsOn('sha256:one');
    const two = digestsOn('sha256:two');
    expect(new Set([one.base, one.node, ...one.agents.values()]).size).to.equal(2 + AGENT_IMAGES.length);
    for (const { image } of AGENT_IMAGES) expect(one.agents.get(image)).to.not.equal(two.agents.get(image));
    expect(digestsOn('sha256:one')).to.deep.equal(one);
  });
});

describe('pruning', () => {
  it('knows the top of a package', () => {
    expect(packageName('/w/node_modules/yaml')).to.equal('yaml');
    expect(packageName('/w/node_modules/@scope/name')).to.equal('@scope/name');
    expect(packageName('/w/node_modules/a/node_modules/b')).to.equal('b');
    for (const path of ['/w/node_modules', '/w/node_modules/@scope', '/w/node_modules/yaml/dist']) {
      expect(packageName(path)).to.equal('');
    }
  });

  it('takes tests, types and maps away, and nothing that only looks like it', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'phase9-prune-'));
    const put = (file: string): void => {
      mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
      writeFileSync(path.join(directory, file), '');
    };
    const modules = path.join(directory, 'node_modules');
    const kept = ['agent/docs/templates/a.md', 'agent/dist/extensions/memory/index.js', 'yaml/dist/doc/parser.js'];
    const gone = [
      'agent/dist/extensions/other/index.js',
      'yaml/test/a.js',
      'yaml/index.d.ts',
      '@s/n/lib/x.js.map',
      'big/x.js',
    ];
    for (const file of [...kept, ...gone]) put(path.join('node_modules', file));
    try {
      await prune(modules, '1.0.0', {
        suffixes: ['.map', '.d.ts'],
        packageDirectories: ['test', 'doc', 'docs'],
        keepDirectoriesOf: ['agent'],
        versions: { '1.0.0': { paths: ['big'], onlyEntries: { 'agent/dist/extensions': ['memory'] } } },
      });
      for (const file of kept) expect(existsSync(path.join(modules, file)), file).to.equal(true);
      for (const file of gone) expect(existsSync(path.join(modules, file)), file).to.equal(false);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('a work container', () => {
  it('gets proxies and indexes by name, so that no argument shows a password', () => {
    const args = networkArguments('/ca.pem', { https_proxy: 'http://user:secret@proxy.test', PIP_INDEX_URL: '' });
    expect(args).to.include('https_proxy');
    expect(args).to.include('SSL_CERT_FILE=/ca.pem');
    expect(args.join(' ')).to.not.contain('secret');
    expect(args).to.not.include('PIP_INDEX_URL');
  });
});

describe('a command', () => {
  const failure = async (attempt: Promise<unknown>): Promise<string> => {
    const error: unknown = await attempt.catch((reason: unknown) => reason);
    if (!(error instanceof CommandFailure)) throw new Error(`no CommandFailure but ${String(error)}`);
    return error.message;
  };

  it('is killed with its children at its bound', async () => {
    const start = Date.now();
    const message = await failure(runCommand('sh', ['-c', 'sleep 30 & sleep 30'], { within: 200 }));
    expect(message).to.contain('did not end within');
    expect(Date.now() - start).to.be.below(5_000);
  });

  it('is given up when it prints nothing', async () => {
    const options = { within: 30_000, firstOutputWithin: 150 };
    expect(await failure(runCommand('sh', ['-c', 'sleep 30'], options))).to.contain('printed nothing for');
  });

  it('reports its status and its last lines', async () => {
    expect(await failure(runCommand('sh', ['-c', 'echo why >&2; exit 3'], { within: 5_000 }))).to.match(
      /exit status 3\nwhy$/,
    );
  });
});
