import { agentFacts } from '../sut/agents';
import { giveToOwnerOf } from '../sut/container-root';
import { identityInstructions } from '../sut/releases/owner-environment';
import type { Phase9World } from '../world/world';

/** Something that ends a rebuild once the old sandbox is gone. */
export interface Break {
  /** When: as soon as the old sandbox's container is removed, or the new one's is started. */
  readonly when: 'old-removed' | 'new-started';
  /** What is added to the Dockerfile of the sandbox then. Without it, the command is killed. */
  readonly dockerfile?: (world: Phase9World) => readonly string[];
  /** Puts right, in a new sandbox, what the Dockerfile had made wrong. */
  readonly repair?: (world: Phase9World) => Promise<void>;
}

/** A kind of break: its words in a feature, and its name in records. */
export const breaks = {
  'unbuildable-image': {
    words: 'an image that cannot be built',
    when: 'old-removed',
    dockerfile: () => ['PHASE9 breaks this'],
  },
  'unstartable-sandbox': {
    words: 'a sandbox that cannot start',
    when: 'old-removed',
    dockerfile: () => ["RUN sed -i '/^sandbox:/d' /etc/passwd"],
  },
  'broken-restore': {
    words: 'a restore that breaks off',
    when: 'old-removed',
    dockerfile: (world) => [`RUN mkdir -p ${place(world)} && chown 0:0 ${place(world)} && chmod 755 ${place(world)}`],
    repair: openPlace,
  },
  'killed-command': { words: 'a kill right after the delete', when: 'old-removed' },
  'killed-later': { words: 'a kill while the new sandbox starts', when: 'new-started' },
} as const satisfies Readonly<Record<string, Break & { readonly words: string }>>;
export type BreakName = keyof typeof breaks;

/** The name of the break that a feature calls so. @throws when there is none */
export function breakNamed(words: string): BreakName {
  const found = (Object.keys(breaks) as BreakName[]).find((name) => breaks[name].words === words);
  if (found === undefined) throw new Error(`there is no break "${words}"`);
  return found;
}

/** A pattern for the words of all breaks. */
export const breakWords = new RegExp(
  Object.values(breaks)
    .map(({ words }) => words)
    .join('|'),
);

/** Lines that go to the end of a Dockerfile: they run as root, and leave the image's user as this release wants it. */
export function linesOf(world: Phase9World, lines: readonly string[]): string {
  return ['', 'USER root', ...lines, identityInstructions(world.profile.release)].join('\n');
}

/** The state directory of the last keepsake: a restore comes to it when others are back. */
function place(world: Phase9World): string {
  const { stateDirectory } = agentFacts[world.get('agent')];
  const last = (world.get('keepsakes').at(-1)?.path ?? '').slice(stateDirectory.length + 1);
  return `${stateDirectory}/${last.split('/')[0]}`;
}

/** Gives the place to the user whose the state directory is, where a new sandbox came to be. */
async function openPlace(world: Phase9World): Promise<void> {
  const container = (await world.sandbox().container()).peek();
  if (container === null) return;
  const { stateDirectory } = agentFacts[world.get('agent')];
  await giveToOwnerOf(container.id, place(world), stateDirectory);
}
