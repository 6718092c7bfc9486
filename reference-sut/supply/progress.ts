import { reasonOf } from '../src/shared/reason';

/** A report of the program while it works: a line of JSON with --json, else a plain line. */
export interface SupplyEvent {
  readonly step: string;
  readonly state: 'started' | 'progress' | 'done' | 'reused' | 'removed' | 'kept' | 'failed' | 'waiting';
  readonly text: string;
  /** Seconds since the step started. */
  readonly seconds?: number;
  readonly image?: string;
  readonly id?: string;
}

export type Report = (event: SupplyEvent) => void;

/** Reports to stdout, as JSON lines or as text. */
export function reporter(json: boolean): Report {
  return (event) => {
    const took = event.seconds === undefined ? '' : ` (${event.seconds} s)`;
    const line = json ? JSON.stringify(event) : `${event.step}: ${event.text}${took}`;
    process.stdout.write(`${line}\n`);
  };
}

/** Runs one step and reports its start, its end with the time it took, or its failure. */
export async function step<T>(report: Report, name: string, text: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
  report({ step: name, state: 'started', text });
  try {
    const result = await work();
    report({ step: name, state: 'done', text: 'done', seconds: seconds() });
    return result;
  } catch (error) {
    report({ step: name, state: 'failed', text: firstLine(error), seconds: seconds() });
    throw error;
  }
}

function firstLine(error: unknown): string {
  return reasonOf(error).split('\n')[0] ?? 'failed';
}
