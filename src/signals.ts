/**
 * Signals by which a user ends a program: Ctrl-C, a supervisor's polite request, a terminal that is closed. Node takes the last
 * one as deadly even under nohup, so it is heeded like the others.
 */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/**
 * Keeps a process alive whose reader has gone away (`| head`, a closed terminal): it must not die with things to put back, nor
 * with an exit status that says less than it knows.
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
