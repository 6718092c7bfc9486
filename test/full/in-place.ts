import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import { inRepository } from '../../src/repository';
import { engine, tagsMatching } from '../../src/sut/engine';
import { treeDigest } from '../../src/sut/identity';
import { until } from '../../src/sut/until';
import { clearAway, leftOf, phase9, StartedRun } from './started-run';

// The profile of the product, on an installation that is not ours to change: a copy of the reference distribution, which is
// shared by all scenarios, has no place of its own for any of them, and caches base images under names as the product's.
const DISTRIBUTION = inRepository('reference-sut/dist');
const REGISTRY = 'phase9-in-place.test';
const OVERRIDES = 'The operator starts many sandboxes from one image, each with other overrides';
const REFUSED = 'The sandbox is not running';
const REPLACED = 'The owner replaces a plugin by newer versions from another device';
const POLICY = 'nemoclaw-blueprint/policies/openclaw-sandbox.yaml';

function install(into: string): string {
  cpSync(DISTRIBUTION, into, { recursive: true });
  const tree = path.join(into, 'nemoclaw');
  for (const file of ['Dockerfile', ...['openclaw', 'hermes'].map((agent) => `agents/${agent}/manifest.yaml`)]) {
    const text = readFileSync(path.join(tree, file), 'utf8');
    const named = text.replaceAll(/[\w-]+\/((?:hermes-)?sandbox-base:)/g, `${REGISTRY}/nemoclaw/$1`);
    expect(named, file).not.to.equal(text);
    writeFileSync(path.join(tree, file), named);
  }
  return tree;
}

/** Names, modes, links and bytes of an installation, and the networks and volumes of the engine. */
async function asItIs(installation: string): Promise<unknown> {
  const { stdout } = await execa('find', [installation, '-printf', '%P %m %y %l\n']);
  const networks = (await engine().listNetworks()).map(({ Name }) => Name).sort();
  const { Volumes } = await engine().listVolumes();
  return [
    stdout.split('\n').sort(),
    treeDigest(installation),
    networks,
    (Volumes ?? []).map(({ Name }) => Name).sort(),
  ];
}

describe('the profile of the product', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'phase9-in-place-'));
  const installation = path.join(directory, 'installation');
  const tree = install(installation);
  process.env.NEMOCLAW_ROOT = tree;
  process.env.PATH = [path.join(installation, 'openshell'), process.env.PATH].join(path.delimiter);
  const runs: StartedRun[] = [];
  const started = (...scenarios: readonly string[]): StartedRun => {
    const run = new StartedRun(path.join(directory, String(runs.length)), scenarios, '--profile', 'live');
    runs.push(run);
    return run;
  };
  after(async () => {
    await clearAway(directory, runs);
    // What the installation caches is its own, not the suite's to remove.
    for (const tag of await tagsMatching(new RegExp(`^${REGISTRY}/`))) await engine().getImage(tag).remove();
  });

  it('runs the same features in place, says that its evidence is the product’s, and leaves the installation alone', async () => {
    const before = await asItIs(installation);
    const run = started(OVERRIDES, REFUSED, REPLACED);
    expect(await run.exit(), run.output).to.equal(0);
    expect(run.output).to.match(/^System:.*\(product\)/m);
    const [name = ''] = readdirSync(path.join(run.home, 'reports')).filter((one) => one !== 'latest');
    const evidence = path.join(run.home, 'reports', name, 'evidence');
    const kinds = readdirSync(evidence, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => JSON.parse(readFileSync(path.join(evidence, file), 'utf8')).sut.kind);
    expect(kinds).to.have.length(24);
    expect(new Set(kinds)).to.deep.equal(new Set(['product']));
    expect(await asItIs(installation)).to.deep.equal(before);
  });

  it('killed while a policy of the installation is changed: a restore makes it as it was', async () => {
    const before = await asItIs(installation);
    const policy = readFileSync(path.join(tree, POLICY), 'utf8');
    const run = started(REPLACED);
    await until(
      'the policy to be changed',
      async () => {
        if (run.ended) throw new Error(`the run ended before that:\n${run.output}`);
        return readFileSync(path.join(tree, POLICY), 'utf8') !== policy;
      },
      { within: 120_000, every: 5 },
    );
    const [token = ''] = run.tokens();
    process.kill(run.coordinator(), 'SIGKILL');
    expect(await run.exit(), run.output).to.equal(3);
    expect(readFileSync(path.join(tree, POLICY), 'utf8')).not.to.equal(policy);
    const restored = await phase9(run.home, 'restore');
    expect([restored.exit, restored.stderr], restored.stdout).to.deep.equal([0, '']);
    expect(await leftOf(run.home, token)).to.deep.equal([]);
    expect(await asItIs(installation)).to.deep.equal(before);
    expect(await phase9(run.home, 'restore')).to.deep.equal({ exit: 0, stdout: 'nothing to restore', stderr: '' });
  });
});
