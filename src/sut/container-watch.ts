import { z } from 'zod';
import { Observation } from '../evidence/observation';
import { engine } from './engine';
import { until } from './until';

const eventSchema = z.looseObject({
  Action: z.string(),
  timeNano: z.number(),
  Actor: z.looseObject({ ID: z.string() }),
});

/**
 * Notes when containers of one name end, from the engine's events while they happen: the engine remembers only few events, and
 * an installer causes many.
 */
export class ContainerWatch {
  readonly #ends: { readonly id: string; readonly at: string }[] = [];

  private constructor(
    private readonly name: string,
    private readonly stream: NodeJS.ReadableStream,
  ) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    // This process ends the stream; where it breaks before, an end of a container is missing.
    stream.on('error', () => undefined);
  }

  static async of(name: string): Promise<ContainerWatch> {
    const stream = await engine().getEvents({
      filters: { type: ['container'], container: [name], event: ['die', 'destroy'] },
    });
    return new ContainerWatch(name, stream);
  }

  #take(line: string): void {
    if (line.trim() === '') return;
    const event = eventSchema.parse(JSON.parse(line));
    const at = new Date(event.timeNano / 1e6).toISOString();
    if (!this.#ends.some(({ id }) => id === event.Actor.ID)) this.#ends.push({ id: event.Actor.ID, at });
  }

  /** When the container `id` ended (ISO 8601), or null where no end is reported within five seconds from now. */
  async endOf(id: string): Promise<Observation<string | null>> {
    const startedAt = new Date().toISOString();
    const find = async () => this.#ends.find((end) => end.id === id);
    const end = await until(`the engine to report the end of ${this.name}`, find, { within: 5000, orElse: 'give-up' });
    return new Observation(end?.at ?? null, {
      boundary: 'gateway',
      kind: 'container',
      source: `events of the container ${this.name}`,
      startedAt,
      finishedAt: new Date().toISOString(),
      seen: { id, endedAt: end?.at ?? null },
    });
  }

  close(): void {
    (this.stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  }
}
