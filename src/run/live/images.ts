import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { engineAnswers, imageIdOf } from '../../sut/engine';
import { seconds } from '../../sut/until';
import { dockerfilesOf, imagesOf, probeImagesOf } from './dockerfiles';
import type { Installation, Look } from './look';

/** Whether an image is on the engine, or its registry has it. */
export async function lookForImage({ ask }: Installation, image: string, name = `image ${image}`): Promise<Look> {
  const answer = await engineAnswers();
  if (!answer.ok) return { name, state: 'fail', found: `${image}: no Docker Engine answers (${answer.reason})` };
  const id = await imageIdOf(image);
  if (id !== null) return { name, state: 'ok', found: `${image}, here as ${id.slice(0, 19)}` };
  // Asks the registry for the manifest, with the user's credentials, and pulls nothing.
  const manifest = await ask(['docker', 'manifest', 'inspect', image], seconds(8));
  if (manifest.ok) return { name, state: 'ok', found: `${image}, which its registry has` };
  const found = `${image} is not here, and its registry does not give it (${manifest.how})`;
  return { name, state: 'fail', found, advice: `docker pull ${image}, or load it from a host that has it` };
}

/** The images that onboarding starts to look at the machine. */
export async function lookAtProbeImages(installation: Installation): Promise<Look[]> {
  const images = probeImagesOf(installation.tree);
  if (images.length === 0) {
    const found = 'not looked at: the tree’s sources name none in a way that is known';
    return [{ name: 'preflight image', state: 'warn', found }];
  }
  return Promise.all(images.map((image) => lookForImage(installation, image, 'preflight image')));
}

/** The images from which the tree's Dockerfiles begin. A base of the product's own that is nowhere is built by the product. */
export async function lookAtBaseImages(installation: Installation): Promise<Look[]> {
  const { profile, tree } = installation;
  const files = dockerfilesOf(profile, tree).filter((file) => existsSync(path.join(tree, file)));
  const images = [...new Set(files.flatMap((file) => imagesOf(readFileSync(path.join(tree, file), 'utf8'))))];
  return Promise.all(
    images.map(async (image): Promise<Look> => {
      const look = await lookForImage(installation, image, 'base image');
      if (look.state !== 'fail' || !/sandbox-base/.test(image)) return look;
      return { ...look, state: 'warn', advice: 'The product builds it from its Dockerfile.base, which takes longer' };
    }),
  );
}
