import { existsSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import { REPOSITORY } from '../../repository';
import { canListen } from '../../run/live/gateway';
import type { Settings } from '../../settings';
import { callProgram, describeEnd } from '../program';
import { adviceFor, hostPrograms } from '../setup/host-programs';
import { isSupported, OLDEST_NODE } from '../setup/node-version';
import { packagesState } from '../setup/packages';
import type { Finding } from './finding';

const GIB = 1024 ** 3;
/** The images take 1.3 GB, and about twice that while they are made. */
const DISK_NEEDED = 4 * GIB;
const DISK_COMFORTABLE = 8 * GIB;

export function checkNode(version = process.versions.node): Finding {
  if (isSupported(version)) return { name: 'node', state: 'ok', found: version };
  return { name: 'node', state: 'fail', found: version, advice: `Install Node ${OLDEST_NODE.join('.')} or later` };
}

/** A program of any version. */
export async function checkTool(name: 'npm' | 'git', signal: AbortSignal): Promise<Finding> {
  const end = await callProgram(name, ['--version'], { within: 15_000, signal });
  if (end.status === 0) return { name, state: 'ok', found: end.stdout.trim().replace(/^git version /, '') };
  const found = end.reason === 'not-found' ? 'not on PATH' : describeEnd(end, 1);
  return { name, state: 'fail', found, advice: `Install ${name}` };
}

/** The programs of this host that the installer scenarios call. */
export function checkHostPrograms(env: NodeJS.ProcessEnv = process.env): Finding {
  const name = 'programs of the host';
  const { there, missing, packages } = hostPrograms(env);
  if (missing.length === 0) return { name, state: 'ok', found: there.join(', ') };
  return { name, state: 'warn', found: `no ${missing.join(', ')}`, advice: adviceFor(packages) };
}

export async function checkPackages(signal: AbortSignal): Promise<Finding> {
  const { fresh, report } = await packagesState(REPOSITORY, signal);
  if (fresh) return { name: 'npm packages', state: 'ok', found: report };
  return { name: 'npm packages', state: 'fail', found: report, advice: 'Run: npm run setup' };
}

/** Free space for working directories, caches and reports. */
export async function checkDisk(settings: Settings): Promise<Finding[]> {
  const places = new Map<string, string[]>();
  const named = { state: settings.stateDirectory, cache: settings.cacheDirectory, reports: settings.reportsDirectory };
  for (const [name, directory] of Object.entries(named)) {
    const at = existingAncestor(directory);
    places.set(at, [...(places.get(at) ?? []), name]);
  }
  const findings: Finding[] = [];
  for (const [at, names] of places) {
    const { bavail, bsize } = await statfs(at);
    const free = bavail * bsize;
    const name = `disk (${names.join(', ')})`;
    const found = `${(free / GIB).toFixed(1)} GiB free at ${at}`;
    if (free >= DISK_COMFORTABLE) findings.push({ name, state: 'ok', found });
    else {
      const state = free >= DISK_NEEDED ? 'warn' : 'fail';
      findings.push({ name, state, found, advice: `Make room: a first set-up needs ${DISK_NEEDED / GIB} GiB` });
    }
  }
  return findings;
}

function existingAncestor(directory: string): string {
  return existsSync(directory) ? directory : existingAncestor(path.dirname(directory));
}

/** Scenarios on the reference choose free ports; those of a live product are its own. */
export async function checkPorts(): Promise<Finding> {
  if (await canListen(0)) return { name: 'ports', state: 'ok', found: 'scenarios choose free ones on 127.0.0.1' };
  const advice = 'Bring the loopback interface up';
  return { name: 'ports', state: 'fail', found: 'nothing can listen on 127.0.0.1', advice };
}

/** Journals of scenarios: a run was killed, or one is under way. */
export async function checkJournals(settings: Settings): Promise<Finding> {
  const directory = path.join(settings.stateDirectory, 'journals');
  const journals = existsSync(directory) ? (await readdir(directory)).filter((name) => name.endsWith('.jsonl')) : [];
  if (journals.length === 0) return { name: 'journals', state: 'ok', found: 'none left over' };
  return {
    name: 'journals',
    state: 'warn',
    found: `${journals.length} in ${directory}`,
    advice: 'Unless a run is under way, restore what it changed: npx phase9 restore',
  };
}
