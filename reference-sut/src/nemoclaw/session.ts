import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { prettyJson } from '../shared/json';
import { readIfPresent, writePrivateFile } from '../shared/private-file';
import { CommandFailure } from './failure';
import { sessionFile } from './places';
import { schemaReason } from './schema-reason';

export const SESSION_STEPS = [
  'preflight',
  'gateway',
  'sandbox',
  'provider_selection',
  'inference',
  'openclaw',
  'agent_setup',
  'policies',
] as const;
export type SessionStep = (typeof SESSION_STEPS)[number];

const StepStateSchema = z.looseObject({
  status: z.string(),
  startedAt: z.string().nullish(),
  completedAt: z.string().nullish(),
  error: z.string().nullish(),
});

const SessionSchema = z.looseObject({
  version: z.number().default(1),
  sessionId: z.string().nullish(),
  resumable: z.boolean().default(false),
  status: z.string(),
  mode: z.string().nullish(),
  startedAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
  lastStepStarted: z.string().nullish(),
  lastCompletedStep: z.string().nullish(),
  failure: z.looseObject({ step: z.string().nullish(), message: z.string().nullish() }).nullish(),
  agent: z.string().nullish(),
  sandboxName: z.string().nullish(),
  provider: z.string().nullish(),
  model: z.string().nullish(),
  endpointUrl: z.string().nullish(),
  credentialEnv: z.string().nullish(),
  policyPresets: z.array(z.string()).nullish(),
  messagingChannels: z.array(z.string()).nullish(),
  messagingChannelConfig: z.record(z.string(), z.string()).nullish(),
  metadata: z.looseObject({ gatewayName: z.string().nullish(), fromDockerfile: z.string().nullish() }).nullish(),
  machine: z.looseObject({ version: z.number().nullish(), state: z.string().nullish() }).nullish(),
  steps: z.record(z.string(), StepStateSchema).default({}),
});

export type Session = z.infer<typeof SessionSchema>;

function now(): string {
  return new Date().toISOString();
}

/** The onboarding session, or undefined where none was begun. @throws CommandFailure for one that can't be understood. */
export function readSession(): Session | undefined {
  const text = readIfPresent(sessionFile());
  if (text === undefined || text.trim() === '') return undefined;
  try {
    return SessionSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandFailure(
      `The onboarding session ${sessionFile()} can't be read: ${schemaReason(error)} (\`--fresh\` starts over)`,
    );
  }
}

export async function saveSession(session: Session): Promise<void> {
  session.updatedAt = now();
  await writePrivateFile(sessionFile(), prettyJson(session));
}

/** A session in which nothing is done yet. */
export function newSession(mode: 'interactive' | 'non-interactive'): Session {
  const steps: Session['steps'] = {};
  for (const step of SESSION_STEPS) {
    steps[step] = { status: 'pending', startedAt: null, completedAt: null, error: null };
  }
  return {
    version: 1,
    sessionId: randomUUID(),
    resumable: true,
    status: 'in_progress',
    mode,
    startedAt: now(),
    updatedAt: now(),
    lastStepStarted: null,
    lastCompletedStep: null,
    failure: null,
    agent: null,
    sandboxName: null,
    provider: null,
    model: null,
    endpointUrl: null,
    credentialEnv: null,
    preferredInferenceApi: 'openai-completions',
    policyPresets: [],
    messagingChannels: [],
    metadata: { gatewayName: 'nemoclaw', fromDockerfile: null },
    machine: { version: 1, state: 'running' },
    steps,
  };
}

export function isDone(session: Session, step: SessionStep): boolean {
  const status = session.steps[step]?.status;
  return status === 'complete' || status === 'skipped';
}

export async function beginStep(session: Session, step: SessionStep): Promise<void> {
  session.steps[step] = { status: 'in_progress', startedAt: now(), completedAt: null, error: null };
  session.lastStepStarted = step;
  await saveSession(session);
}

export async function endStep(session: Session, step: SessionStep, status: 'complete' | 'skipped'): Promise<void> {
  session.steps[step] = { startedAt: null, error: null, ...session.steps[step], status, completedAt: now() };
  if (status === 'complete') session.lastCompletedStep = step;
  await saveSession(session);
}

export async function failStep(session: Session, step: SessionStep, message: string): Promise<void> {
  session.steps[step] = {
    startedAt: null,
    completedAt: null,
    ...session.steps[step],
    status: 'failed',
    error: message,
  };
  session.status = 'failed';
  session.resumable = true;
  session.failure = { step, message };
  session.machine = { version: 1, state: 'failed' };
  await saveSession(session);
}

export async function endSession(session: Session): Promise<void> {
  session.status = 'complete';
  session.resumable = true;
  session.failure = null;
  session.machine = { version: 1, state: 'complete' };
  await saveSession(session);
}
