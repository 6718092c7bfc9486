import { z } from 'zod';
import { jsonOf } from '../../json';
import { callProgram, describeEnd, type ProgramEnd } from '../program';
import type { Machine } from './machine';

/** The engine that answered. */
export interface EngineAnswer {
  readonly version: string;
  readonly os: string;
  readonly architecture: string;
}

/** Why no engine answered, as far as the messages of the docker CLI show. */
export type EngineSilence = 'no-cli' | 'not-running' | 'forbidden' | 'broken';

/** No engine answers: why, and the CLI's own words. */
export interface SilentEngine {
  readonly answers: false;
  readonly why: EngineSilence;
  readonly output: string;
}

export type EngineState = { readonly answers: true; readonly engine: EngineAnswer } | SilentEngine;

export interface EngineBounds {
  /** One question to the engine (ms). */
  readonly answer: number;
  /** From dockerd's start until it answers (ms). */
  readonly start: number;
  /** Between two questions while it starts (ms). */
  readonly poll: number;
  /** apt-get update, and apt-get install (ms each). */
  readonly install: number;
}

export const ENGINE_BOUNDS: EngineBounds = { answer: 15_000, start: 60_000, poll: 250, install: 600_000 };

const SERVER = z.object({ Version: z.string(), Os: z.string(), Arch: z.string() });

/** Asks the engine that DOCKER_HOST, a context or the default socket names. */
export async function askEngine(
  { env }: Machine,
  signal: AbortSignal,
  bounds: EngineBounds = ENGINE_BOUNDS,
): Promise<EngineState> {
  const args = ['version', '--format', '{{json .Server}}'];
  const end = await callProgram('docker', args, { env, within: bounds.answer, signal });
  const server = end.status === 0 ? SERVER.safeParse(jsonOf(end.stdout)) : undefined;
  if (server?.success) {
    const { Version, Os, Arch } = server.data;
    return { answers: true, engine: { version: Version, os: Os, architecture: Arch } };
  }
  return { answers: false, why: silence(end), output: describeEnd(end, 2) };
}

function silence(end: ProgramEnd): EngineSilence {
  if (end.reason === 'not-found') return 'no-cli';
  if (/permission denied/i.test(end.stderr)) return 'forbidden';
  if (/cannot connect|is the docker daemon running|no such file or directory|connection refused/i.test(end.stderr)) {
    return 'not-running';
  }
  return 'broken';
}
