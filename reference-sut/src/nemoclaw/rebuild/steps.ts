import type { Step } from '../../shared/pipeline';
import { until } from '../../shared/until';
import { agentVersionInside, awaitHealthyAgent, startAgent } from '../agent-process';
import { backUp } from '../backup/create';
import { restoreConfig, restoreState } from '../backup/restore';
import { CommandFailure } from '../failure';
import { execIn, openshellMust, sandboxPhases } from '../openshell';
import { applyOwnersPolicies } from '../policy/apply';
import { complain, say } from '../print';
import { changeRegistry, saveEntry } from '../registry';
import { isBelow } from '../version';
import { backupOf, type RebuildContext } from './context';
import { begin, end } from './pending';
import { preflightSteps } from './preflight';
import { recreate } from './recreate';

function counted(context: RebuildContext): string {
  const { backedUpDirs, backedUpFiles } = backupOf(context).manifest;
  return `${backedUpDirs.length} directories, ${backedUpFiles.length} files`;
}

/** Before anything is deleted the owner reads what no backup has. */
function sayWhatIsLeftOut(context: RebuildContext): void {
  const { withheld, leftOut } = backupOf(context).manifest;
  for (const { path, values } of withheld) say(`  Credentials left out: ${values} in ${path}`);
  for (const { path, reason } of leftOut) say(`  Left out: ${path} (${reason})`);
}

/** The rebuild of one sandbox. Everything before `delete` leaves it as it was. */
export const rebuildSteps: readonly Step<RebuildContext>[] = [
  ...preflightSteps,
  {
    name: 'back-up',
    run: async (context) => {
      say('Backing up sandbox state...');
      context.backup = await backUp(context.entry);
      say(`✓ State backed up (${counted(context)})`);
      say(`  Backup: ${context.backup.directory}`);
      sayWhatIsLeftOut(context);
    },
  },
  {
    name: 'delete',
    run: async (context) => {
      say('Deleting old sandbox...');
      const { name, entry } = context;
      await begin(name, backupOf(context));
      context.deleting = true;
      try {
        await openshellMust(['sandbox', 'delete', name]);
        await requireGone(name);
      } catch (error) {
        // The sandbox stays, so its entry says again what it said.
        if ((await sandboxPhases().catch(() => undefined))?.has(name)) {
          await end(name, entry.imageTag ?? null);
          context.deleting = false;
        }
        throw error;
      }
      context.deleted = true;
      say('✓ Old sandbox deleted');
    },
  },
  {
    name: 'recreate',
    run: async (context) => {
      say('Creating new sandbox with current image...');
      await recreate(context);
    },
  },
  {
    name: 'restore-state',
    run: async (context) => {
      say('Restoring workspace state...');
      await restoreState(context.name, backupOf(context));
      say(`✓ State restored (${counted(context)})`);
    },
  },
  {
    name: 'restore-config',
    run: async (context) => {
      const merged = await restoreConfig(
        context.name,
        context.agent,
        backupOf(context),
        context.entry.disabledChannels ?? [],
      );
      if (merged.length > 0) say(`✓ Configuration carried over (${merged.join(', ')})`);
    },
  },
  { name: 're-apply-policies', run: reapplyPolicies },
  {
    name: 'start-agent',
    run: async ({ name, agent }) => {
      await startAgent(name, agent);
    },
  },
  {
    name: 'update-registry',
    run: async (context) => {
      const { name, entry, agent } = context;
      context.version = await agentVersionInside(name, agent);
      if (isBelow(context.version, agent.expected_version)) {
        throw new CommandFailure(`The new sandbox runs v${context.version}; v${agent.expected_version} was expected.`);
      }
      await saveEntry(name, {
        agentVersion: context.version,
        policies: entry.policies ?? [],
        policyTier: entry.policyTier ?? null,
        ...(entry.customPolicies ? { customPolicies: entry.customPolicies } : {}),
      });
      if (context.wasDefault) {
        await changeRegistry((registry) => {
          registry.defaultSandbox = name;
        });
      }
    },
  },
  {
    name: 'check-structure',
    run: async ({ name, agent }) => {
      const check = [
        'sh',
        '-c',
        'cd "$0" && [ -w . ] && { [ ! -f .config-hash ] || sha256sum --status -c .config-hash; }',
      ];
      const result = await execIn(name, [...check, agent.state_root]);
      if (result.status === 0) say('✓ Post-upgrade structure check passed');
      else complain(`⚠ Post-upgrade structure check: ${agent.state_root} is not as the image made it.`);
    },
  },
  // Last, so that the agent starts while the others are at work.
  { name: 'await-agent', run: ({ name, agent }) => awaitHealthyAgent(name, agent) },
  { name: 'end', run: ({ name }) => end(name) },
];

/** A delete that was accepted is not yet one that was made. @throws CommandFailure when the gateway still lists the sandbox. */
async function requireGone(name: string): Promise<void> {
  const phase = async () => (await sandboxPhases()).get(name);
  if ((await phase()) === undefined) return;
  const gone = async () => ((await phase()) === 'Deleting' ? undefined : true);
  await until(`sandbox '${name}' to be deleted`, gone, { withinMs: 60_000, everyMs: 300 });
  if ((await phase()) === undefined) return;
  throw new CommandFailure(`OpenShell accepted the deletion of '${name}', and still has it.`);
}

/** Steps that need the old sandbox, and those that need the new one not to be there yet. */
const NEED_THE_OLD = new Set(['preflight-running', 'back-up', 'delete']);
const MAKE_THE_NEW = new Set(['preflight-base-image', 'recreate']);

/** The steps of a rebuild whose old sandbox is gone, and backed up; `recreated` where the new one exists. */
export function remainingSteps(recreated: boolean): readonly Step<RebuildContext>[] {
  return rebuildSteps.filter(({ name }) => !NEED_THE_OLD.has(name) && !(recreated && MAKE_THE_NEW.has(name)));
}

async function reapplyPolicies(context: RebuildContext): Promise<void> {
  const { name, entry } = context;
  const presets = entry.policies ?? [];
  const customPolicies = entry.customPolicies ?? [];
  const { liveOnlyPolicies: liveOnly, closedPolicies: closed } = backupOf(context).manifest;
  say('Restoring policy presets...');
  const { unknown } = await applyOwnersPolicies(name, { presets, customPolicies, liveOnly, closed });
  for (const preset of unknown) complain(`⚠ This release has no preset '${preset}'; it was not applied.`);
  const applied = presets.filter((preset) => !unknown.includes(preset));
  say(`✓ Policy presets restored: ${applied.join(', ') || 'none'}`);
  if (customPolicies.length > 0)
    say(`✓ Custom policies restored: ${customPolicies.map((custom) => custom.name).join(', ')}`);
  if (closed.length > 0) say(`✓ Entries closed on the gateway stay closed: ${closed.join(', ')}`);
  const keys = Object.keys(liveOnly);
  if (keys.length > 0) say(`✓ Entries set on the gateway alone restored: ${keys.join(', ')}`);
}
