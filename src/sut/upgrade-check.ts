/** Heading, line and sum by which `nemoclaw upgrade-sandboxes` names stale sandboxes (contract, “Host CLI: nemoclaw”). */
const NAMES_STALE = /Stale sandboxes:|\bv\d\S*\s+(?:→|->)\s+v\d|need upgrading/;

/** The lines of `nemoclaw upgrade-sandboxes` that name a stale sandbox, whatever its other lines are. */
export function linesNamingStale(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => NAMES_STALE.test(line))
    .map((line) => line.trim());
}
