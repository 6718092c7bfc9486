import { CommandFailure } from './child';
import { CACHE_LABEL } from './definitions';
import type { Engine } from './engine';
import type { Report } from './progress';

const OWN = /^nemoclaw-reference\//;

/**
 * Removes the agent images, their base, and images made from them that have no other name. An image that a container
 * uses stays, and so does one with a name that is not ours; both are reported.
 * @returns how many names were removed and how many stayed.
 */
export async function cleanImages(engine: Engine, report: Report): Promise<{ removed: number; kept: number }> {
  const format = '{{.Repository}}:{{.Tag}}|{{.ID}}';
  const list = ['image', 'ls', '--no-trunc', '--filter', `label=${CACHE_LABEL}`, '--format', format];
  const lines = (await engine.docker(list)).stdout.split('\n').filter((line) => line !== '');
  let removed = 0;
  let kept = 0;
  for (const line of lines) {
    const [name = '', id = ''] = line.split('|');
    const untagged = name.includes('<none>');
    const image = untagged ? id : name;
    if (!untagged && !OWN.test(name)) {
      kept += 1;
      report({ step: 'clean', state: 'kept', text: `${name} stays: made from an agent image, but not ours`, image });
      continue;
    }
    try {
      await engine.docker(['image', 'rm', image]);
      removed += 1;
      report({ step: 'clean', state: 'removed', text: `removed ${image}`, image, id });
    } catch (error) {
      // An untagged parent can be gone with the child that was removed before it.
      if (!(error instanceof CommandFailure) || /no such image/i.test(error.message)) continue;
      kept += 1;
      const reason = error.message.split('\n').at(-1) ?? '';
      report({ step: 'clean', state: 'kept', text: `${image} stays: ${reason}`, image, id });
    }
  }
  return { removed, kept };
}
