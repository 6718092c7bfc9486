/** What `nemoclaw <sandbox> policy-list` shows of a policy. */
export interface PolicyShown {
  readonly active: boolean;
  /** Whether registry and gateway say the same of it. */
  readonly agreed: boolean;
}

const LINE = /^\s*([●○])\s+(\S+)\s+—\s/;
/** The notes of the releases: “active on gateway, missing from local state”, “recorded locally, not active on gateway” … */
const DISAGREEMENT = /\((?:active on gateway|recorded locally)[^()]*\)\s*$/;

/** Every policy that the output shows, by name. Other lines can stand between and behind them. */
export function policiesShown(output: string): Readonly<Record<string, PolicyShown>> {
  return Object.fromEntries(
    output.split('\n').flatMap((line) => {
      const [, mark, name] = LINE.exec(line) ?? [];
      return name === undefined ? [] : [[name, { active: mark === '●', agreed: !DISAGREEMENT.test(line) }] as const];
    }),
  );
}
