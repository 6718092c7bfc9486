import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withContainer } from './container';
import { BASE_IMAGE, labelled, SUPPLY } from './definitions';
import type { Engine } from './engine';
import { pipConfigurations } from './machine';
import { type Report, step } from './progress';

const INSIDE = '/var/tmp/phase9-hermes';

/**
 * Makes the virtual environments of all versions in one container of the base, which alone has the right Python at the
 * right place. Returns for each version a build context that holds it as hermes.tar.
 */
export async function makeEnvironments(
  engine: Engine,
  report: Report,
  versions: readonly string[],
  work: string,
): Promise<Map<string, string>> {
  return step(
    report,
    'hermes',
    `installing Hermes ${versions.join(' and ')} from the Python package index`,
    async () => {
      const command = ['/bin/bash', `${INSIDE}/make-environments.sh`, INSIDE, ...versions];
      return withContainer(engine, BASE_IMAGE, command, async (container) => {
        await container.copyIn(join(SUPPLY, 'hermes'), INSIDE);
        for (const { from, to } of pipConfigurations()) await container.copyIn(from, to);
        await container.start({
          within: 300_000,
          onLine: (text) => report({ step: 'hermes', state: 'progress', text }),
        });
        const contexts = new Map<string, string>();
        for (const version of versions) {
          const context = join(work, `hermes-${version}`);
          await mkdir(context, { recursive: true });
          await container.copyOut(`${INSIDE}/${version}/hermes`, join(context, 'hermes.tar'));
          contexts.set(version, context);
        }
        return contexts;
      });
    },
  );
}

/** Builds the image of one Hermes version and returns its ID; it has no name yet. */
export async function buildHermes(engine: Engine, context: string, inputs: string): Promise<string> {
  await cp(join(SUPPLY, 'hermes/Dockerfile'), join(context, 'Dockerfile'));
  return engine.build([...labelled(inputs), '--build-arg', `PARENT=${BASE_IMAGE}`, context]);
}
