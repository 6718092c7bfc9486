import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { agentFacts } from '../sut/agents';
import { mapConcurrent } from '../sut/map-concurrent';
import type { StartOutcome } from '../sut/runtime-overrides';
import type { Phase9World } from '../world/world';
import { literalOf, type Overrides, settingNamed, settings, type TableRow } from './runtime-overrides-cases';
import { lanes, runAsRoot, start, startAgainUnread, volumeFor } from './runtime-overrides-image';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Root's files that links lead to, as they were made: a line for each. */
    victims: Observation<readonly string[]>;
    linkStarts: readonly LinkStart[];
  }
}

const { stateDirectory, configuration } = agentFacts.openclaw;
const directory = inRepository('fixtures/runtime-overrides');
const victimsAt = '/opt/phase9-victims';

/** What the agent replaces by a link, by its name in the feature. */
const places: Readonly<Record<string, string>> = {
  'the configuration': path.posix.join(stateDirectory, configuration),
  'its hash': path.posix.join(stateDirectory, '.config-hash'),
  'their directory': stateDirectory,
};

/** What the link leads to, from a directory of root, by its name in the feature. */
const targets: Readonly<Record<string, string>> = {
  'a file of root': 'file',
  'a configuration of root': configuration,
  'a hash of root': '.config-hash',
  'a place of root without a file': 'no-file',
  'a directory of root': '.',
  'another link, to a file of root': 'file',
};

/** One sandbox in which the agent put a link, and which was started again. */
export interface LinkStart {
  readonly name: string;
  /** What it was given at both starts; nothing where the row gives none. */
  readonly overrides: Overrides;
  readonly start: StartOutcome;
}

interface LinkCase {
  readonly name: string;
  readonly overrides: Overrides;
  readonly place: string;
  readonly target: string;
  /** Whether the link leads there by way of another link. */
  readonly through: boolean;
}

function named(of: Readonly<Record<string, string>>, name: string): string {
  const found = of[name];
  if (found === undefined) throw new Error(`"${name}" is none of: ${Object.keys(of).join(', ')}`);
  return found;
}

/** The cases of a table with the columns `what`, `leads to`, `setting` and `value`. @throws for a row that makes no sense */
export function linkCases(rows: readonly TableRow[]): readonly LinkCase[] {
  return rows.map(({ what = '', 'leads to': to = '', setting = '', value = '' }, at) => ({
    name: `link-${at}`,
    overrides: setting === 'none' ? {} : { [settings[settingNamed(setting)].variable]: literalOf(value) },
    place: named(places, what),
    target: path.posix.join(victimsAt, `link-${at}`, named(targets, to)),
    through: to.startsWith('another link'),
  }));
}

const mounts = (world: Phase9World) => [{ name: volumeFor(world, 'victims'), path: victimsAt }];

/** Each of root's files: its name, type, mode, owner and digest. */
export async function victimsNow(world: Phase9World, name = 'victims-after'): Promise<Observation<readonly string[]>> {
  const script = [
    `cd ${victimsAt}`,
    'find . | sort | while read -r one; do',
    'digest=; [ ! -f "$one" ] || digest=$(sha256sum <"$one")',
    'echo "$(stat -c "%n, %F, %a, %u:%g" "$one") $digest"; done',
  ].join('\n');
  const listing = await runAsRoot(world, { name, script, mounts: mounts(world) });
  return listing.map((text) => text.split('\n').filter(Boolean));
}

/** Makes the files of root, a directory of them for each case: of random content, and a configuration with its hash. */
async function makeVictims(world: Phase9World, cases: readonly LinkCase[]): Promise<void> {
  const lines = cases.map(
    ({ name }) => `make ${victimsAt}/${name} ${randomBytes(24).toString('hex')} ${stateDirectory}/${configuration}`,
  );
  const script = `${readFileSync(path.join(directory, 'victims.sh'), 'utf8')}\n${lines.join('\n')}`;
  await runAsRoot(world, { name: 'victims', script, mounts: mounts(world) });
  world.set({ victims: await victimsNow(world, 'victims-before') });
}

/**
 * Starts a sandbox in which the agent puts a link, and starts it again.
 * @throws when the link could not be put there: the second start would prove nothing
 */
async function startWithLink(world: Phase9World, one: LinkCase): Promise<LinkStart> {
  const { name, overrides, place, target, through } = one;
  const script = readFileSync(path.join(directory, 'plant-link.sh'), 'utf8');
  const command = ['sh', '-c', script, 'plant-link', place, target, through ? 'through' : ''];
  const planted = (await start(world, { name, overrides, command, mounts: mounts(world) })).payload.peek();
  if (planted.command !== '0' || !planted.toTheEnd)
    throw new Error(`the agent could not make ${place} a link to ${target}: exit ${planted.command ?? 'none'}`);
  return { name, overrides, start: await startAgainUnread(world, name) };
}

/** Carries out each case of a table: a start, the link, and a second start. */
export async function startWithLinks(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  const cases = linkCases(rows);
  await makeVictims(world, cases);
  world.set({ linkStarts: await mapConcurrent(cases, lanes(), (one) => startWithLink(world, one)) });
}
