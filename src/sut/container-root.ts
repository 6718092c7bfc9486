import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ownedBy, ownerIn } from './archive-owner';
import { engine } from './engine';
import { type HostCli, textOf } from './host-cli';
import { sutTime } from './sut-time';

/**
 * Runs a shell script in a container as root, with no more capabilities than the container has.
 * @returns what it printed @throws BoundaryError when it fails.
 */
export async function asRootIn(
  cli: HostCli,
  container: string,
  script: string,
  args: readonly string[],
  within: number,
): Promise<string> {
  const exec = ['docker', 'exec', '--user', '0', container] as const;
  const call = await cli.must(cli.run([...exec, 'sh', '-euc', script, 'as-root', ...args], { within }));
  return textOf(call.peek().stdout).trim();
}

/**
 * Gives a file or directory of a container to root, so that nobody else can read it. The engine does it, by copying it onto itself: root in a
 * container need not have the power to.
 * @returns what gives it back @throws when there is no such file.
 */
export async function giveToRoot(container: string, target: string): Promise<() => Promise<void>> {
  const at = engine().getContainer(container);
  const archive = await sutTime.of(async () => buffer(await at.getArchive({ path: target })));
  const before = ownerIn(archive);
  const put = (owner: typeof before) =>
    sutTime.of(async () => void (await at.putArchive(ownedBy(archive, owner), { path: path.posix.dirname(target) })));
  await put({ uid: 0, gid: 0, mode: before.mode & 0o700 });
  return () => put(before);
}
