import { z } from 'zod';
import { CommandFailure, type CommandOptions, type CommandResult, runCommand } from './child';

const IMAGE = z.object({
  id: z.string(),
  tags: z.array(z.string()).nullable(),
  labels: z.record(z.string(), z.string()).nullable(),
  architecture: z.string(),
});

/** One local image, as `docker image inspect` shows it. */
export interface LocalImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly architecture: string;
}

const INSPECT_FORMAT =
  '{"id":{{json .Id}},"tags":{{json .RepoTags}},"labels":{{json .Config.Labels}},"architecture":{{json .Architecture}}}';

/** The Docker Engine, used through the `docker` command, so that DOCKER_HOST and contexts count. */
export class Engine {
  #buildEnvironment: Promise<NodeJS.ProcessEnv> | undefined;

  readonly #failed = new AbortController();
  /** Ends every command of this engine: the user interrupted, or a part of the work failed. */
  readonly signal: AbortSignal;

  constructor(interrupted: AbortSignal) {
    this.signal = AbortSignal.any([interrupted, this.#failed.signal]);
  }

  /** Awaits parts that run side by side; when one fails, the others are stopped and their end is awaited. */
  async together(parts: readonly (Promise<unknown> | undefined)[]): Promise<void> {
    const failures: unknown[] = [];
    const guarded = parts.map((part) =>
      part?.catch((error: unknown) => {
        failures.push(error);
        this.#failed.abort(error);
      }),
    );
    await Promise.all(guarded);
    if (failures.length > 0) throw failures[0];
  }

  /** The engine's processor, as Docker names it: amd64, arm64. */
  async architecture(): Promise<string> {
    return (await this.docker(['version', '--format', '{{.Server.Arch}}'])).stdout.trim();
  }

  docker(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    return runCommand('docker', args, { within: 60_000, signal: this.signal, ...options });
  }

  /** Those of the named images that exist here, in one call. Keys are the names given. */
  async inspect(names: readonly string[]): Promise<Map<string, LocalImage>> {
    const found = new Map<string, LocalImage>();
    if (names.length === 0) return found;
    let text: string;
    try {
      text = (await this.docker(['image', 'inspect', '--format', INSPECT_FORMAT, ...names])).stdout;
    } catch (error) {
      // Status 1 with "No such image" for some of them is the ordinary answer; stdout lists the others.
      if (!(error instanceof CommandFailure) || !/no such image/i.test(error.output)) throw error;
      text = error.output;
    }
    for (const line of text.split('\n').filter((candidate) => candidate.startsWith('{"id":'))) {
      const image = IMAGE.parse(JSON.parse(line));
      const local = { ...image, tags: image.tags ?? [], labels: image.labels ?? {} };
      // A single name may be written in ways that no tag shows (without its tag, with a registry, a short ID).
      for (const name of names) if (names.length === 1 || local.tags.includes(name)) found.set(name, local);
    }
    return found;
  }

  /** One image that has to exist. @throws Error when it does not. */
  async expect(name: string): Promise<LocalImage> {
    const image = (await this.inspect([name])).get(name);
    if (image === undefined) throw new Error(`the engine has no image ${name}, although it was just made`);
    return image;
  }

  /** Gives a name to an image; the one that had it before is removed unless something still stands on it. */
  async rename(id: string, name: string): Promise<void> {
    const before = (await this.inspect([name])).get(name);
    await this.docker(['tag', id, name]);
    if (before === undefined || before.id === id || before.tags.length > 1) return;
    await this.docker(['image', 'rm', before.id]).catch((error: unknown) => {
      if (!(error instanceof CommandFailure)) throw error;
    });
  }

  /** Removes a container with all that belongs to it, also after an interruption. */
  async removeContainer(name: string): Promise<void> {
    await runCommand('docker', ['rm', '--force', '--volumes', name], { within: 30_000 }).catch(() => undefined);
  }

  /**
   * Builds an image without network and returns its ID. Its name is given only after it was checked.
   * @param args further arguments of `docker build`, the context last.
   */
  async build(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    this.#buildEnvironment ??= this.#findBuildEnvironment();
    const env = { ...(await this.#buildEnvironment), ...environment };
    const result = await this.docker(['build', '--quiet', '--network', 'none', ...args], { within: 300_000, env });
    const id = result.stdout.trim().split('\n').at(-1) ?? '';
    if (!/^sha256:[0-9a-f]{64}$/.test(id)) throw new Error(`docker build answered no image ID but "${id}"`);
    return id;
  }

  /** Without the buildx plugin the CLI builds only where the classic builder is selected. */
  async #findBuildEnvironment(): Promise<NodeJS.ProcessEnv> {
    try {
      await this.docker(['buildx', 'version'], { within: 10_000 });
      return process.env;
    } catch {
      return { ...process.env, DOCKER_BUILDKIT: '0' };
    }
  }
}
