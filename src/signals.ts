/**
 * Signals by which a user ends a program: Ctrl-C, a supervisor's request, a closed terminal. The last one ends Node even under
 * nohup, so it is handled like the others.
 */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/**
 * Keeps a process alive whose reader has gone away (`| head`, a closed terminal): it must complete its restore and end with its
 * own exit status.
 * @param gone called at every write that nobody reads
 */
export function outliveReader(gone: () => void = () => undefined): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
      gone();
    });
  }
}
