import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { Workspace } from './workspace';

/** A copy whose owner did not renew its lock for so long is free again, in ms. */
const STALE_MS = 120_000;

/** Copies of the repository, made when they are needed: each is used by one run at a time, of this command or of another. */
export class Workspaces {
  private readonly free: Workspace[] = [];
  private readonly releases: (() => Promise<void>)[] = [];
  private next = 1;

  constructor(private readonly directory: string) {}

  /** Lends a copy for as long as `work` takes. */
  async use<T>(work: (copy: Workspace) => Promise<T>): Promise<T> {
    const copy = this.free.pop() ?? (await this.another());
    try {
      return await work(copy);
    } finally {
      this.free.push(copy);
    }
  }

  /** Gives all copies back to other commands. */
  async close(): Promise<void> {
    for (const release of this.releases.splice(0)) await release();
  }

  private async another(): Promise<Workspace> {
    for (;;) {
      const directory = path.join(this.directory, String(this.next));
      this.next += 1;
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      try {
        this.releases.push(await lock(directory, { stale: STALE_MS }));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ELOCKED') continue;
        throw error;
      }
      return Workspace.make(directory);
    }
  }
}
