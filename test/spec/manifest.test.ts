import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { loadManifest, manifestNames, manifestsDirectory } from '../../src/spec/manifest';
import { spoilable } from '../cli/phase9-calls';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

const NAME = 'openclaw-nvidia-custom-policies-rebuild';

describe('a product manifest', () => {
  it('is read for every name that there is', () => {
    expect(manifestNames()).to.include.members([NAME, 'hermes-nvidia-discord-rebuild']);
    for (const name of manifestNames()) expect(loadManifest(name).metadata.name).to.equal(name);
  });

  it('that there is not is told with those that there are', async () => {
    expect(await rejection(() => loadManifest('absent'))).to.match(
      new RegExp(`no manifest absent; there are: .*${NAME}`),
    );
  });

  describe('that is malformed', () => {
    const clone = spoilable(temporaryDirectory('manifest'));
    const spoilt: typeof import('../../src/spec/manifest') = require(path.join(clone, 'src/spec/manifest.ts'));
    const original = readFileSync(path.join(manifestsDirectory, `${NAME}.yaml`), 'utf8');
    const file = path.join(clone, 'manifests', `${NAME}.yaml`);
    /** The complaint about the manifest with `from` replaced by `to`, the file's name taken off. */
    const complaint = async (from: string, to: string): Promise<string> => {
      expect(original).to.include(from);
      writeFileSync(file, original.replace(from, to));
      const message = await rejection(() => spoilt.loadManifest(NAME));
      const shown = path.relative(process.cwd(), file);
      expect(message.startsWith(`${shown}:`), message).to.equal(true);
      return message.slice(shown.length + 1);
    };
    /** Line and column, counted from 1, at which `text` stands in the spoilt file. */
    const at = (text: string): string => {
      const before = readFileSync(file, 'utf8').split(text)[0] ?? '';
      const lines = before.split('\n');
      return `${lines.length}:${(lines.at(-1) ?? '').length + 1}: `;
    };

    it('in its syntax is told by line, column and reason', async () => {
      expect(await complaint('agent: openclaw', 'agent: "openclaw')).to.match(/^\d+:\d+: .*quote/i);
      expect(await complaint('  name: ', '   name: x\n  name: ')).to.match(/^\d+:\d+: /);
    });

    it('by an unknown agent is told by its place and the agents that there are', async () => {
      const message = await complaint('agent: openclaw', 'agent: gooseclaw');
      expect(message.startsWith(at('gooseclaw')), message).to.equal(true);
      expect(message).to.include('spec.onboarding.agent').and.include('openclaw').and.include('hermes');
    });

    it('by an unknown key is told by its place and the key', async () => {
      const message = await complaint('    lifecycle: [rebuild]', '    lifecycle: [rebuild]\n    modelRoutes: none');
      expect(message).to.include('modelRoutes');
      const [line] = message.split(':');
      const onboarding =
        readFileSync(file, 'utf8')
          .split('\n')
          .findIndex((one) => one.includes('onboarding:')) + 1;
      expect(Number(line)).to.be.within(onboarding, onboarding + 15);
    });

    it('by a value where a credential’s name belongs is refused, and the value is not repeated', async () => {
      const secret = 'nvapi-0123456789abcdef';
      const message = await complaint('[NVIDIA_API_KEY]', `[${secret}]`);
      expect(message.startsWith(at(secret)), message).to.equal(true);
      expect(message).to.include('never by its value');
      expect(message).not.to.include(secret);
    });

    it('by a word about tests, at any depth, is told by its place and the word', async () => {
      const setup = '    runtime: {';
      for (const key of [
        'assertion',
        'assertions',
        'assertionGroups',
        'suite',
        'suites',
        'suiteIds',
        'testPlan',
        'testPlans',
      ]) {
        const message = await complaint(setup, `    extra: [{ deep: { ${key}: [x] } }]\n${setup}`);
        expect(message.startsWith(at('[x] } }')), message).to.equal(true);
        expect(message).to.include(`spec.setup.extra.0.deep.${key}: `).and.include('belongs to a test');
      }
      const atTop = await complaint('kind: NemoClawInstance', 'kind: NemoClawInstance\nsuites: []');
      expect(atTop.startsWith(at('[]')), atTop).to.equal(true);
    });

    it('by a string where a credential’s value would stand is refused, and the string is not repeated', async () => {
      const setup = '    runtime: {';
      const value = 'a-value-of-any-kind';
      for (const key of ['apiKey', 'NVIDIA_API_KEY', 'botToken', 'token', 'clientSecret', 'password', 'credential']) {
        const message = await complaint(setup, `    extra: { ${key}: ${value} }\n${setup}`);
        expect(message.startsWith(at(value)), message).to.equal(true);
        expect(message).to.include(`spec.setup.extra.${key}: `).and.include('credentialRefs');
        expect(message).not.to.include(value);
      }
    });

    it('by no word that only contains such a one', async () => {
      const setup = '    runtime: {';
      writeFileSync(
        file,
        original.replace(setup, `    extra: { tokenCount: x, suitable: y, passwords: [], token: 7 }\n${setup}`),
      );
      expect(spoilt.loadManifest(NAME).metadata.name).to.equal(NAME);
    });

    it('by a missing or a wrongly typed value is told by its place', async () => {
      const preset = await complaint('[npm, pypi]', '[npm, 7]');
      expect(preset.startsWith(at('7]')), preset).to.equal(true);
      expect(await complaint('      model: ', '      models: ')).to.include('spec.onboarding.features');
    });

    it('by another name than its file’s is told', async () => {
      writeFileSync(file, original.replace(`name: ${NAME}`, 'name: another'));
      expect(await rejection(() => spoilt.loadManifest(NAME))).to.include(`${file}: metadata.name is another`);
    });
  });
});
