import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { nearest } from '../../src/nearest';
import { readSettings as readAll } from '../../src/settings';
import { UserError } from '../../src/user-error';

/** Reads settings without a file. */
const readSettings = (environment: NodeJS.ProcessEnv) => readAll({ PHASE9_CONFIG: devNull, ...environment });

describe('settings from the environment', () => {
  it('has a default for each', () => {
    expect(readSettings({ HOME: '/home/someone' })).to.deep.equal({
      profile: 'reference',
      installEngine: true,
      baseImage: '',
      cacheDirectory: '/home/someone/.cache/phase9',
      stateDirectory: '/home/someone/.local/state/phase9',
      reportsDirectory: path.resolve('reports'),
      producer: userInfo().username,
      bundle: '',
      row: '',
      knownFailures: 'fail',
      live: { root: '', oldAgents: {}, releases: '', bounds: {}, endpoint: '', hosts: [], environment: {} },
    });
  });

  it('takes what is given, and XDG_STATE_HOME where the state directory is not', () => {
    const settings = readSettings({
      HOME: '/home/someone',
      XDG_STATE_HOME: '/var/state',
      PHASE9_PROFILE: 'live',
      PHASE9_INSTALL_ENGINE: '0',
      PHASE9_BASE_IMAGE: 'registry.test:5000/debian:bookworm-slim',
      PHASE9_CACHE_DIR: '/var/cache/here',
      PHASE9_RUN: 'a-run',
      NEMOCLAW_ROOT: '/opt/NemoClaw',
    });
    expect(settings.profile).to.equal('live');
    expect(settings.installEngine).to.equal(false);
    expect(settings.baseImage).to.equal('registry.test:5000/debian:bookworm-slim');
    expect(settings.cacheDirectory).to.equal('/var/cache/here');
    expect(settings.stateDirectory).to.equal('/var/state/phase9');
    expect(settings.live.root).to.equal('/opt/NemoClaw');
  });

  it('treats an empty value as unset', () => {
    expect(readSettings({ HOME: '/h', PHASE9_PROFILE: '', PHASE9_STATE_DIR: '' }).profile).to.equal('reference');
  });

  it('names everything that is wrong in one message, with exit status 2', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'phase9-settings-'));
    const file = path.join(directory, 'file');
    writeFileSync(file, '');
    const read = () =>
      readSettings({
        PHASE9_PROFILE: 'refrence',
        PHASE9_INSTALL_ENGINE: 'no',
        PHASE9_BASE_IMAGE: '--privileged',
        PHASE9_STATE_DIR: file,
        PHASE9_PROFIL: 'live',
      });
    try {
      expect(read).to.throw(UserError).with.property('exitStatus', 2);
      expect(read).to.throw(/PHASE9_PROFIL is not a setting; did you mean PHASE9_PROFILE\?/);
      expect(read).to.throw(/PHASE9_PROFILE must be reference or live, but is "refrence"/);
      expect(read).to.throw(/PHASE9_INSTALL_ENGINE must be 0 or 1, but is "no"/);
      expect(read).to.throw(/PHASE9_BASE_IMAGE must be an image reference/);
      expect(read).to.throw(/PHASE9_STATE_DIR names a file where a directory belongs/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('does not repeat a credential in the wrong variable', () => {
    const secret = `nvapi-${'x'.repeat(24)}`;
    expect(() => readSettings({ PHASE9_PROFILE: secret })).to.throw(
      /^(?!.*xxxx).*PHASE9_PROFILE must be reference or live, but is something that looks like an nvapi- key$/,
    );
  });

  it('lists the settings when none is near', () => {
    expect(() => readSettings({ PHASE9_COLOUR_OF_THE_SKY: 'blue' })).to.throw(
      /the settings are PHASE9_PROFILE, PHASE9_/,
    );
  });

  it('suggests the name that one slip of a finger came from', () => {
    const names = ['PHASE9_PROFILE', 'PHASE9_INSTALL_ENGINE', 'PHASE9_BASE_IMAGE', 'PHASE9_REPORTS_DIR'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), (name, position) => {
        const at = 7 + (position % (name.length - 7));
        return nearest(`${name.slice(0, at)}${name.slice(at + 1)}`, names) === name;
      }),
    );
  });
});
