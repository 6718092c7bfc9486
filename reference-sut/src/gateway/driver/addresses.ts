import { containersByAddress } from './network';

/**
 * Finds the container of an address. It looks anew for each connection, because a container that was restarted behind the
 * gateway's back may have another's old address; lookups that wait at the same time share one answer, which is never older
 * than they are.
 */
export class Addresses {
  readonly #network: string;
  #running: Promise<ReadonlyMap<string, string>> | undefined;
  #next: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(network: string) {
    this.#network = network;
  }

  async containerAt(address: string): Promise<string | undefined> {
    const members = await this.#look();
    return members.get(address.replace(/^::ffff:/, ''));
  }

  #look(): Promise<ReadonlyMap<string, string>> {
    if (this.#next) return this.#next;
    const after = this.#running;
    const look = async () => {
      await after?.catch(() => {});
      this.#running = mine;
      if (this.#next === mine) this.#next = undefined;
      return containersByAddress(this.#network);
    };
    const mine: Promise<ReadonlyMap<string, string>> = Promise.resolve().then(look);
    this.#next = mine;
    return mine;
  }
}
