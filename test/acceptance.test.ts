import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { expect } from 'chai';
import { type Specification, specification } from '../src/audit-input/specification';
import { REPOSITORY } from '../src/repository';
import { loadLedger } from '../src/spec/ledger';

const page = readFileSync(path.join(REPOSITORY, 'docs/acceptance.md'), 'utf8');
const commands = [...page.matchAll(/`(np[mx] [^`]+)`/g)].map(([, command = '']) => command);

describe('docs/acceptance.md', () => {
  let specified: Specification;
  before(async () => {
    specified = await specification();
  });

  it('links to what is there', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = '']) => link);
    expect(links.length).to.be.greaterThan(40);
    const broken = links.filter((link) => !existsSync(path.join(REPOSITORY, 'docs', link)));
    expect([...new Set(broken)]).to.deep.equal([]);
  });

  it('names assertions that the ledger has', () => {
    const ids = [...page.matchAll(/`([a-z]+(?:\.[a-z0-9_-]+)+)`/g)].map(([, id = '']) => id);
    const known = ids.filter((id) => !/\.(json|yaml|ts)$/.test(id));
    expect(known.length).to.be.greaterThan(5);
    expect(known.filter((id) => !loadLedger().byId.has(id))).to.deep.equal([]);
  });

  it('names npm scripts, commands of phase9 and tags that there are', () => {
    const scripts = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')).scripts as Record<
      string,
      string
    >;
    const main = readFileSync(path.join(REPOSITORY, 'src/cli/main.ts'), 'utf8').toLowerCase();
    const features = specified.steps.map(({ feature }) => feature.split(':')[0] ?? '');
    const texts = [
      ...new Set(features),
      'features/phase9/9.1-rebuild-and-upgrade/evidence-complete.feature',
      'features/phase9/9.2-fresh-only-claim/fresh-rebuild-stays-unresolved.feature',
    ].map((file) => readFileSync(path.join(REPOSITORY, file), 'utf8'));
    for (const command of commands) {
      const [, script] = /^npm run ([\w:-]+)/.exec(command) ?? [];
      if (script !== undefined) expect(scripts, command).to.have.property(script);
      const [, verb] = /^npx phase9 (\w+)/.exec(command) ?? [];
      if (verb !== undefined) expect(main, command).to.contain(`register${verb}`);
      for (const [tag] of command.matchAll(/@[\w.-]+/g)) {
        expect(
          texts.some((text) => new RegExp(`${tag.replaceAll('.', '\\.')}(?![\\w.-])`).test(text)),
          `${tag} in ${command}`,
        ).to.equal(true);
      }
    }
  });
});
