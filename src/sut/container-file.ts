import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BoundaryError, Observation } from '../evidence/observation';
import type { Boundary } from '../spec/boundary';
import { type HostCli, textOf } from './host-cli';
import type { FileSeen } from './sandbox';

/** Where a file of a container is copied to, and on whose behalf. */
export interface FileCopy {
  readonly container: string;
  /** Path inside. */
  readonly file: string;
  /** Path of the copy, on the host. */
  readonly copy: string;
  /** Bound in ms. */
  readonly within: number;
  readonly boundary: Boundary;
}

/**
 * The bytes of a container's file, also of one that has ended; a link is no file.
 * @throws BoundaryError when there is no such container, or the engine does not answer.
 */
export async function copiedFile(
  cli: HostCli,
  { container, file, copy, within, boundary }: FileCopy,
): Promise<Observation<FileSeen>> {
  const source = `${container}:${file}`;
  mkdirSync(path.dirname(copy), { recursive: true });
  const call = await cli.run(['docker', 'cp', source, copy], { within, boundary });
  const { exit, stderr } = call.peek();
  const absent = exit === 1 && /no such container:path|could not find the file/i.test(textOf(stderr));
  if (exit !== 0 && !absent) throw new BoundaryError(`${source}: ${textOf(stderr).trim()}`, call.entry);
  const there = !absent && lstatSync(copy).isFile();
  const bytes = there ? readFileSync(copy) : Buffer.alloc(0);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return new Observation<FileSeen>(there ? { there, bytes, sha256 } : { there }, {
    ...call.entry,
    kind: 'container-file',
    source,
    seen: there ? { there, bytes: bytes.length, sha256 } : { there },
  });
}
