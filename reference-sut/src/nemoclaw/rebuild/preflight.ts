import type { Step } from '../../shared/pipeline';
import { listBackups } from '../backup/manifest';
import { currentBaseImage } from '../base-image';
import { CommandFailure } from '../failure';
import { credentialEnvOf, inferenceOf } from '../inference';
import { gatewayStatus, isRunning, providerExists } from '../openshell';
import { say } from '../print';
import type { RebuildContext } from './context';

/** The credential's variable: the one that this sandbox's session names, else its provider's usual one. */
export function credentialEnvFor({ name, entry, session, blueprint }: RebuildContext): string {
  const own = session.sandboxName === name ? session.credentialEnv : undefined;
  return own || entry.credentialEnv || credentialEnvOf(entry.provider, blueprint);
}

/** All refusals come here, before anything is changed. */
export const preflightSteps: readonly Step<RebuildContext>[] = [
  {
    name: 'preflight-credential',
    run: (context) => {
      const variable = credentialEnvFor(context);
      if (process.env[variable]) return;
      throw new CommandFailure([
        'Rebuild preflight failed: provider credential not found.',
        `Set ${variable} in the environment and run the rebuild again.`,
      ]);
    },
  },
  {
    name: 'preflight-gateway',
    run: async ({ session, name, entry }) => {
      const status = await gatewayStatus();
      if (!status.connected) {
        throw new CommandFailure([
          'Rebuild preflight failed: the OpenShell gateway does not answer.',
          `${status.server ?? 'No gateway selected'}: ${status.reason}`,
        ]);
      }
      const provider = (session.sandboxName === name ? session.provider : null) || entry.provider;
      const known = (session.sandboxName === name && inferenceOf(session)?.endpointUrl) || entry.endpointUrl;
      if (!known && provider && !(await providerExists(provider))) {
        throw new CommandFailure(`Rebuild preflight failed: the gateway has no provider '${provider}'.`);
      }
    },
  },
  {
    name: 'preflight-running',
    run: async ({ name, current }) => {
      // An agent that told its version runs in a sandbox that does.
      if (current !== undefined || (await isRunning(name))) return;
      const newest = listBackups(name).at(-1)?.manifest.timestamp;
      throw new CommandFailure([
        `Sandbox '${name}' is not running. Cannot back up state.`,
        'Start it first. If it is gone for good, this makes it anew:',
        '  nemoclaw onboard --recreate-sandbox',
        ...(newest === undefined ? [] : [`  nemoclaw ${name} snapshot restore "${newest}"`]),
      ]);
    },
  },
  {
    name: 'preflight-base-image',
    run: async (context) => {
      context.baseImage = await currentBaseImage(context.agent, (line) => say(line));
    },
  },
];
