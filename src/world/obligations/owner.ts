import { z } from 'zod';
import { bootId, startTimeOf } from '../../sut/process-group';

/** The owner of a journal: a process, distinguished from a later one with the same pid by its start time and the boot. */
export const ownerSchema = z.strictObject({ boot: z.string(), pid: z.number(), startTime: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

/** This process as an owner. */
export function self(): Owner {
  const startTime = startTimeOf(process.pid);
  if (startTime === undefined) throw new Error('/proc does not show this process; the suite needs a Linux /proc');
  return { boot: bootId(), pid: process.pid, startTime };
}

export function alive(owner: Owner): boolean {
  return owner.boot === bootId() && startTimeOf(owner.pid) === owner.startTime;
}
