import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { sha256 } from '../sha256';
import { agentFile } from '../sut/agent-files';
import { endedHow } from '../sut/command';
import { textOf } from '../sut/host-cli';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import { fileAsItIs } from '../world/obligations/obligation';
import type { Phase9World } from '../world/world';
import { becomesReady } from './old-sandbox';
import { prepareInstance } from './onboarding';

/**
 * Paths that a widened policy opens besides: shared memory, and the directory that it lies in (contract, “A policy
 * file”).
 */
export const SHARED_MEMORY = '/dev/shm';
const OPENED = ['/dev', SHARED_MEMORY] as const;
const FIXTURE = 'policy-dev-shm';

const policySchema = z.looseObject({ filesystem_policy: z.looseObject({ read_write: z.array(z.string()) }) });
const LAST = /^( *- )(["']?)\/tmp\2[ \t]*(?:#.*)?$/gm;

/**
 * The policy's text with `/dev` and `/dev/shm` under `read_write`, right after `/tmp`, and nothing else changed.
 * @throws when it opens them already, or has no line with /tmp alone there.
 */
export function openedToSharedMemory(policy: string): string {
  const before = policySchema.parse(parse(policy));
  const { read_write: paths } = before.filesystem_policy;
  const there = OPENED.find((one) => paths.includes(one));
  if (there !== undefined) throw new Error(`the policy opens ${there} already: widening it would prove nothing`);
  const at = paths.indexOf('/tmp') + 1;
  const wanted = [...paths.slice(0, at), ...OPENED, ...paths.slice(at)];
  // The same line may occur elsewhere, under read_only for example: parsing the result shows whether this was the right
  // one.
  for (const { 0: line, 1: dash = '', index } of policy.matchAll(LAST)) {
    const end = index + line.length;
    const text = `${policy.slice(0, end)}${OPENED.map((one) => `\n${dash}${one}`).join('')}${policy.slice(end)}`;
    const after = policySchema.safeParse(parse(text));
    if (after.success && JSON.stringify(after.data.filesystem_policy.read_write) === JSON.stringify(wanted))
      return text;
  }
  throw new Error('the policy has no line `- /tmp` under filesystem_policy.read_write');
}

/**
 * Widens the policy in `file`, in place: same inode, same mode.
 * @returns a description of the result, for the journal
 */
export function openToSharedMemory(file: string): string {
  const text = openedToSharedMemory(readFileSync(file, 'utf8'));
  writeFileSync(file, text, { flush: true });
  const mode = (statSync(file).mode & 0o7777).toString(8);
  return `read_write with ${OPENED.join(', ')}; sha256 ${sha256(text)}, mode ${mode}`;
}

/** A copy of the policy that a sandbox gets by default, made before that was widened. */
function originalPolicy(world: Phase9World): string {
  return path.join(world.own.directory, 'original-policy.yaml');
}

/**
 * Onboards a sandbox while every policy that an OpenClaw sandbox may get opens shared memory. The policies are restored
 * at once: a sandbox keeps the file-system policy that it was made under.
 */
export async function onboardWithSharedMemory(world: Phase9World, sandbox: string): Promise<void> {
  const { obligations, durable, cli } = world.own;
  const registered: number[] = [];
  copyFileSync(durable.inTree(agentFile(world.own.tree, 'openclaw', 'defaultPolicy')), originalPolicy(world));
  for (const policy of world.profile.openclawPolicies) {
    const file = durable.inTree(policy);
    registered.push(await obligations.register(fileAsItIs(file), FIXTURE, () => openToSharedMemory(file)));
  }
  // No manifest: the case applies to any instance.
  const features = { model: 'nvidia/nemotron-3-super-120b-a12b', policyPresets: [] };
  const env = await prepareInstance(world, { agent: 'openclaw', features, messaging: [] }, sandbox);
  const within = world.profile.bounds.onboard;
  const args = ['onboard', '--non-interactive', '--yes-i-accept-third-party-software', '--agent', 'openclaw'];
  await cli.must(cli.nemoclaw(args, { within, env }));
  for (const id of registered) await obligations.restoreNow(id);
}

/**
 * Makes another sandbox of the same image under the original policy, as a control: it must not be able to write to
 * shared memory.
 * @throws when it is able to.
 */
export async function seeSharedMemoryRefused(world: Phase9World): Promise<void> {
  const { gateway, isolation } = world.own;
  const { bounds, openclawPolicies } = world.profile;
  const container = (await world.sandbox().container()).peek();
  if (!container) throw new Error(`the sandbox ${world.get('sandbox')} has no container`);
  const control = sandboxNameFor(world.profile.release.sandboxNames, isolation.token, 'control');
  const within = { within: bounds.onboard };
  await gateway.createSandbox(control, container.imageRef, ['true'], within, originalPolicy(world));
  await becomesReady(world, control);
  const opened = await tryToWrite(world, world.get('sandbox'));
  const refused = await tryToWrite(world, control);
  if (opened.exit !== 0) throw new Error(`the widened policy does not open ${SHARED_MEMORY}: ${opened.output}`);
  if (refused.exit !== 0 && refused.exit !== REFUSED) {
    throw new Error(`the sandbox under the original policy runs no commands at all: ${refused.output}`);
  }
  if (refused.exit === 0) {
    throw new Error(
      `a sandbox under the original policy writes to ${SHARED_MEMORY} too: widening it proves nothing. Either the ` +
        'file-system part of policies is not enforced, or the kernel has no Landlock to enforce it with',
    );
  }
  await gateway.deleteSandbox(control, { within: bounds.command });
  world.staged(FIXTURE, {
    files: openclawPolicies.join(', '),
    opens: OPENED.join(', '),
    'under the widened policy': opened.output,
    'under the original policy': refused.output,
  });
}

/** Exit status of our script when it can write to /tmp, and not to the place. */
const REFUSED = 8;

async function tryToWrite(world: Phase9World, sandbox: string): Promise<{ exit: number | null; output: string }> {
  const script = [
    'make() { mkdir "$1/phase9-control" && rmdir "$1/phase9-control"; }',
    'make /tmp || exit 1',
    `make "$1" || exit ${REFUSED}`,
  ].join('; ');
  const call = await world.sandbox(sandbox).exec(['sh', '-c', script, 'sh', SHARED_MEMORY]);
  const result = call.peek();
  return { exit: result.exit, output: `${endedHow(result)} ${textOf(result.stderr).trim()}`.trim() };
}
