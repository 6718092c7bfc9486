import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type AgentName, agentFacts } from '../../sut/agents';
import type { OldAgent } from '../../sut/profile';
import { argumentsOf, baseDockerfileOf } from './dockerfiles';
import { lookForImage } from './images';
import type { Installation, Look } from './look';

/** An argument that pins what its version argument names: it must be given anew with another version. */
const PIN = /_(?:SHA256|SHA512|INTEGRITY|DIGEST|SEMVER)$/;
/** A pin whose name has the version that it is for, such as OPENCLAW_2026_4_24_INTEGRITY. */
const PIN_OF_A_VERSION = /_(\d+(?:_\d+)+)_(?:SHA256|SHA512|INTEGRITY|DIGEST)$/;

/** The old agent from which old sandboxes are made, and whether everything is there that makes it. */
export async function lookAtOldAgent(installation: Installation, agent: AgentName): Promise<Look> {
  const { profile, tree } = installation;
  const old = profile.oldAgents[agent];
  const name = `old ${agentFacts[agent].displayName}`;
  const place = `live.oldAgents.${agent} in phase9.yaml`;
  if (old.image !== undefined) {
    const look = await lookForImage(installation, old.image, name);
    const found = `${old.version} from the image ${look.found}`;
    return look.state === 'ok'
      ? { ...look, found }
      : { ...look, found, state: 'fail', advice: `Name another in ${place}` };
  }
  if (old.needsImage !== undefined) {
    const found = `${old.version} cannot be built: ${old.needsImage}`;
    return { name, state: 'fail', found, advice: `Name an image of it by digest in ${place}` };
  }
  const dockerfile = baseDockerfileOf(tree, agent);
  if (dockerfile === undefined) {
    return {
      name,
      state: 'fail',
      found: `${tree} has no Dockerfile.base of ${agent}`,
      advice: `Name an image in ${place}`,
    };
  }
  const given = Object.entries(old.buildArguments).map(([key, value]) => `${key}=${value}`);
  const found = `${old.version} by ${dockerfile} with ${given.join(', ') || 'no argument'}`;
  const missing = missingIn(readFileSync(path.join(tree, dockerfile), 'utf8'), old);
  const expected = expectedVersion(tree, agent);
  if (expected === old.version) missing.push(`the tree expects ${expected} itself, which is no old version`);
  if (missing.length === 0) return { name, state: 'ok', found };
  return { name, state: 'fail', found: `${found}: ${missing.join('; ')}`, advice: `Set it in ${place}` };
}

/** What the arguments of an old agent lack for a Dockerfile, or have too much, a sentence each. */
export function missingIn(dockerfile: string, { version, buildArguments }: OldAgent): string[] {
  const declared = argumentsOf(dockerfile);
  const unknown = Object.keys(buildArguments)
    .filter((name) => !declared.has(name))
    .map((name) => `the Dockerfile has no argument ${name}`);
  const changed = Object.entries(buildArguments).filter(
    ([name, value]) => /_VERSION$/.test(name) && declared.has(name) && declared.get(name) !== value,
  );
  const pins = changed.flatMap(([name]) => {
    const prefix = name.replace(/VERSION$/, '');
    return [...declared.keys()]
      .filter((one) => one.startsWith(prefix) && PIN.test(one) && !PIN_OF_A_VERSION.test(one))
      .filter((one) => buildArguments[one] === undefined)
      .map((one) => `${one} is missing: the Dockerfile’s own is that of ${name} ${declared.get(name)}`);
  });
  return [...unknown, ...pins, ...fixturePins(dockerfile, declared, version, buildArguments)];
}

/** Where the Dockerfile refuses versions without a committed pin, or lets some be built as fixtures only. */
function fixturePins(
  dockerfile: string,
  declared: ReadonlyMap<string, string>,
  version: string,
  given: Readonly<Record<string, string>>,
): string[] {
  if (!/has no committed \w+ integrity pin/.test(dockerfile)) return [];
  const pinned = [...declared.keys()].flatMap((name) => PIN_OF_A_VERSION.exec(name)?.[1]?.replaceAll('_', '.') ?? []);
  if (!pinned.includes(version)) return [`the Dockerfile has no pin of ${version}, only of ${pinned.join(', ')}`];
  const flag = [...declared.keys()].find((name) => /FIXTURE/.test(name));
  const byDefault = [...declared].some(([name, value]) => /_VERSION$/.test(name) && value === version);
  if (flag === undefined || byDefault || given[flag] === '1') return [];
  return [`${flag}=1 is missing: the Dockerfile builds ${version} as a fixture only`];
}

function expectedVersion(tree: string, agent: AgentName): string | undefined {
  const file = path.join(tree, 'agents', agent, 'manifest.yaml');
  return existsSync(file) ? /^expected_version:\s*["']?([\w.-]+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
}
