import { z } from 'zod';
import { REPOSITORY } from '../../repository';
import type { Settings } from '../../settings';
import { PRIVATE_ENGINE_IMAGE } from '../../sut/private-engine';
import { askEngine } from '../setup/engine';
import { callSupply } from '../setup/images';
import { thisMachine } from '../setup/machine';
import { privateEngineState } from '../setup/private-engine';
import { callProgram } from '../setup/program';
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
    return { name, state: 'fail', found: `does not answer (${state.said})`, advice };
  }
  const { version, os, architecture } = state.engine;
  const call = { env: process.env, within: 15_000, signal };
  const end = await callProgram('docker', ['info', '--format', INFO_FORMAT], call);
  const info = end.status === 0 ? INFO.safeParse(parseJson(end.stdout)) : undefined;
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

/** A line for each agent image, with its ID. */
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
  const state = await privateEngineState(REPOSITORY, signal);
  const name = `image ${PRIVATE_ENGINE_IMAGE}`;
  if (state === 'fresh') return [{ name, state: 'ok', found: 'made from the inputs of now' }];
  const found = state === 'missing' ? 'is missing' : 'is out of date';
  return [{ name, state: 'fail', found, advice: 'Run: npm run setup' }];
}

export function checkReference(): Finding {
  const state = referenceState(REPOSITORY);
  if (state === 'fresh') return { name: 'reference SUT', state: 'ok', found: 'compiled from the sources of now' };
  const found = state === 'missing' ? 'not compiled' : 'compiled from other sources';
  return { name: 'reference SUT', state: 'fail', found, advice: 'Run: npm run setup' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
