import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { engine, engineAnswers } from '../../sut/engine';
import type { Installation, Look } from './look';

/** Ports that the product takes unless its environment names others. */
const PORTS = {
  gateway: { variable: 'NEMOCLAW_GATEWAY_PORT', usual: 8080 },
  dashboard: { variable: 'NEMOCLAW_DASHBOARD_PORT', usual: 18_789 },
} as const;

/** Whether this host can listen on a port of an address. */
export function canListen(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The ports of gateway and dashboard, and what runs already: onboarding takes over a gateway that it finds, and its forwards. */
export async function lookAtGateway(installation: Installation): Promise<Look[]> {
  const gateways = runningGateways();
  const looks = await Promise.all(
    Object.entries(PORTS).map(async ([use, { variable, usual }]): Promise<Look> => {
      const port = Number(installation.environment[variable] ?? usual);
      const name = `port ${port} (${use})`;
      if (await canListen(port)) return { name, state: 'ok', found: 'free' };
      const whose = gateways.length > 0 ? `; there runs ${gateways.join(', and ')}` : '';
      const advice = /of this suite\)/.test(whose)
        ? 'Wait for that run; where it was killed, npx phase9 restore ends it'
        : 'Stop what listens there: the product would take it over or end it, and a run must not touch it';
      return { name, state: 'fail', found: `in use${whose}`, advice };
    }),
  );
  return [...looks, ...(await lookAtSandboxes(installation))];
}

/** Gateways that run on this host, with their owner: the scenario or the HOME that started them. */
function runningGateways(): string[] {
  return processes().flatMap((pid) => {
    try {
      // The kernel keeps fifteen characters of a name.
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('openshell-gatew')) return [];
      const entries = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      const of = (name: string) => entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
      const scenario = of('PHASE9_SCENARIO');
      const owner = scenario === undefined ? `HOME ${of('HOME') ?? 'unknown'}` : `scenario ${scenario} of this suite`;
      return [`a gateway (pid ${pid}, ${owner})`];
    } catch {
      // gone meanwhile, or another user's: its environment is not ours to read
      return [];
    }
  });
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

async function lookAtSandboxes({ profile }: Installation): Promise<Look[]> {
  if (!(await engineAnswers()).ok) return [];
  const { label } = profile.release.containers;
  const running = await engine().listContainers({ filters: { label: [label] } });
  const name = 'sandboxes';
  if (running.length === 0) return [{ name, state: 'ok', found: 'none runs' }];
  const found = running.map(({ Labels, Names }) => `${Labels[label]} (${(Names[0] ?? '').slice(1)})`).join(', ');
  return [{ name, state: 'warn', found: `${found} runs already`, advice: 'A run leaves it alone' }];
}
