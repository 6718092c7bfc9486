import { registrySchema } from './durable-documents';

/** Heading, line and sum by which `nemoclaw upgrade-sandboxes` names stale sandboxes (contract, “Host CLI: nemoclaw”). */
const NAMES_STALE = /Stale sandboxes:|\bv\d\S*\s+(?:→|->)\s+v\d|need upgrading/;

/** The lines of `nemoclaw upgrade-sandboxes` that name a stale sandbox, whatever its other lines are. */
export function linesNamingStale(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => NAMES_STALE.test(line))
    .map((line) => line.trim());
}

/** The registry’s bytes; where a check may write some fields of its sandboxes, the registry as JSON without those. */
export function comparable(text: string, fields: readonly string[]): unknown {
  if (fields.length === 0) return text;
  const registry = registrySchema.parse(JSON.parse(text));
  const sandboxes = Object.entries(registry.sandboxes).map(([name, entry]) => {
    const kept = Object.entries(entry).filter(([key]) => !fields.includes(key));
    return [name, Object.fromEntries(kept)];
  });
  return { ...registry, sandboxes: Object.fromEntries(sandboxes) };
}
