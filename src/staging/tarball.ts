import { gzipSync } from 'node:zlib';

/** One member of an archive. A program that packs files would refuse most of the wrong ones; here every member is only data. */
export type Member =
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'hard link' | 'symbolic link'; readonly name: string; readonly target: string }
  | { readonly kind: 'directory'; readonly name: string };

const BLOCK = 512;
const TYPES = { file: '0', 'hard link': '1', 'symbolic link': '2', directory: '5' } as const;
/** Bytes of a header's fields for a name and for a target; longer ones stand in members of their own before it (GNU tar). */
const FIELD = 100;

/** A gzip-compressed tar archive (POSIX ustar) with exactly these members, in this order, owned by root and mode 0755. */
export function tarball(members: readonly Member[]): Buffer {
  const end = Buffer.alloc(2 * BLOCK);
  return gzipSync(Buffer.concat([...members.map(memberOf), end]));
}

function memberOf(member: Member): Buffer {
  const target = 'target' in member ? member.target : '';
  const text = member.kind === 'file' ? member.text : '';
  return Buffer.concat([
    ...longer('L', member.name),
    ...longer('K', target),
    entry(TYPES[member.kind], member.name, target, Buffer.from(text)),
  ]);
}

/** The member that holds a name or a target which is too long for the header. */
function longer(type: 'K' | 'L', text: string): Buffer[] {
  if (Buffer.byteLength(text) <= FIELD) return [];
  return [entry(type, '././@LongLink', '', Buffer.from(`${text}\0`))];
}

function entry(type: string, name: string, target: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  const put = (at: number, text: string, length = text.length) => header.write(text, at, length, 'utf8');
  put(0, name, FIELD);
  put(100, octal(0o755, 7));
  put(108, octal(0, 7));
  put(116, octal(0, 7));
  put(124, octal(content.length, 11));
  put(136, octal(0, 11));
  put(156, type);
  put(157, target, FIELD);
  put(257, 'ustar\x0000');
  // The checksum of a header counts its own field as blanks.
  header.fill(' ', 148, 156);
  put(
    148,
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
  );
  return Buffer.concat([header, content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]);
}
