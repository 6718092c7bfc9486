import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { containersNamed, engine, ifThere, imageIdOf, networkIdOf, volumeThere } from '../../sut/engine';
import { containerThere, engineStorage, restartEngine } from '../../sut/engine-container';
import { processesWith, startTimeOf, stopProcessesWith } from '../../sut/process-group';
import { sandboxNameLabel } from '../../sut/releases/common';
import { until } from '../../sut/until';
import { describe, digest, modeOf, type Obligation } from './obligation';
import { removeUnfinishedImages } from './unfinished-images';

/** What a restore changed. It returns only after a look has found everything as it was before. */
export interface Restoration {
  readonly changed: boolean;
  readonly verified: true;
  readonly saw: string;
}

/**
 * Restores what an obligation describes, and verifies it. A second call changes nothing.
 * @throws when it cannot be restored, or the look afterwards finds it otherwise.
 */
export async function restore(obligation: Obligation): Promise<Restoration> {
  switch (obligation.kind) {
    case 'file':
      return restoreFile(obligation);
    case 'engine-configuration':
      return restoreConfiguration(obligation);
    case 'directory': {
      const changed = existsSync(obligation.path);
      rmSync(obligation.path, { recursive: true, force: true, maxRetries: 3 });
      return seen(changed, !existsSync(obligation.path), describe(obligation));
    }
    case 'containers':
      return removeContainers(obligation);
    case 'image-tag': {
      const now = await imageIdOf(obligation.tag);
      if (now !== obligation.before && obligation.before !== null) {
        // Moves the tag, whatever image it points at by now.
        const [repo, tag] = splitTag(obligation.tag);
        await engine().getImage(obligation.before).tag({ repo, tag });
      } else if (now !== null && obligation.before === null) {
        await ifThere(() => engine().getImage(obligation.tag).remove({ force: false, noprune: false }));
      }
      return seen(
        now !== obligation.before,
        (await imageIdOf(obligation.tag)) === obligation.before,
        describe(obligation),
      );
    }
    case 'image-repository': {
      const kept = obligation.keep ?? [];
      // The scenario's own containers are gone by now: an image that is still in use is somebody else's.
      const used = new Set((await containersNamed('')).map(({ imageRef }) => imageRef));
      const made = async () =>
        (await tagsIn(obligation.repository, obligation.keep !== undefined)).filter(
          (tag) => !kept.includes(tag) && !used.has(tag),
        );
      const tags = await made();
      for (const tag of tags) await ifThere(() => engine().getImage(tag).remove({ force: false }));
      return seen(tags.length > 0, (await made()).length === 0, describe(obligation));
    }
    case 'unfinished-images':
      return removeUnfinishedImages(obligation).then(({ removed, left }) =>
        seen(removed > 0, left === 0, describe(obligation)),
      );
    case 'network': {
      const id = await networkIdOf(obligation.name);
      if (!obligation.there && id !== null) await ifThere(() => engine().getNetwork(id).remove());
      const now = (await networkIdOf(obligation.name)) !== null;
      return seen(id !== null && !obligation.there, now === obligation.there || obligation.there, describe(obligation));
    }
    case 'volume': {
      const there = await volumeThere(obligation.name);
      if (there && !obligation.there) await ifThere(() => engine().getVolume(obligation.name).remove());
      return seen(
        there && !obligation.there,
        obligation.there || !(await volumeThere(obligation.name)),
        describe(obligation),
      );
    }
    case 'processes': {
      const stopped = await stopProcessesWith(obligation.entry);
      return seen(stopped > 0, processesWith(obligation.entry).length === 0, describe(obligation));
    }
    case 'process':
      return endProcess(obligation);
  }
}

function seen(changed: boolean, asBefore: boolean, saw: string): Restoration {
  if (!asBefore) throw new Error(`to be restored: ${saw}; after the restore it is otherwise`);
  return { changed, verified: true, saw };
}

function restoreFile({ path: file, before }: Extract<Obligation, { kind: 'file' }>): Restoration {
  if (before.absent) {
    const changed = existsSync(file);
    rmSync(file, { force: true });
    return seen(changed, !existsSync(file), `file ${file} absent`);
  }
  const asBefore = () =>
    existsSync(file) && digest(readFileSync(file)) === before.sha256 && modeOf(file) === before.mode;
  const changed = !asBefore();
  if (changed) {
    mkdirSync(path.dirname(file), { recursive: true });
    const { uid, gid } = lstatSync(existsSync(file) ? file : path.dirname(file));
    writeFileAtomic.sync(file, Buffer.from(before.content, 'base64'), {
      mode: before.mode,
      chown: { uid, gid },
      fsync: true,
    });
    chmodSync(file, before.mode);
  }
  return seen(changed, asBefore(), `file ${file}: sha256 ${before.sha256}, mode ${before.mode.toString(8)}`);
}

