import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { until } from '../../src/shared/until';

const real = '/usr/local/lib/node_modules/openclaw/openclaw.mjs';
let directory: string;
let extensions: string;
let command: string;

/** The command as it stands in an image, but for the agent behind it and the lock's place. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openclaw-command-'));
  extensions = join(directory, '.openclaw/extensions');
  command = join(directory, 'openclaw');
  const agent = join(directory, 'agent');
  const text = readFileSync(join(__dirname, '../../tree/scripts/openclaw.sh'), 'utf8');
  expect(text).to.include(real).and.to.include('/tmp/nemoclaw-plugins.lock');
  const own = text.replaceAll(real, agent).replaceAll('/tmp/nemoclaw-plugins.lock', join(directory, 'lock'));
  writeFileSync(command, own, { mode: 0o755 });
  const script =
    '#!/bin/sh\necho "agent: $*"\n[ "$3" != wait ] || exec sleep 20\n' +
    '[ "$3" != bad ] || { rm -r "$HOME/.openclaw/extensions/kept"; exit 1; }\n';
  writeFileSync(agent, script, { mode: 0o755 });
  for (const name of ['kept', '.openclaw-install-stage-Ab12', '.openclaw-install-backups/kept-1764000000000'])
    mkdirSync(join(extensions, name), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true }));

const env = () => ({ ...process.env, HOME: directory });
const call = (...args: string[]) => spawnSync(command, args, { env: env(), encoding: 'utf8' });

describe('openclaw in a sandbox', () => {
  it('is the agent, with every argument', () => {
    expect(call('agent', '-m', 'a b').stdout).to.equal('agent: agent -m a b\n');
    expect(readdirSync(extensions)).to.include('.openclaw-install-stage-Ab12');
  });

  it('puts away what an installation left that was killed, before another begins', () => {
    expect(call('plugins', 'install', 'x').status).to.equal(0);
    expect(readdirSync(extensions).sort()).to.deep.equal(['.openclaw-install-backups', 'kept']);
    expect(readdirSync(join(extensions, '.openclaw-install-backups'))).to.deep.equal([]);
  });

  it('puts a plugin back that was moved aside and never replaced', () => {
    const aside = join(extensions, '.openclaw-install-backups/lost-plugin-1764000000000');
    mkdirSync(aside);
    writeFileSync(join(aside, 'file'), 'whole');
    call('plugins', 'list');
    expect(readFileSync(join(extensions, 'lost-plugin/file'), 'utf8')).to.equal('whole');
    expect(existsSync(aside)).to.equal(false);
  });

  it('puts back what stood before an installation that fails, and keeps the status', () => {
    writeFileSync(join(extensions, 'kept/file'), 'whole');
    expect(call('plugins', 'install', 'bad').status).to.equal(1);
    expect(readFileSync(join(extensions, 'kept/file'), 'utf8')).to.equal('whole');
    expect(readdirSync(join(directory, '.openclaw'))).to.deep.equal(['extensions']);
  });

  it('puts it back after an installation that was killed, before anything else', () => {
    mkdirSync(join(directory, '.openclaw/.plugins-before/extensions/old'), { recursive: true });
    call('plugins', 'list');
    expect(readdirSync(extensions)).to.deep.equal(['old']);
    expect(readdirSync(join(directory, '.openclaw'))).to.deep.equal(['extensions']);
  });

  it('leaves alone what belongs to an installation under way', async () => {
    const first = spawn(command, ['plugins', 'install', 'wait'], {
      env: env(),
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    try {
      let output = '';
      first.stdout.on('data', (data) => {
        output += String(data);
      });
      await until('the first installation', async () => (output === '' ? undefined : true), { withinMs: 5000 });
      mkdirSync(join(extensions, '.openclaw-install-stage-Cd34'));
      const second = call('plugins', 'install', 'x');
      expect([second.status, second.stderr]).to.deep.equal([75, 'Another change of plugins is under way.\n']);
      expect(readdirSync(extensions)).to.include('.openclaw-install-stage-Cd34');
    } finally {
      process.kill(-(first.pid ?? 0), 'SIGKILL');
    }
  });
});
