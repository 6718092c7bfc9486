/** A text within a longer one that is base64-encoded as a whole, at one of the three places it may have among its groups of bytes. */
export interface Base64Core {
  /** Bytes of the longer text before it, modulo 3. */
  readonly shift: 0 | 1 | 2;
  /** Characters of the encoding that its bytes touch but share with what stands before it. */
  readonly skipped: number;
  /** The characters that it alone decides, in the alphabet with `+` and `/`. */
  readonly text: string;
}

/** The three cores of `bytes`: the characters at the seams depend on the neighbours and are left off. */
export function base64Cores(bytes: Buffer): Base64Core[] {
  return ([0, 1, 2] as const).map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const skipped = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + bytes.length) * 8) / 6);
    return { shift, skipped, text: encoded.slice(skipped, last) };
  });
}
