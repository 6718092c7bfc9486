import { randomBytes } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { containersNamed, engine, ifThere, imageIdOf, networkIdOf, volumeThere } from '../../src/sut/engine';
import { until } from '../../src/sut/until';
import type { Obligation } from '../../src/world/obligations/obligation';
import { restore } from '../../src/world/obligations/restore';
import { rejection } from '../rejection';

/** What set-up makes first; it has a shell, and every other image of the reference SUT stands on it. */
const IMAGE = 'nemoclaw-reference/agent-base:latest';

describe('what is registered for restore on the engine', () => {
  const mark = `p9-test-${randomBytes(4).toString('hex')}`;
  const tag = async (name: string, image = IMAGE): Promise<void> => {
    const colon = name.lastIndexOf(':');
    await engine()
      .getImage(image)
      .tag({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
  };
  const container = async (name: string, image = IMAGE, network?: string): Promise<string> => {
    const made = await engine().createContainer({
      name,
      Image: image,
      Cmd: ['sleep', '120'],
      Labels: { 'phase9.run': mark },
      ...(network === undefined ? {} : { HostConfig: { NetworkMode: network } }),
    });
    await made.start();
    return made.id;
  };
  /** Makes an image of its own, with an ID that no other has. */
  const ownImage = async (name: string, label = `phase9.run=${mark}`): Promise<void> => {
    const id = await container(`${mark}-source`);
    const colon = name.lastIndexOf(':');
    await engine()
      .getContainer(id)
      .commit({
        repo: name.slice(0, colon),
        tag: name.slice(colon + 1),
        comment: randomBytes(8).toString('hex'),
        changes: `LABEL ${label}`,
      });
    await engine().getContainer(id).remove({ force: true });
  };
  const twice = async (obligation: Obligation): Promise<boolean[]> => [
    (await restore(obligation)).changed,
    (await restore(obligation)).changed,
  ];

  after(async () => {
    for (const { id } of await containersNamed(mark)) await engine().getContainer(id).remove({ force: true });
    for (const { RepoTags } of await engine().listImages()) {
      for (const one of RepoTags ?? []) if (one.startsWith(`phase9/${mark}`)) await engine().getImage(one).remove();
    }
    for (const name of [`${mark}-net`, `${mark}-kept`]) await ifThere(() => engine().getNetwork(name).remove());
    for (const name of [`${mark}-volume`]) await ifThere(() => engine().getVolume(name).remove());
  });

  it('containers go by the beginning of their name, running or not, and their own images with them', async () => {
    await ownImage(`phase9/${mark}/sandbox:1`);
    await container(`${mark}-a-1`, `phase9/${mark}/sandbox:1`);
    const stopped = await container(`${mark}-a-2`);
    await engine().getContainer(stopped).kill();
    const other = await container(`${mark}-b-1`);
    const obligation: Obligation = { kind: 'containers', prefix: `${mark}-a-`, images: `^phase9/${mark}/sandbox:` };
    expect(await twice(obligation)).to.deep.equal([true, false]);
    expect(await containersNamed(`${mark}-a-`)).to.deep.equal([]);
    expect((await containersNamed(`${mark}-b-`)).map(({ id, state }) => [id, state])).to.deep.equal([
      [other, 'running'],
    ]);
    expect(await imageIdOf(`phase9/${mark}/sandbox:1`)).to.equal(null);
    expect(await imageIdOf(IMAGE)).to.be.a('string');
  });

  it('an image that was made for a sandbox goes too where no container came of it, told by its label', async () => {
    const named = (name: string) => `phase9/${mark}/labelled-${name}:1`;
    const [own, other, another] = [named('own'), named('other'), named('another')];
    await ownImage(own, `phase9.sandbox=${mark}-c-one`);
    const untagged = (await imageIdOf(own)) ?? '';
    await ownImage(own, `phase9.sandbox=${mark}-c-two`);
    await ownImage(other, `phase9.sandbox=${mark}-d-one`);
    await ownImage(another);
    const obligation: Obligation = {
      kind: 'containers',
      prefix: `${mark}-c-`,
      images: `^phase9/${mark}/labelled`,
      labelled: { label: 'phase9.sandbox', prefix: `${mark}-c-` },
    };
    expect(await twice(obligation)).to.deep.equal([true, false]);
    expect([await imageIdOf(own), await imageIdOf(untagged)]).to.deep.equal([null, null]);
    expect(await imageIdOf(other)).to.be.a('string');
    expect(await imageIdOf(another)).to.be.a('string');
  });

  it('an image without a tag goes where it stands on one of the bases and was not there before', async () => {
    const [base, other] = [`phase9/${mark}/base:1`, `phase9/${mark}/base:2`];
    const layerOn = async (image: string): Promise<string> => {
      const id = await container(`${mark}-layer`, image);
      const exec = await engine()
        .getContainer(id)
        .exec({ Cmd: ['sh', '-c', `echo ${randomBytes(8).toString('hex')} > /layer`] });
      await (await exec.start({})).resume();
      await until('the layer to be written', async () => !(await exec.inspect()).Running, { within: 10_000 });
      // Without a name for it, the image has no tag.
      const { Id } = await engine()
        .getContainer(id)
        .commit({ changes: `LABEL phase9.run=${mark}` });
      await engine().getContainer(id).remove({ force: true });
      return Id;
    };
    for (const name of [base, other]) {
      const [repo = '', tagged = ''] = name.split(':');
      await engine()
        .getImage(await layerOn(IMAGE))
        .tag({ repo, tag: tagged });
    }
    const bases = [(await imageIdOf(base)) ?? ''];
    const kept = await layerOn(base);
    const obligation: Obligation = { kind: 'unfinished-images', bases, keep: [kept] };
    const made = [await layerOn(base), await layerOn(kept)];
    const elsewhere = await layerOn(other);
    expect(await twice(obligation)).to.deep.equal([true, false]);
    for (const id of made) expect(await imageIdOf(id)).to.equal(null);
    for (const id of [kept, elsewhere, base, other]) expect(await imageIdOf(id)).to.be.a('string');
    for (const id of [kept, elsewhere]) await engine().getImage(id).remove();
  });

  it('an image tag points again where it did, or is gone again', async () => {
    const name = `phase9/${mark}/moved:tag`;
    const before = await imageIdOf(IMAGE);
    await tag(name);
    await ownImage(`phase9/${mark}/other:1`);
    const obligation: Obligation = { kind: 'image-tag', tag: name, before };
    await tag(name, `phase9/${mark}/other:1`);
    expect(await imageIdOf(name)).not.to.equal(before);
    expect(await twice(obligation)).to.deep.equal([true, false]);
    expect(await imageIdOf(name)).to.equal(before);
    await engine().getImage(name).remove();
    expect(await twice(obligation)).to.deep.equal([true, false]);
    expect(await imageIdOf(name)).to.equal(before);
    expect(await twice({ kind: 'image-tag', tag: name, before: null })).to.deep.equal([true, false]);
    expect(await imageIdOf(name)).to.equal(null);
    expect(await imageIdOf(IMAGE)).to.equal(before);
  });

  it('an image tag cannot be restored to an image that is gone, and the reason is reported', async () => {
    const name = `phase9/${mark}/gone:tag`;
    const gone = `sha256:${randomBytes(32).toString('hex')}`;
    expect(await rejection(() => restore({ kind: 'image-tag', tag: name, before: gone }))).to.include(
      gone.slice(7, 19),
    );
  });

  it('a repository of images is empty again, and one whose name only begins alike is left alone', async () => {
    await tag(`phase9/${mark}/repo:1`);
    await tag(`phase9/${mark}/repo/below:1`);
    await tag(`phase9/${mark}/repository:1`);
    expect(await twice({ kind: 'image-repository', repository: `phase9/${mark}/repo` })).to.deep.equal([true, false]);
    expect(await imageIdOf(`phase9/${mark}/repo:1`)).to.equal(null);
    expect(await imageIdOf(`phase9/${mark}/repo/below:1`)).to.equal(null);
    expect(await imageIdOf(`phase9/${mark}/repository:1`)).to.be.a('string');
  });

  it('a network that was not there goes, and one that was there stays', async () => {
    await engine().createNetwork({ Name: `${mark}-net`, Internal: true });
    await engine().createNetwork({ Name: `${mark}-kept`, Internal: true });
    expect(await twice({ kind: 'network', name: `${mark}-net`, there: false })).to.deep.equal([true, false]);
    expect(await twice({ kind: 'network', name: `${mark}-kept`, there: true })).to.deep.equal([false, false]);
    expect([await networkIdOf(`${mark}-net`), typeof (await networkIdOf(`${mark}-kept`))]).to.deep.equal([
      null,
      'string',
    ]);
  });

  it('a network in use cannot be removed, and the reason is reported', async () => {
    const id = await container(`${mark}-user`, IMAGE, `${mark}-kept`);
    const obligation: Obligation = { kind: 'network', name: `${mark}-kept`, there: false };
    expect(await rejection(() => restore(obligation))).to.match(/endpoints|otherwise/);
    await engine().getContainer(id).remove({ force: true });
    expect(await twice(obligation)).to.deep.equal([true, false]);
  });

  it('a volume that was not there goes, and one that was there stays', async () => {
    const name = `${mark}-volume`;
    await engine().createVolume({ Name: name });
    expect(await twice({ kind: 'volume', name, there: true })).to.deep.equal([false, false]);
    expect(await volumeThere(name)).to.equal(true);
    expect(await twice({ kind: 'volume', name, there: false })).to.deep.equal([true, false]);
    expect(await volumeThere(name)).to.equal(false);
  });
});
