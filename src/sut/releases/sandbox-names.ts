import type { SandboxContainers, SandboxNames } from './release';

/**
 * The name of a scenario's sandbox: the scenario's token, a hyphen, and as much of `role` as the release lets a name be long.
 * @throws when the release lets no name begin with that token.
 */
export function sandboxNameFor(names: SandboxNames, token: string, role: string): string {
  const name = `${token}-${role}`.slice(0, names.longest).replace(/-+$/, '');
  if (!name.startsWith(`${token}-`) || !names.form.test(name)) {
    throw new Error(`no sandbox can be called ${token}-${role}: a name is ${names.rule}`);
  }
  return name;
}

/** What the names of the containers begin with whose sandbox's name begins with `token` and a hyphen. */
export function containerPrefixFor({ prefix }: SandboxContainers, token: string): string {
  return prefix.replace('{name}-', `${token}-`);
}
