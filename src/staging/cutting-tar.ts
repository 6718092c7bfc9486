/**
 * A shell script to stand for the tar at `tar`, which lies beside it with the ending `.whole`: what it packs ends between two
 * members, after half of them, without the blocks that mark an archive's end; then it ends with `status`. Everything else it does as tar
 * does. (The place of a member is what tar itself prints as its block number.)
 */
export function cuttingTar(tar: string, status: number): string {
  return [
    '#!/bin/sh',
    `whole=${tar}.whole`,
    'packs=',
    'for word; do case $word in --) break ;; --create | -c* | c*) packs=1 ;; esac; done',
    '[ -n "$packs" ] || exec "$whole" "$@"',
    'half=$("$whole" "$@" 2>/dev/null | "$whole" -tRf - | sed -n "s/^block \\([0-9]*\\): .*/\\1/p" |',
    "  awk '{ at[NR] = $1 } END { print at[int(NR / 2) + 1] }')",
    '"$whole" "$@" 2>/dev/null | head -c "$((half * 512))"',
    ...(status === 0 ? [] : ['echo "tar: Cannot read: Input/output error" >&2']),
    `exit ${status}`,
    '',
  ].join('\n');
}
