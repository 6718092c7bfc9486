import { runPipeline, type Step, StepFailure } from '../../shared/pipeline';
import { CommandFailure } from '../failure';
import { destroyGateway } from '../gateway-process';
import { discordBridge } from '../messaging';
import { gatewayStatus, lastWords, openshell, openshellMust, providerExists, sandboxPhases } from '../openshell';
import { say } from '../print';
import { entryOf, readRegistry, removeEntry } from '../registry';

interface DestroyContext {
  readonly name: string;
  readonly cleanupGateway: boolean;
}

/** Named steps of `destroy`; the registry's entry goes last, so that a failed attempt can be made again. */
export const destroySteps: readonly Step<DestroyContext>[] = [
  {
    name: 'delete-sandbox',
    run: async ({ name }) => {
      const status = await gatewayStatus();
      if (!status.connected) {
        throw new CommandFailure(
          `The gateway does not answer (${status.reason}); start it with \`nemoclaw ${name} recover\`.`,
        );
      }
      if ((await sandboxPhases()).has(name)) await openshellMust(['sandbox', 'delete', name]);
    },
  },
  {
    name: 'delete-messaging-provider',
    run: async ({ name }) => {
      const bridge = discordBridge(name);
      if (!(await providerExists(bridge))) return;
      const result = await openshell(['provider', 'delete', bridge]);
      if (result.status !== 0) say(`⚠ Provider ${bridge} stays: ${lastWords(result)}`);
    },
  },
  { name: 'forget', run: ({ name }) => removeEntry(name) },
  {
    name: 'destroy-gateway',
    run: async ({ cleanupGateway }) => {
      if (!cleanupGateway) return;
      const others = Object.keys(readRegistry().sandboxes);
      if (others.length > 0) {
        say(`The gateway stays: ${others.join(', ')} still need it.`);
        return;
      }
      await destroyGateway();
      say('✓ Gateway destroyed');
    },
  },
];

/** `nemoclaw <name> destroy --yes [--cleanup-gateway]`: deletes the sandbox; its backups stay. */
export async function destroy(
  name: string,
  flags: { readonly yes?: boolean; readonly cleanupGateway?: boolean },
): Promise<void> {
  entryOf(name);
  if (!flags.yes && process.env.NEMOCLAW_YES !== '1') {
    throw new CommandFailure(`Destroying '${name}' deletes it with all that is in it; confirm with --yes.`);
  }
  try {
    await runPipeline('destroy', destroySteps, { name, cleanupGateway: flags.cleanupGateway === true });
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    throw new CommandFailure([`'${name}' was not destroyed (${error.step}):`, error.message]);
  }
  say(`✓ Sandbox '${name}' destroyed`);
}
