import type { ChildProcess } from 'node:child_process';
import { lastLines } from '../../shared/output';
import { CommandFailure } from '../failure';

/**
 * Awaits a child whose other streams carry data.
 * @param highest status that still counts as success.
 * @throws CommandFailure with the last lines of its stderr.
 */
export function endOf(child: ChildProcess, what: string, highest = 0): Promise<void> {
  const messages: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => messages.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new CommandFailure(`${what}: ${error.message}`)));
    child.on('close', (code) => {
      const status = code ?? 128;
      const words = lastLines(Buffer.concat(messages).toString(), 3).join(' ');
      if (status <= highest) resolve();
      else reject(new CommandFailure(`${what} ended with status ${status}: ${words}`));
    });
  });
}
