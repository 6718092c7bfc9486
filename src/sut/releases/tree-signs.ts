import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { releaseNumberIn } from './versions';

/** What a tree of NemoClaw tells about its release; null where it does not tell. */
export interface TreeSigns {
  readonly version: string | null;
  readonly commit: string | null;
  /** The OpenShell that it pins: its installer's, else the highest that its blueprint allows. */
  readonly openshell: string | null;
}

/** The number in package.json of a checkout that was not published: it stands for no release. */
export const PLACEHOLDER = '0.1.0';

/**
 * Reads a tree in the order in which the product itself looks for its version: tags, the file `.version`, package.json.
 * @param tree a checkout or an installation; nothing in it is run or changed
 */
export function signsOf(tree: string): TreeSigns {
  return { version: versionOf(tree), commit: gitIn(tree, 'rev-parse', 'HEAD'), openshell: openshellOf(tree) };
}

function versionOf(tree: string): string | null {
  const packaged = /"version":\s*"([^"]+)"/.exec(textOf(tree, 'package.json'))?.[1];
  const candidates = [
    gitIn(tree, 'describe', '--tags', '--match', 'v*'),
    textOf(tree, '.version').trim(),
    packaged ?? null,
  ];
  const found = candidates.find((one) => one !== null && releaseNumberIn(one) !== null && one !== PLACEHOLDER);
  return found?.replace(/^v/, '') ?? null;
}

function openshellOf(tree: string): string | null {
  // The script may allow for a variable in front, and may name the pin by the maximum.
  const script = textOf(tree, 'scripts/install-openshell.sh');
  const pin = /^(?:PIN|MAX)_VERSION=(?:\$\{\w+:-|")?(\d+\.\d+\.\d+)/m.exec(script)?.[1];
  const blueprint = textOf(tree, 'nemoclaw-blueprint/blueprint.yaml');
  return pin ?? /^max_openshell_version:\s*["']?(\d+\.\d+\.\d+)/m.exec(blueprint)?.[1] ?? null;
}

function textOf(tree: string, file: string): string {
  const at = path.join(tree, file);
  return existsSync(at) ? readFileSync(at, 'utf8') : '';
}

/** The answer of git about `tree`, where that is the top of a checkout: a tree in another's checkout is not that other's commit. */
function gitIn(tree: string, ...args: readonly string[]): string | null {
  if (!existsSync(path.join(tree, '.git'))) return null;
  try {
    const answer = execFileSync('git', ['-C', tree, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.trim() || null;
  } catch {
    return null;
  }
}
