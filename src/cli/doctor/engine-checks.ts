import { z } from 'zod';
import { jsonOf } from '../../json';
import { REPOSITORY } from '../../repository';
import type { Settings } from '../../settings';
import { PRIVATE_ENGINE_IMAGE } from '../../sut/private-engine';
import { callProgram } from '../program';
import { askEngine } from '../setup/engine-answer';
import { callSupply } from '../setup/images';
import type { Freshness } from '../setup/inputs';
import { thisMachine } from '../setup/machine';
import { privateEngineState } from '../setup/private-engine-image';
import { referenceState } from '../setup/reference';
import type { Finding } from './finding';

const INFO = z.object({
  driver: z.string(),
  cgroup: z.string(),
  cgroupDriver: z.string(),
  root: z.string(),
});
const INFO_FORMAT =
  '{"driver":{{json .Driver}},"cgroup":{{json .CgroupVersion}},"cgroupDriver":{{json .CgroupDriver}},"root":{{json .DockerRootDir}}}';

export async function checkEngine(settings: Settings, signal: AbortSignal): Promise<Finding> {
  const machine = thisMachine(settings.stateDirectory);
  const state = await askEngine(machine, signal);
  const name = 'docker engine';
  if (!state.answers) {
    const can = machine.root && machine.debianLike && settings.installEngine && state.why !== 'broken';
    const advice = can
      ? 'Run: npm run setup, which installs or starts it'
      : 'Install and start Docker Engine, or let this user use it (group docker)';
    return { name, state: 'fail', found: `does not answer (${state.output})`, advice };
  }
  const { version, os, architecture } = state.engine;
  const end = await callProgram('docker', ['info', '--format', INFO_FORMAT], { within: 15_000, signal });
  const info = end.status === 0 ? INFO.safeParse(jsonOf(end.stdout)) : undefined;
  const found = `${version} answers (${os}/${architecture})`;
  if (!info?.success)
    return { name, state: 'warn', found: `${found}, but docker info fails`, advice: 'Look at its log' };
  const { driver, cgroup, cgroupDriver, root } = info.data;
  const details = `${found}, cgroup v${cgroup} by ${cgroupDriver}, storage driver ${driver}, data in ${root}`;
  if (os !== 'linux')
    return { name, state: 'fail', found: details, advice: 'Use an engine that runs Linux containers' };
  if (driver === 'vfs')
    return { name, state: 'warn', found: details, advice: 'vfs copies whole images: expect slow runs' };
  return { name, state: 'ok', found: details };
}

/** A finding for each agent image, with its ID. */
export async function checkImages(settings: Settings, engineAnswers: boolean, signal: AbortSignal): Promise<Finding[]> {
  if (!engineAnswers) return [];
  const events = await callSupply(REPOSITORY, settings, 'check', () => undefined, signal);
  return events.map(({ image = '', id, state, text }): Finding => {
    const name = `image ${image}`;
    if (state === 'reused') return { name, state: 'ok', found: id ?? text };
    return { name, state: 'fail', found: text.slice(image.length).trim(), advice: 'Run: npm run setup' };
  });
}

/** The image of an engine that a scenario may have for itself. */
export async function checkPrivateEngine(engineAnswers: boolean, signal: AbortSignal): Promise<Finding[]> {
  if (!engineAnswers) return [];
  const words = { fresh: 'made from the present inputs', missing: 'is missing', stale: 'is out of date' };
  return [freshness(`image ${PRIVATE_ENGINE_IMAGE}`, await privateEngineState(REPOSITORY, signal), words)];
}

export function checkReference(): Finding {
  const words = {
    fresh: 'compiled from the present sources',
    missing: 'not compiled',
    stale: 'compiled from other sources',
  };
  return freshness('reference SUT', referenceState(REPOSITORY), words);
}

/** The finding about a product of set-up. */
function freshness(name: string, state: Freshness, words: Readonly<Record<Freshness, string>>): Finding {
  if (state === 'fresh') return { name, state: 'ok', found: words[state] };
  return { name, state: 'fail', found: words[state], advice: 'Run: npm run setup' };
}
