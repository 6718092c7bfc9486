/**
 * Time spent waiting for the system under test: the union of all intervals in which at least one SUT command, container
 * operation or wait on them was under way. What is left of a scenario's wall time is the harness' own share.
 */
class SutTime {
  #open = 0;
  #since = 0;
  #total = 0;

  begin(): { end(): void } {
    if (this.#open === 0) this.#since = performance.now();
    this.#open += 1;
    let ended = false;
    return {
      end: () => {
        if (ended) return;
        ended = true;
        this.#open -= 1;
        if (this.#open === 0) this.#total += performance.now() - this.#since;
      },
    };
  }

  /** Runs `work` and counts its time. */
  async of<T>(work: () => Promise<T>): Promise<T> {
    const clock = this.begin();
    try {
      return await work();
    } finally {
      clock.end();
    }
  }

  /** Milliseconds so far in this process. */
  get total(): number {
    return this.#total + (this.#open > 0 ? performance.now() - this.#since : 0);
  }
}

export const sutTime = new SutTime();
