import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { engine, engineAnswers } from '../../sut/engine';
import { dockerfilesOf } from './dockerfiles';
import { compareNumbers, type Installation, type Look, versionIn } from './look';

/** The lowest engine whose own BuildKit has `ADD --checksum`. */
const CHECKSUM_ENGINE = '24';
/** From this command line on, BuildKit is reached by the plugin buildx only. */
const BUILDX_CLI = '23';

/** Instructions and the first line that only BuildKit understands. */
const NEEDS_BUILDKIT =
  /^#\s*syntax=|^\s*RUN\s+--(?:mount|network|security)=|^\s*ADD\s.*--checksum=|^\s*(?:ADD|COPY)\s.*--link\b|^\s*(?:RUN|ADD|COPY)\b.*<<-?['"]?[A-Za-z_]/m;

/** What builds the images: the engine's version and BuildKit, as release and Dockerfiles need them. */
export async function lookAtBuilder({ profile, tree, ask }: Installation): Promise<Look[]> {
  const answer = await engineAnswers();
  const name = 'image builder';
  if (!answer.ok) return [{ name, state: 'fail', found: `no Docker Engine answers (${answer.reason})` }];
  const { builder } = profile.release;
  const version = (await engine().version()).Version;
  const texts = dockerfilesOf(profile, tree)
    .map((file) => path.join(tree, file))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  const verifies = texts.some((text) => /^\s*ADD\s.*--checksum=/m.test(text));
  const needed = verifies && compareNumbers(builder.engine, CHECKSUM_ENGINE) < 0 ? CHECKSUM_ENGINE : builder.engine;
  const why = verifies ? 'its Dockerfiles use `ADD --checksum`' : builder.reason;
  const needsKit = texts.some((text) => NEEDS_BUILDKIT.test(text));
  const buildx = await ask(['docker', 'buildx', 'version']);
  const client = versionIn((await ask(['docker', 'version', '--format', '{{.Client.Version}}'])).stdout) ?? '0.0';
  const kit = buildx.ok
    ? buildx.stdout.trim()
    : compareNumbers(client, BUILDX_CLI) < 0
      ? `the BuildKit of docker ${client} itself`
      : undefined;
  const found = `engine ${version}, ${kit ?? `docker ${client} without buildx`}`;
  if (compareNumbers(version, needed) < 0) {
    const advice = `Use Docker Engine ${needed} or later: ${why}`;
    return [{ name, state: 'fail', found, advice }];
  }
  if (kit === undefined) {
    const advice = `Install docker-buildx, or name the DOCKER_CONFIG that has it: ${builder.reason}`;
    return [{ name, state: needsKit ? 'fail' : 'warn', found, advice }];
  }
  return [{ name, state: 'ok', found }];
}
