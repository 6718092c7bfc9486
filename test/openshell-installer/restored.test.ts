import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { scenarioSummary } from '../../src/evidence/scenario-summary';
import { REPOSITORY } from '../../src/repository';
import { runCommand } from '../../src/sut/command';
import { minutes } from '../../src/sut/until';
import { temporaryDirectory } from '../temporary-directory';

const feature = 'features/phase9/9.3-hermetic/macos-installer-assets.feature';

describe('the installer assets of a Mac', () => {
  const directory = temporaryDirectory('restored');

  it('are restored after a scenario, which needs no engine', async () => {
    const state = path.join(directory, 'state');
    const reports = path.join(directory, 'reports');
    const result = await runCommand({
      argv: [
        process.execPath,
        path.join(REPOSITORY, 'node_modules/.bin/cucumber-js'),
        feature,
        '--name',
        'over a complete OpenShell',
      ],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DOCKER_HOST: 'unix:///nonexistent/docker.sock',
        PHASE9_PROFILE: 'reference',
        PHASE9_STATE_DIR: state,
        PHASE9_REPORTS_DIR: reports,
      },
      cwd: REPOSITORY,
      within: minutes(1),
      signal: new AbortController().signal,
      logs: path.join(directory, 'logs'),
    });
    expect(result.exit, `${result.stdout}${result.stderr}`).to.equal(0);
    expect(result.stdout.toString()).to.match(/PASS: installer\.macos\.accepts-complete-install /);
    const scenarios = path.join(reports, 'latest/scenarios');
    const [name = 'none'] = readdirSync(scenarios);
    const summary = scenarioSummary.parse(JSON.parse(readFileSync(path.join(scenarios, name), 'utf8')));
    expect(summary.restore).to.equal('complete');
    const owed = summary.obligations.find(({ fixture }) => fixture === 'macos-installer-assets');
    expect(owed).to.include({ changed: true, refusal: null });
    expect(owed?.mutatedAt, 'the fixture was made').to.be.a('string');
    expect(readdirSync(path.join(state, 'work'))).to.deep.equal([]);
    expect(existsSync(path.join(state, 'journals')) ? readdirSync(path.join(state, 'journals')) : []).to.deep.equal([]);
  });
});
