import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AgentManifest } from '../agent-manifest';
import { CommandFailure } from '../failure';
import { sourceRoot } from '../places';

/** A value as an ARG instruction takes it, whole: quotes, backslashes and variables lose their meaning. */
function quoted(value: string): string {
  return `"${value.replace(/[\\"$]/g, (character) => `\\${character}`)}"`;
}

/**
 * The Dockerfile with its ARG defaults replaced: `openshell sandbox create --from` takes no build arguments.
 * @throws CommandFailure for a value with a line break, or an ARG that the Dockerfile does not declare.
 */
export function withArguments(dockerfile: string, values: Readonly<Record<string, string>>): string {
  let result = dockerfile;
  for (const [name, value] of Object.entries(values)) {
    const declaration = new RegExp(`^ARG ${name}=.*$`, 'm');
    if (!declaration.test(result)) throw new CommandFailure(`The Dockerfile declares no ARG ${name}.`);
    if (/[\r\n]/.test(value)) throw new CommandFailure(`The build argument ${name} holds a line break.`);
    result = result.replace(declaration, () => `ARG ${name}=${quoted(value)}`);
  }
  return result;
}

/** A directory with the agent's Dockerfile, its arguments filled in, and the files that it copies. */
export function stageBuildContext(
  manifest: AgentManifest,
  values: Readonly<Record<string, string>>,
): { dockerfile: string; dispose: () => void } {
  const directory = mkdtempSync(join(tmpdir(), 'nemoclaw-build-'));
  for (const file of manifest.build_files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(sourceRoot(), file), join(directory, file), { preserveTimestamps: true });
  }
  const dockerfile = join(directory, 'Dockerfile');
  writeFileSync(dockerfile, withArguments(readFileSync(join(sourceRoot(), manifest.dockerfile), 'utf8'), values));
  return { dockerfile, dispose: () => rmSync(directory, { recursive: true, force: true }) };
}
