import { engine } from './engine';

/** What happens to a container, in the engine's words: it is started, or removed. */
export type ContainerEvent = 'start' | 'destroy';

/**
 * Calls `react` at once, and once only, when the engine tells of such an event.
 * @param of filters of the engine: `container` with an ID, or `label`
 * @returns what ends the watch
 */
export async function onContainer(
  event: ContainerEvent,
  of: Readonly<Record<string, readonly string[]>>,
  react: () => void,
): Promise<() => void> {
  const filters = Object.fromEntries(Object.entries(of).map(([name, values]) => [name, [...values]]));
  const stream = await engine().getEvents({ filters: { ...filters, type: ['container'], event: [event] } });
  let told = false;
  stream.on('data', () => {
    if (!told) react();
    told = true;
  });
  // This process ends the stream; where it breaks before, nothing is told, and the caller finds that nothing happened.
  stream.on('error', () => undefined);
  return () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
}
