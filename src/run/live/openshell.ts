import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { onPath } from '../../on-path';
import { compareNumbers, type Installation, type Look, versionIn } from './look';

/** OpenShell's programs that the product calls, each with the variable that names another place for it. */
const PROGRAMS = {
  openshell: null,
  'openshell-gateway': 'NEMOCLAW_OPENSHELL_GATEWAY_BIN',
  'openshell-sandbox': 'NEMOCLAW_OPENSHELL_SANDBOX_BIN',
} as const;

/** The remedy where the product's OpenShell is missing. */
export const NO_OPENSHELL =
  'there is no `openshell` on PATH: install the OpenShell that this NemoClaw needs (its scripts/install-openshell.sh does), or put it on PATH';

/** Where the product finds a program of OpenShell: by its variable, beside `openshell`, on PATH. */
export function openshellProgram(
  name: keyof typeof PROGRAMS,
  environment: Readonly<Record<string, string>>,
): string | undefined {
  const variable = PROGRAMS[name];
  const named = variable === null ? undefined : environment[variable];
  if (named) return existsSync(named) ? named : undefined;
  const main = onPath('openshell', environment);
  const beside = main && path.join(path.dirname(main), name);
  return beside && existsSync(beside) ? beside : onPath(name, environment);
}

/** The command line and its helpers: where they are, and whether their version is one that the tree allows. */
export async function lookAtOpenshell({ tree, environment, ask }: Installation): Promise<Look[]> {
  const { min, max } = allowedBy(tree);
  const names = Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[];
  return Promise.all(
    names.map(async (name): Promise<Look> => {
      const file = openshellProgram(name, environment);
      if (file === undefined) {
        const advice = name === 'openshell' ? NO_OPENSHELL : `Put ${name} beside openshell, or on PATH`;
        return { name, state: 'fail', found: 'not found', advice };
      }
      const { ok, stdout, how } = await ask([file, '--version']);
      const version = ok ? versionIn(stdout) : undefined;
      if (version === undefined) {
        return { name, state: 'fail', found: `${file} --version: ${how}`, advice: 'Install it anew' };
      }
      const found = `${version} at ${file}`;
      const low = min !== undefined && compareNumbers(version, min) < 0;
      const high = max !== undefined && compareNumbers(version, max) > 0;
      if (!low && !high) return { name, state: 'ok', found };
      const range = min === max ? `exactly ${min}` : `${min ?? 'any'} to ${max ?? 'any'}`;
      return {
        name,
        state: 'fail',
        found: `${found}; this NemoClaw needs ${range}`,
        advice: `Install OpenShell ${max}`,
      };
    }),
  );
}

function allowedBy(tree: string): { readonly min: string | undefined; readonly max: string | undefined } {
  const file = path.join(tree, 'nemoclaw-blueprint/blueprint.yaml');
  const blueprint = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const of = (key: string) => new RegExp(`^${key}:\\s*["']?(\\d+\\.\\d+\\.\\d+)`, 'm').exec(blueprint)?.[1];
  return { min: of('min_openshell_version'), max: of('max_openshell_version') };
}
