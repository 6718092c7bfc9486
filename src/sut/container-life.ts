import { Observation } from '../evidence/observation';
import type { Boundary } from '../spec/boundary';
import { engine, ifThere } from './engine';

/** One life of a container: a restart begins another one. */
export interface ContainerLife {
  readonly id: string;
  readonly running: boolean;
  readonly startedAt: string;
}

/** The container of that name as the engine reports it, or null where there is none. */
export async function containerLife(name: string, boundary: Boundary): Promise<Observation<ContainerLife | null>> {
  const startedAt = new Date().toISOString();
  const found = await ifThere(() => engine().getContainer(name).inspect());
  const life = found ? { id: found.Id, running: found.State.Running, startedAt: found.State.StartedAt } : null;
  return new Observation(life, {
    boundary,
    kind: 'container',
    source: `container ${name}`,
    startedAt,
    finishedAt: new Date().toISOString(),
    seen: life ? { ...life } : { there: false },
  });
}
