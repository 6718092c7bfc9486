import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Ownership, ownedBy, ownerIn } from './archive-owner';
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

async function archiveOf(container: string, target: string): Promise<Buffer> {
  const at = engine().getContainer(container);
  return sutTime.of(async () => buffer(await at.getArchive({ path: target })));
}

/** The engine does it, by copying the file onto itself: root in a container need not have the power to. */
async function give(container: string, target: string, archive: Buffer, owner: Ownership): Promise<void> {
  const at = engine().getContainer(container);
  await sutTime.of(async () => at.putArchive(ownedBy(archive, owner), { path: path.posix.dirname(target) }));
}

/**
 * Gives a file or directory of a container to root, so that nobody else can read it.
 * @returns what gives it back @throws when there is no such file.
 */
export async function giveToRoot(container: string, target: string): Promise<() => Promise<void>> {
  const archive = await archiveOf(container, target);
  const before = ownerIn(archive);
  await give(container, target, archive, { uid: 0, gid: 0, mode: before.mode & 0o700 });
  return () => give(container, target, archive, before);
}

/** Gives a directory of a container to the owner of another file there. @throws when there is no such file. */
export async function giveToOwnerOf(container: string, target: string, other: string): Promise<void> {
  const archive = await archiveOf(container, target);
  await give(container, target, archive, { ...ownerIn(await archiveOf(container, other)), mode: 0o755 });
}