/**
 * The file first, then the engine, which reads it only when it starts. An engine that is gone took its configuration with it:
 * then only the file is restored.
 */
async function restoreConfiguration(
  obligation: Extract<Obligation, { kind: 'engine-configuration' }>,
): Promise<Restoration> {
  const { container, socket, driver } = obligation;
  const file = restoreFile({ kind: 'file', path: obligation.path, before: obligation.before });
  if (!(await containerThere(container))) return { ...file, saw: `${file.saw}; the engine ${container} is gone` };
  const current = file.changed ? undefined : await engineStorage(socket, container).catch(() => undefined);
  const restarted = current?.driver !== driver;
  const after = restarted ? await restartEngine(socket, container) : current;
  const saw = `${file.saw}; docker info: Driver ${after?.driver}, DriverStatus driver-type ${after?.type ?? 'none'}`;
  return seen(file.changed || restarted, after?.driver === driver, saw);
}

async function removeContainers(obligation: Extract<Obligation, { kind: 'containers' }>): Promise<Restoration> {
  const { prefix, images, labelled } = obligation;
  const found = await containersNamed(prefix);
  for (const one of found) await ifThere(() => engine().getContainer(one.id).remove({ force: true, v: true }));
  await until(`the containers ${prefix}… to be gone`, async () => (await containersNamed(prefix)).length === 0, {
    within: 30_000,
  });
  const pattern = new RegExp(images ?? '(?!)');
  const labelledNow = async () =>
    (labelled ? await imagesLabelled(labelled.label, labelled.prefix) : []).filter(
      (reference) => pattern.test(reference) || reference.startsWith('sha256:'),
    );
  const made = found.map(({ imageRef }) => imageRef).filter((reference) => pattern.test(reference));
  const own = new Set([...made, ...(await labelledNow())]);
  for (const reference of own) await ifThere(() => engine().getImage(reference).remove({ force: false }));
  const gone = (await labelledNow()).length === 0;
  return seen(found.length + own.size > 0, gone, `no container named ${prefix}… (${found.length} removed)`);
}

/** Tags of all images whose label `label` has a value that begins with `prefix`; the ID of one without a tag, as a killed build leaves it. */
async function imagesLabelled(label: string, prefix: string): Promise<string[]> {
  const images = await engine().listImages({ filters: { label: [label] } });
  return images
    .filter(({ Labels }) => Labels?.[label]?.startsWith(prefix))
    .flatMap(({ Id, RepoTags }) => {
      const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
      return tags.length > 0 ? tags : [Id];
    });
}

async function endProcess({ pid, startTime }: Extract<Obligation, { kind: 'process' }>): Promise<Restoration> {
  const alive = () => startTimeOf(pid) === startTime;
  const changed = alive();
  if (changed) {
    process.kill(pid, 'SIGTERM');
    const ended = await until(`process ${pid} to end`, async () => !alive(), { within: 5000, orElse: 'give-up' });
    if (!ended && alive()) process.kill(pid, 'SIGKILL');
    await until(`process ${pid} to be gone`, async () => !alive(), { within: 5000 });
  }
  return seen(changed, !alive(), `process ${pid} ended`);
}

/**
 * Tags of a repository. In a shared one, not those of images that a label calls a sandbox's: whoever made that sandbox removes them ({@link imagesLabelled}),
 * and another run may be about to start a container from one.
 */
async function tagsIn(repository: string, shared: boolean): Promise<string[]> {
  const images = await engine().listImages({ filters: { reference: [`${repository}:*`, `${repository}/*:*`] } });
  return images
    .filter(({ Labels }) => !shared || Labels?.[sandboxNameLabel] === undefined)
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((tag) => tag.startsWith(`${repository}:`) || tag.startsWith(`${repository}/`));
}

function splitTag(tag: string): [string, string] {
  const colon = tag.lastIndexOf(':');
  return colon > tag.lastIndexOf('/') ? [tag.slice(0, colon), tag.slice(colon + 1)] : [tag, 'latest'];
}
