import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { LiveSettings } from '../../src/settings';
import { profileOf } from '../../src/sut/profiles/choose';
import { withSettings } from '../../src/sut/profiles/from-settings';

const nothing: LiveSettings = {
  root: '',
  oldAgents: {},
  releases: '',
  bounds: {},
  endpoint: '',
  hosts: [],
  environment: {},
};
const own = {
  token: 'p9-test',
  gatewayPort: 1,
  dashboardPort: 2,
  hostsFile: '',
  baseImages: { openclaw: '', hermes: '' },
};
const profile = profileOf('reference');
const laid = (live: Partial<LiveSettings>) => withSettings(profile, { ...nothing, ...live });

describe('settings laid over a profile', () => {
  it('change nothing that they do not name', () => {
    const { isolate, reach, ...rest } = laid({});
    const { isolate: before, reach: none, ...all } = profile;
    expect(rest).to.deep.equal(all);
    expect(isolate(own)).to.deep.equal(before(own));
    expect([none, reach]).to.deep.equal([undefined, { hosts: [] }]);
  });

  it('are bounds in ms, one by one', () => {
    expect(laid({ bounds: { onboard: 900 } }).bounds).to.deep.equal({ ...profile.bounds, onboard: 900_000 });
  });

  it('replace an old agent whole, by arguments or by an image', () => {
    const { oldAgents } = laid({ oldAgents: { hermes: { version: '0.18.0', image: 'registry.test/hermes:1' } } });
    expect(oldAgents.hermes).to.deep.equal({ version: '0.18.0', buildArguments: {}, image: 'registry.test/hermes:1' });
    expect(oldAgents.openclaw).to.equal(profile.oldAgents.openclaw);
    const built = laid({ oldAgents: { openclaw: { version: '1.2.3', buildArguments: { A: 'b' } } } });
    expect(built.oldAgents.openclaw).to.deep.equal({ version: '1.2.3', buildArguments: { A: 'b' } });
  });

  it('name a mirror of releases, an endpoint and hosts', () => {
    const { upgrade, reach } = laid({ releases: '/mirror', endpoint: '172.17.0.1', hosts: ['packages.example.org'] });
    expect(upgrade).to.deep.equal({ ...profile.upgrade, local: '/mirror' });
    expect(reach).to.deep.equal({ endpoint: '172.17.0.1', hosts: ['packages.example.org'] });
  });

  it('add the owner’s variables, below what this process’s environment has given', () => {
    const name = 'PHASE_NINE_TEST_VARIABLE';
    const given = { ...profile, isolate: () => ({ [name]: 'the profile’s' }) };
    const of = () =>
      withSettings(given, { ...nothing, environment: { [name]: 'the owner’s', OTHER: '1' } }).isolate(own);
    expect(of()).to.deep.equal({ [name]: 'the owner’s', OTHER: '1' });
    process.env[name] = 'set';
    expect(of()).to.deep.equal({ [name]: 'the profile’s', OTHER: '1' });
    delete process.env[name];
  });
});
