import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { hostProgram, linkPrograms } from '../../src/staging/private-path';
import { ReleaseServer } from '../../src/staging/release-server';
import { temporaryDirectory } from '../temporary-directory';

const PUBLIC = 'https://releases.example.test/download/';

describe('the curl that installers find', () => {
  const directory = temporaryDirectory('releases');
  const programs = path.join(directory, 'bin');
  const served = path.join(directory, 'served');
  const server = new ReleaseServer(served);

  /** Runs a command with only the private PATH. @returns its exit status and output */
  const run = (command: string): Promise<{ exit: number | null; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      const child = spawn('bash', ['-c', command], {
        cwd: directory,
        env: { PATH: programs },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.on('close', (exit) => resolve({ exit, stdout, stderr }));
    });

  before(async () => {
    linkPrograms(programs);
    mkdirSync(path.join(served, 'v1'), { recursive: true });
    writeFileSync(path.join(served, 'v1/asset'), 'the asset');
    writeFileSync(path.join(directory, 'secret'), 'not to be served');
    const url = await server.listen();
    rmSync(path.join(programs, 'curl'));
    cpSync(inRepository('fixtures/upgrade-gateway-survivor/curl'), path.join(programs, 'curl'));
    writeFileSync(path.join(programs, 'real'), `${hostProgram('curl')}\n`);
    writeFileSync(path.join(programs, 'routes'), `${PUBLIC} ${url}/\n`);
  });
  after(() => server.close());

  it('fetches a staged asset under its public address', async () => {
    const { exit, stderr } = await run(`curl -fsSL ${PUBLIC}v1/asset -o fetched`);
    expect(stderr).to.equal('');
    expect(exit).to.equal(0);
    expect(readFileSync(path.join(directory, 'fetched'), 'utf8')).to.equal('the asset');
  });

  it('fetches from an address that needs no name server, and from no name that looks like one', async () => {
    const [, url] = readFileSync(path.join(programs, 'routes'), 'utf8').trim().split(' ');
    expect((await run(`curl -fsSL ${url}v1/asset`)).stdout).to.equal('the asset');
    expect((await run('curl -fsSL https://127.0.0.1.example.test/')).exit).to.equal(6);
    expect((await run('curl -fsSL https://example.test/127.0.0.1')).exit).to.equal(6);
  });

  it('answers an asset that is not staged as a real host would', async () => {
    expect((await run(`curl -fsSL ${PUBLIC}v2/asset -o other`)).exit).to.equal(22);
    expect(existsSync(path.join(directory, 'other'))).to.equal(false);
  });

  it('serves nothing outside its directory', async () => {
    expect((await run(`curl -fsSL --path-as-is ${PUBLIC}../secret`)).exit).to.equal(22);
    expect((await run(`curl -fsSL --path-as-is ${PUBLIC}%2e%2e/secret`)).exit).to.equal(22);
  });

  it('reaches no other address', async () => {
    const { exit, stderr } = await run('curl -fsSL https://elsewhere.example.test/asset');
    expect(exit).to.equal(6);
    expect(stderr).to.contain('https://elsewhere.example.test/asset');
  });

  it('records each call with its arguments', async () => {
    await run(`curl -fsSL ${PUBLIC}v1/asset`);
    const calls = readFileSync(path.join(programs, 'calls'), 'utf8').trim().split('\n');
    expect(calls.at(-1)).to.equal(`curl\t-fsSL\t${PUBLIC}v1/asset`);
  });

  it('is on a PATH without gh and without an OpenShell of the host', async () => {
    for (const name of ['gh', 'openshell', 'nemoclaw']) expect((await run(`command -v ${name}`)).exit).to.equal(1);
    expect((await run('node --version')).stdout.trim()).to.equal(process.version);
  });
});
