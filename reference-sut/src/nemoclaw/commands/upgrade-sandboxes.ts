import { CommandFailure, linesOf } from '../failure';
import { execIn, sandboxPhases } from '../openshell';
import { complain, say } from '../print';
import { readRegistry } from '../registry';
import { type Staleness, stalenessOf } from '../staleness';
import { rebuild } from './rebuild';

export interface UpgradeFlags {
  readonly check?: boolean;
  readonly auto?: boolean;
  readonly yes?: boolean;
}

interface Candidate extends Staleness {
  readonly name: string;
  readonly running: boolean;
}

async function candidates(): Promise<Candidate[]> {
  const phases = await sandboxPhases().catch(() => new Map<string, string>());
  const asked = Object.entries(readRegistry().sandboxes).map(async ([name, entry]) => {
    const found = await stalenessOf(name, entry);
    // A sandbox whose container was stopped can still be listed as Ready.
    const answers = async () => found.version !== undefined || (await execIn(name, ['true'])).status === 0;
    return { name, running: phases.get(name) === 'Ready' && (await answers()), ...found };
  });
  return Promise.all(asked);
}

/** `nemoclaw upgrade-sandboxes`: names stale sandboxes and, unless `--check`, rebuilds the running ones. */
export async function upgradeSandboxes(flags: UpgradeFlags): Promise<void> {
  const all = await candidates();
  if (all.length === 0) {
    say('No sandboxes found in the registry.');
    return;
  }
  const stale = all.filter((sandbox) => sandbox.stale);
  const unknown = all.filter((sandbox) => sandbox.version === undefined);
  if (stale.length === 0 && unknown.length === 0) {
    say('All sandboxes are up to date.');
    return;
  }
  report(stale, unknown);
  if (stale.length === 0) return;
  if (flags.check) {
    say('Run `nemoclaw upgrade-sandboxes` to rebuild them.');
    return;
  }
  if (!flags.auto && !flags.yes && process.env.NEMOCLAW_NON_INTERACTIVE !== '1') {
    throw new CommandFailure('Confirm with --yes to rebuild them.');
  }
  await rebuildAll(stale);
}

function report(stale: readonly Candidate[], unknown: readonly Candidate[]): void {
  if (stale.length > 0) {
    say('Stale sandboxes:');
    for (const { name, version, agent, running } of stale) {
      say(`  ${name}  v${version} → v${agent.expected_version}  (${running ? 'running' : 'not running'})`);
    }
    say();
  }
  if (unknown.length > 0) {
    say('Version unknown:');
    for (const { name, running } of unknown) say(`  ${name}  (${running ? 'running' : 'not running'})`);
    say();
  }
  if (stale.length > 0) say(`${stale.length} sandbox(es) need upgrading.`);
}

async function rebuildAll(stale: readonly Candidate[]): Promise<void> {
  let rebuilt = 0;
  const failed: string[] = [];
  for (const { name, running } of stale) {
    say();
    if (!running) {
      complain(`'${name}' is not running and was left alone.`);
      continue;
    }
    try {
      await rebuild(name, { yes: true });
      rebuilt += 1;
    } catch (error) {
      failed.push(name);
      for (const line of linesOf(error)) complain(line);
    }
  }
  say();
  say(`✓ ${rebuilt} sandbox(es) rebuilt.`);
  if (failed.length > 0) throw new CommandFailure(`${failed.length} could not be rebuilt: ${failed.join(', ')}`);
}
