/** Whose a file in a tar archive is, and who may read it. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Places of the fields of a tar header (POSIX ustar): offset and length in bytes. */
const FIELDS = { mode: [100, 8], uid: [108, 8], gid: [116, 8], checksum: [148, 8], type: [156, 1] } as const;
const BLOCK = 512;

function put(header: Buffer, [offset, length]: readonly [number, number], value: number): void {
  header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'latin1');
}

/** The sum of a header's bytes, its own checksum counted as blanks. */
function checksumOf(header: Buffer): number {
  const [offset, length] = FIELDS.checksum;
  return header.reduce((sum, byte, at) => sum + (at >= offset && at < offset + length ? 0x20 : byte), 0);
}

/** What the first member of an archive is: `directory`, or the file that it is. @throws when the archive begins with neither */
export function firstMember(archive: Buffer): 'file' | 'directory' {
  const type = archive.toString('latin1', FIELDS.type[0], FIELDS.type[0] + FIELDS.type[1]);
  if (archive.length >= BLOCK && (type === '0' || type === '\0')) return 'file';
  if (archive.length >= BLOCK && type === '5') return 'directory';
  throw new Error(
    `the archive begins with a member of type ${JSON.stringify(type)}, which is neither file nor directory`,
  );
}

/** The archive with another owner and mode for its first member; of a directory, without what lies in it. */
export function ownedBy(archive: Buffer, { uid, gid, mode }: Ownership): Buffer {
  const directory = firstMember(archive) === 'directory';
  const copy = directory ? Buffer.concat([archive.subarray(0, BLOCK), Buffer.alloc(2 * BLOCK)]) : Buffer.from(archive);
  put(copy, FIELDS.mode, mode);
  put(copy, FIELDS.uid, uid);
  put(copy, FIELDS.gid, gid);
  const sum = checksumOf(copy.subarray(0, BLOCK)).toString(8).padStart(6, '0');
  copy.write(`${sum}\0 `, FIELDS.checksum[0], 'latin1');
  return copy;
}

/** Whose the first member of an archive is. */
export function ownerIn(archive: Buffer): Ownership {
  firstMember(archive);
  const number = ([offset, length]: readonly [number, number]) =>
    Number.parseInt(archive.toString('latin1', offset, offset + length).replaceAll('\0', ''), 8);
  return { uid: number(FIELDS.uid), gid: number(FIELDS.gid), mode: number(FIELDS.mode) };
}
