import { prettyJson } from '../../shared/json';
import { agentNamed } from '../agent-manifest';
import { gatewayStatus, sandboxPhases } from '../openshell';
import { say } from '../print';
import { readRegistry } from '../registry';
import { readSession } from '../session';
import { stalenessOf } from '../staleness';

async function readyNames(): Promise<Set<string>> {
  try {
    if (!(await gatewayStatus()).connected) return new Set();
    return new Set([...(await sandboxPhases())].filter(([, phase]) => phase === 'Ready').map(([name]) => name));
  } catch {
    return new Set(); // the registry is listed whether or not a gateway answers
  }
}

/** `nemoclaw list`: what is registered, in the product's layout. */
export async function list(options: { readonly json?: boolean }): Promise<void> {
  const registry = readRegistry();
  const entries = Object.entries(registry.sandboxes);
  if (options.json) {
    const ready = entries.length > 0 ? await readyNames() : new Set();
    const versions = await Promise.all(
      entries.map(async ([name, entry]) => (ready.has(name) ? (await stalenessOf(name, entry)).version : undefined)),
    );
    const sandboxes = entries.map(([name, entry], index) => ({
      ...entry,
      agentVersion: versions[index] ?? null,
      isDefault: name === registry.defaultSandbox,
      activeSessionCount: 0,
      connected: ready.has(name),
    }));
    const document = {
      schemaVersion: 1,
      defaultSandbox: registry.defaultSandbox,
      recovery: null,
      lastOnboardedSandbox: readSession()?.sandboxName ?? null,
      sandboxes,
    };
    process.stdout.write(prettyJson(document));
    return;
  }
  say();
  if (entries.length === 0) {
    say('No sandboxes registered. Make one with `nemoclaw onboard`.');
    return;
  }
  say('Sandboxes:');
  for (const [name, entry] of entries) {
    const policies = entry.policies?.join(', ') || 'none';
    say(`  ${name}${name === registry.defaultSandbox ? ' *' : ''}`);
    say(
      `    agent: ${agentNamed(entry.agent)}  model: ${entry.model ?? 'none'}  provider: ${entry.provider ?? 'none'}  CPU sandbox  policies: ${policies}`,
    );
    if (entry.dashboardPort) say(`    dashboard: http://127.0.0.1:${entry.dashboardPort}/`);
  }
  say();
  say('* = default sandbox');
}
