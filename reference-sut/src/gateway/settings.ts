import { parseArgs } from 'node:util';
import { z } from 'zod';

const shape = z.object({
  port: z.coerce.number().int().min(1).max(65535),
  network: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'is no name for a Docker network'),
  stateDir: z.string().min(1).optional(),
  hostsFile: z.string().min(1).optional(),
  /** Where the gateway itself runs in a container: the volume over its public certificates, which sandboxes mount too. */
  trustVolume: z.string().min(1).optional(),
  /** Instead of serving, remove the remains of a gateway that no longer runs from the state directory. */
  destroy: z.boolean(),
});

/** A gateway's settings: from its flags, else from its environment. */
export type Settings = z.infer<typeof shape>;

const origin = {
  port: '--port or NEMOCLAW_GATEWAY_PORT',
  network: '--network or OPENSHELL_DOCKER_NETWORK_NAME',
  stateDir: '--state-dir',
  hostsFile: 'OPENSHELL_HOSTS_FILE',
  trustVolume: 'OPENSHELL_TRUST_VOLUME',
  destroy: '--destroy',
};

/**
 * Reads flags and environment (names and defaults: sut-contract.md).
 * @throws with a line for each invalid setting.
 */
export function readSettings(argv: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string' },
      network: { type: 'string' },
      'state-dir': { type: 'string' },
      destroy: { type: 'boolean' },
    },
    strict: true,
  });
  const parsed = shape.safeParse({
    port: values.port ?? env.NEMOCLAW_GATEWAY_PORT ?? 8080,
    network: values.network ?? env.OPENSHELL_DOCKER_NETWORK_NAME ?? 'openshell-docker',
    stateDir: values['state-dir'],
    hostsFile: env.OPENSHELL_HOSTS_FILE,
    trustVolume: env.OPENSHELL_TRUST_VOLUME,
    destroy: values.destroy ?? false,
  });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0]);
    return `${key in origin ? origin[key as keyof typeof origin] : key}: ${issue.message}`;
  });
  throw new Error(lines.join('\n'));
}
