import { reasonOf } from '../../shared/reason';
import { until } from '../../shared/until';
import { allContainers, containerState, removeContainer, startContainer, stopContainers } from '../driver/container';
import { log } from '../log';
import type { SandboxRecord } from '../records';
import type { Store } from '../store';

const startMs = 20_000;

async function adoptOne(store: Store, record: SandboxRecord): Promise<void> {
  const state = await containerState(record.container);
  if (!state) throw new Error('its container is gone');
  if (!state.Running) await startContainer(record.container);
  const running = async () => ((await containerState(record.container))?.Running ? true : undefined);
  await until(`sandbox ${record.name} to run again`, running, { withinMs: startMs });
  store.putSandbox({ ...record, phase: 'Ready', resourceVersion: record.resourceVersion + 1 });
  log('sandbox adopted', { sandbox: record.name });
}

/**
 * Takes over the sandboxes of an earlier gateway of this state directory: starts them again, and clears an unfinished
 * creation or deletion away. A sandbox that cannot be started is kept, in phase Error.
 */
export async function adoptSandboxes(store: Store): Promise<void> {
  const adoptions = store.sandboxes().map(async (record) => {
    try {
      if (record.phase === 'Provisioning' || record.phase === 'Deleting') {
        await removeContainer(record.container);
        store.dropSandbox(record.name);
        log('unfinished sandbox removed', { sandbox: record.name, phase: record.phase });
      } else {
        await adoptOne(store, record);
      }
    } catch (error) {
      store.putSandbox({ ...record, phase: 'Error' });
      log('sandbox not adopted', { sandbox: record.name, reason: reasonOf(error) });
    }
  });
  await Promise.all(adoptions);
}

/** Stops every container of this gateway, recorded or not; they are started again by the next gateway. */
export async function stopSandboxes(store: Store): Promise<void> {
  await stopContainers(await allContainers(store.gatewayId));
}
