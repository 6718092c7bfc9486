import path from 'node:path';
import { z } from 'zod';
import type { Observation } from '../evidence/observation';
import type { Boundary } from '../spec/boundary';
import type { CommandResult } from './command';
import { type EngineStorage, storageIn } from './engine-container';
import { type HostCli, textOf } from './host-cli';

/** Image of an engine that a scenario may have for itself; `phase9 setup` makes it. */
export const PRIVATE_ENGINE_IMAGE = 'phase9-private-engine:latest';

/** An image of the engine, as it can be told from one that was built anew. */
export interface ImageSeen {
  readonly id: string;
  readonly created: string;
  /** What made it, layer by layer, with the time of each. */
  readonly history: readonly string[];
}

/** What became of one mount. */
export interface MountTried {
  readonly exit: number;
  readonly said: string;
}

/** Mounts an overlay whose upper directory lies in each of the directories; says how each went. */
const TRY_OVERLAYS = `
for at; do
  mkdir -p $at/lower $at/upper $at/work $at/merged
  said=$(mount -t overlay overlay -o lowerdir=$at/lower,upperdir=$at/upper,workdir=$at/work $at/merged 2>&1)
  echo "$? $said" | tr '\\n' ' '
  echo
done`;

/** An engine of the scenario's own, in a container; asked as its user does, by `docker` with its address in the environment. */
export class PrivateEngine {
  constructor(
    readonly container: string,
    readonly socket: string,
    private readonly cli: HostCli,
    /** Bound of a question, in ms. */
    private readonly within: number,
  ) {}

  /** Value of DOCKER_HOST. */
  get address(): string {
    return `unix://${this.socket}`;
  }

  ask(args: readonly string[], boundary: Boundary = 'host-cli'): Promise<Observation<CommandResult>> {
    const env = { DOCKER_HOST: this.address };
    return this.cli.run(['docker', ...args], { within: this.within, env, boundary });
  }

  async must(args: readonly string[], boundary: Boundary = 'host-cli'): Promise<Observation<CommandResult>> {
    return this.cli.must(this.ask(args, boundary));
  }

  /** How it stores images and containers. */
  async storage(): Promise<Observation<EngineStorage>> {
    const format = '{"Driver":{{json .Driver}},"DriverStatus":{{json .DriverStatus}}}';
    return (await this.must(['info', '--format', format])).map(({ stdout }) => storageIn(JSON.parse(textOf(stdout))));
  }

  /** Tags of its images in a repository. */
  async tagsOf(repository: string): Promise<Observation<readonly string[]>> {
    return (await this.must(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', repository])).map(lines);
  }

  async image(reference: string): Promise<Observation<Omit<ImageSeen, 'history'>>> {
    const format = '{{.Id}} {{.Created}}';
    return (await this.must(['image', 'inspect', '--format', format, reference])).map(({ stdout }) => {
      const [id = '', created = ''] = textOf(stdout).trim().split(' ');
      return { id, created };
    });
  }

  async history(reference: string): Promise<Observation<readonly string[]>> {
    const format = '{{.ID}} {{.CreatedAt}} {{.CreatedBy}}';
    return (await this.must(['image', 'history', '--no-trunc', '--format', format, reference])).map(lines);
  }

  /** The image events from `since` to now (UTC, ISO 8601), each as `<action> <image>`. */
  async imageEvents(since: string): Promise<Observation<readonly string[]>> {
    const until = new Date().toISOString();
    const format = '{{.Action}} {{index .Actor.Attributes "name"}}';
    const args = ['events', '--since', since, '--until', until, '--filter', 'type=image', '--format', format];
    return (await this.must(args)).map(lines);
  }

  /** The image that a container was made from, by the name that was given for it; null where there is no such container. */
  async imageOfContainer(name: string): Promise<Observation<string | null>> {
    const answer = await this.ask(['container', 'inspect', '--format', '{{.Config.Image}}', name], 'sandbox');
    return answer.map(({ exit, stdout }) => (exit === 0 ? textOf(stdout).trim() : null));
  }

  /** Tries overlays inside a container of an image, with the right to mount: in `data`, and, for comparison, on a volume. */
  async tryOverlays(
    image: string,
    data: string,
  ): Promise<Observation<{ readonly onData: MountTried; readonly onVolume: MountTried }>> {
    const rights = ['--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined', '--network', 'none'];
    const volume = '/phase9-volume';
    const mount = ['--mount', `type=volume,dst=${volume}`, '--entrypoint', 'sh'];
    const command = [image, '-c', TRY_OVERLAYS, 'sh', path.join(data, 'phase9'), volume];
    return (await this.must(['run', '--rm', ...rights, ...mount, ...command], 'sandbox')).map((result) => {
      const [onData, onVolume] = lines(result).map((line) => {
        const [exit = '', ...said] = line.split(' ');
        return { exit: Number(exit), said: said.join(' ') };
      });
      if (!onData || !onVolume) throw new Error('the container did not tell of both mounts');
      return { onData, onVolume };
    });
  }

  /** What a container wrote, stdout and stderr; '' where there is no such container. */
  async log(name: string): Promise<Observation<string>> {
    const answer = await this.ask(['logs', name], 'sandbox');
    return answer.map(({ exit, stdout, stderr }) => (exit === 0 ? `${textOf(stdout)}${textOf(stderr)}` : ''));
  }

  /** The command of a container, behind its entry point. */
  async commandOf(name: string): Promise<Observation<readonly string[]>> {
    const answer = await this.must(['container', 'inspect', '--format', '{{json .Config.Cmd}}', name], 'sandbox');
    return answer.map(({ stdout }) => z.array(z.string()).parse(JSON.parse(textOf(stdout))));
  }

  /** Types of the filesystems that a process in the container sees mounted. */
  async mountsIn(name: string): Promise<Observation<readonly string[]>> {
    const answer = await this.must(['exec', name, 'cat', '/proc/mounts'], 'sandbox');
    return answer.map((result) => lines(result).map((line) => line.split(' ')[2] ?? ''));
  }
}

function lines({ stdout }: CommandResult): string[] {
  return textOf(stdout)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
