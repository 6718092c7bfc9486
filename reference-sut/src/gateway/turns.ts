/** Runs one operation at a time for each key (a sandbox's name); others wait, in order. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  async take<T>(key: string, operation: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(operation);
    const settled = mine.then(
      () => {},
      () => {},
    );
    this.#last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }

  /** Resolves once every operation begun so far has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
