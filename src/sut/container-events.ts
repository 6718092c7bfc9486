import { engine } from './engine';

/** What happens to a container, in the engine's words: it is started, or removed. */
export type ContainerEvent = 'start' | 'destroy';

/** Filters of the engine: `container` with an ID, or `label`. */
export type ContainerFilter = Readonly<Record<string, readonly string[]>>;

/** A wait for an event of the engine. */
export interface EventWatch {
  /** @throws when nothing was told, or what was to be done then failed. */
  readonly mustHaveReacted: () => void;
  readonly end: () => void;
}

/** Calls `react` at once, and once only, when the engine tells of such an event. */
export async function onContainer(event: ContainerEvent, of: ContainerFilter, react: () => void): Promise<EventWatch> {
  const filters = Object.fromEntries(Object.entries(of).map(([name, values]) => [name, [...values]]));
  const stream = await engine().getEvents({ filters: { ...filters, type: ['container'], event: [event] } });
  let outcome: { readonly error?: unknown } | undefined;
  stream.once('data', () => {
    try {
      react();
      outcome = {};
    } catch (error) {
      outcome = { error };
    }
  });
  // This process ends the stream; where it breaks before, nothing is told, and that is found in the end.
  stream.on('error', () => undefined);
  return {
    mustHaveReacted: () => {
      if (outcome === undefined)
        throw new Error(`the engine told of no ${event} of a container with ${JSON.stringify(of)}`);
      if (outcome.error !== undefined) throw outcome.error;
    },
    end: () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy(),
  };
}
