import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import type { Phase9World } from '../world/world';
import { hostProgram } from './private-path';

const fixture = inRepository('fixtures/overlayfs-autofix/docker');

function placeOf({ own }: Phase9World): string {
  return path.join(own.directory, 'operator');
}

/**
 * Puts a docker first on the operator's PATH that notes the calls which give a patched image its content or its name, and can kill
 * its caller in the middle of one.
 * @param repository of the patched images
 */
export function stageOperatorsDocker(world: Phase9World, repository: string): void {
  const place = placeOf(world);
  const { environment } = world.own;
  mkdirSync(place);
  cpSync(fixture, path.join(place, 'docker'));
  writeFileSync(path.join(place, 'real'), hostProgram('docker'));
  writeFileSync(path.join(place, 'repository'), repository);
  environment.PATH = [place, environment.PATH].join(path.delimiter);
}

/** Forgets the calls noted so far. @param killAt the one of those that follow at which the caller is killed; none without it */
export function noteImageWrites(world: Phase9World, killAt?: number): void {
  const place = placeOf(world);
  rmSync(path.join(place, 'writes'), { force: true });
  if (killAt === undefined) rmSync(path.join(place, 'kill-at'), { force: true });
  else writeFileSync(path.join(place, 'kill-at'), String(killAt));
}

/** The calls since then that gave a patched image its content or its name. */
export function imageWrites(world: Phase9World): Observation<readonly string[]> {
  const startedAt = new Date().toISOString();
  const file = path.join(placeOf(world), 'writes');
  const calls = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return new Observation(calls, {
    boundary: 'host-cli',
    kind: 'file',
    source: `${file} (written by the docker on the operator's PATH)`,
    startedAt,
    finishedAt: new Date().toISOString(),
    seen: { calls: calls.length, text: calls.join('\n') },
  });
}
