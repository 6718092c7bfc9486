import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { type AgentName, agentFacts } from '../sut/agents';
import type { CommandResult } from '../sut/command';
import { copiedFile } from '../sut/container-file';
import { type ContainerLife, containerLife } from '../sut/container-life';
import type { PolicyDocument } from '../sut/openshell-output';
import { trusting } from '../sut/releases/owner-environment';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import type { FileSeen } from '../sut/sandbox';
import type { Phase9World } from '../world/world';
import { canary } from './canary';
import { stopContainer } from './rebuild';
import { stageBrokenOffInLastStep, stageDefaultSandbox } from './registry-session';

/** A sandbox beside the scenario's own, which nobody touches. */
export interface Neighbour {
  readonly name: string;
  readonly agent: AgentName;
  readonly model: string;
  readonly running: boolean;
}

/** All of a neighbour that must stay as it is. */
export interface NeighbourSeen {
  readonly life: ContainerLife | null;
  readonly policy: PolicyDocument;
  /** Its entry in the registry, every field. */
  readonly entry: Readonly<Record<string, unknown>> | null;
  readonly marker: FileSeen;
}

/** An onboarding that broke off and was resumed; its sandbox before and after. */
export interface ResumedOnboarding {
  readonly neighbour: Neighbour;
  readonly outcome: Observation<CommandResult>;
  readonly before: NeighbourReading;
  readonly after: NeighbourReading;
}

/** A neighbour as it is now, a reading for each part. */
export type NeighbourReading = { readonly [K in keyof NeighbourSeen]: Observation<NeighbourSeen[K]> };

declare module '../world/scenario-state' {
  interface ScenarioState {
    neighbours: readonly Neighbour[];
    /** Every neighbour just before the action, by name. */
    neighboursBefore: Readonly<Record<string, NeighbourSeen>>;
    defaultSandboxBefore: string;
    resumed: ResumedOnboarding;
    /** Backups of every sandbox before the owner backed up all, by the sandbox's name. */
    allBackupsBefore: Readonly<Record<string, readonly string[]>>;
    /** The sandbox whose backup could not be written then. */
    blockedBackup: string | null;
  }
}

/** An OpenClaw sandbox beside the scenario's own, whose onboarding broke off in its last step and was resumed; its owner has stopped it. */
export async function stageStoppedNeighbour(world: Phase9World, role: string): Promise<void> {
  const { name } = await onboardNeighbour(world, 'openclaw', role, false);
  await resumeOnboarding(world, name);
  const container = (await world.sandbox(name, 'openclaw').container()).peek();
  if (!container) throw new Error(`the sandbox ${name} has no container`);
  await stopContainer(container.id);
}

/** Resumes an onboarding whose owner had chosen no preset, and says nothing of presets now. */
async function resumeOnboarding(world: Phase9World, name: string): Promise<void> {
  const { cli } = world.own;
  const [neighbour] = world.get('neighbours').filter((one) => one.name === name);
  if (neighbour === undefined) throw new Error(`there is no neighbour ${name}`);
  stageBrokenOffInLastStep(world);
  const before = await readNeighbour(world, neighbour);
  const { name: NEMOCLAW_SANDBOX_NAME, agent: NEMOCLAW_AGENT, model: NEMOCLAW_MODEL } = neighbour;
  const outcome = await cli.nemoclaw(
    ['onboard', '--resume', '--non-interactive', '--yes-i-accept-third-party-software'],
    { within: world.profile.bounds.onboard, env: { NEMOCLAW_SANDBOX_NAME, NEMOCLAW_AGENT, NEMOCLAW_MODEL } },
  );
  world.set({ resumed: { neighbour, outcome, before, after: await readNeighbour(world, neighbour) } });
}

/** A running Hermes sandbox beside the scenario's own: the last one onboarded, and the default. */
export async function stageDefaultNeighbour(world: Phase9World, role: string): Promise<void> {
  const { name } = await onboardNeighbour(world, 'hermes', role, true);
  stageDefaultSandbox(world, name);
}

/** Onboards a sandbox under the same gateway and provider, with a model of its own, and writes a marker into it. */
async function onboardNeighbour(
  world: Phase9World,
  agent: AgentName,
  role: string,
  running: boolean,
): Promise<Neighbour> {
  const { cli, isolation } = world.own;
  const { release, bounds } = world.profile;
  const name = sandboxNameFor(release.sandboxNames, isolation.token, role);
  const model = `phase9/${role}-${randomBytes(4).toString('hex')}`;
  const { url } = world.get('endpoint');
  const env: Record<string, string> = {
    NEMOCLAW_AGENT: agent,
    NEMOCLAW_SANDBOX_NAME: name,
    NEMOCLAW_PROVIDER: 'custom',
    NEMOCLAW_ENDPOINT_URL: url,
    NEMOCLAW_MODEL: model,
    NEMOCLAW_POLICY_MODE: 'skip',
    ...trusting(release, url),
    ...(agent === 'hermes' ? { DISCORD_BOT_TOKEN: canary(world) } : {}),
  };
  const flags = ['--non-interactive', '--yes-i-accept-third-party-software', '--agent', agent];
  await cli.must(cli.nemoclaw(['onboard', ...flags], { within: bounds.onboard, env }));
  const { marker } = agentFacts[agent];
  await world.sandbox(name, agent).write(marker, `kept by the owner of ${role} ${randomBytes(12).toString('hex')}\n`);
  const neighbour = { name, agent, model, running };
  world.set({ neighbours: [...(world.getIfSet('neighbours') ?? []), neighbour] });
  world.staged('neighbours', { [role]: name, agent, model, state: running ? 'running' : 'stopped' });
  return neighbour;
}

/** The running neighbour: the one that session and exported variables name. */
export function runningNeighbour(world: Phase9World): Neighbour {
  const found = world.get('neighbours').find(({ running }) => running);
  if (!found) throw new Error('no neighbour runs: no earlier step staged one');
  return found;
}

/** The owner's shell still has what onboarding the running neighbour needed. */
export function exportNeighboursChoices(world: Phase9World): void {
  const { agent, name, model } = runningNeighbour(world);
  Object.assign(world.own.environment, {
    NEMOCLAW_AGENT: agent,
    NEMOCLAW_SANDBOX_NAME: name,
    NEMOCLAW_PROVIDER: 'custom',
    NEMOCLAW_MODEL: model,
  });
}

let copies = 0;

/** A neighbour as it is now, a reading for each part; its marker is read from the container, which may be stopped. */
export async function readNeighbour(world: Phase9World, { name, agent }: Neighbour): Promise<NeighbourReading> {
  const { cli, directory, durable, gateway } = world.own;
  const container = (await world.sandbox(name, agent).container()).peek();
  copies += 1;
  const copy = path.join(directory, 'neighbours', `${name}-${copies}`);
  const from = { container: container?.id ?? name, file: agentFacts[agent].marker, copy };
  return {
    life: await containerLife(container?.name ?? name, 'sandbox'),
    policy: await gateway.policyDocument(name),
    entry: durable.registryEntry(name),
    marker: await copiedFile(cli, { ...from, within: world.profile.bounds.inside, boundary: 'sandbox' }),
  };
}

/** Notes the scenario's own sandbox's setting-up, every neighbour, and which sandbox is the default. */
export async function noteNeighbours(world: Phase9World): Promise<void> {
  const seen: Record<string, NeighbourSeen> = {};
  for (const neighbour of world.get('neighbours')) {
    const { life, policy, entry, marker } = await readNeighbour(world, neighbour);
    seen[neighbour.name] = { life: life.peek(), policy: policy.peek(), entry: entry.peek(), marker: marker.peek() };
  }
  const defaultSandboxBefore = world.own.durable.registry().peek().defaultSandbox ?? '';
  world.set({ neighboursBefore: seen, defaultSandboxBefore });
}

/** Every sandbox of the scenario. */
export function allSandboxes(world: Phase9World): readonly string[] {
  return [world.get('sandbox'), ...world.get('neighbours').map(({ name }) => name)];
}

/** Backs all sandboxes up, as the owner does before an upgrade. */
export async function backUpEverySandbox(world: Phase9World): Promise<void> {
  noteBackups(world, null);
  await callBackupAll(world);
}

/** The same, with a file where the running neighbour's backups belong: that stops even root. */
export async function backUpWithOneBlocked(world: Phase9World): Promise<void> {
  const { name } = runningNeighbour(world);
  noteBackups(world, name);
  const place = world.own.durable.backupsOf(name);
  if (existsSync(place)) renameSync(place, `${place}.aside`);
  writeFileSync(place, 'in the way\n');
  await callBackupAll(world);
}

function noteBackups(world: Phase9World, blockedBackup: string | null): void {
  const before = allSandboxes(world).map((name) => [name, world.own.durable.backups(name).peek()] as const);
  world.set({ allBackupsBefore: Object.fromEntries(before), blockedBackup });
}

async function callBackupAll(world: Phase9World): Promise<void> {
  const { command: within } = world.profile.bounds;
  world.set({ outcome: await world.own.cli.nemoclaw(['backup-all'], { within }) });
}
