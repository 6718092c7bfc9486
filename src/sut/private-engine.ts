import path from 'node:path';
import { z } from 'zod';
import type { Observation } from '../evidence/observation';
import type { Boundary } from '../spec/boundary';
import type { CommandResult } from './command';
import { type EngineStorage, storageIn } from './engine-container';
import { type HostCli, textOf } from './host-cli';

/** Image of an engine for one scenario alone; `phase9 setup` makes it. */
export const PRIVATE_ENGINE_IMAGE = 'phase9-private-engine:latest';

/** What distinguishes an image from one that was built anew. */
export interface ImageSeen {
  readonly id: string;
  readonly created: string;
  /** The command and the time of each layer. */
  readonly history: readonly string[];
}

/** How one attempt to mount ended. */
export interface MountAttempt {
  readonly exit: number;
  readonly output: string;
}

/**
 * Mounts an overlay whose upper directory lies in each of the directories; prints exit status and output of each mount.
 */
const TRY_OVERLAYS = `
for at; do
  mkdir -p $at/lower $at/upper $at/work $at/merged
  output=$(mount -t overlay overlay -o lowerdir=$at/lower,upperdir=$at/upper,workdir=$at/work $at/merged 2>&1)
  echo "$? $output" | tr '\\n' ' '
  echo
done`;

/**
 * The engine of one scenario, in a container. It is asked as its user would: by `docker`, with its address in the
 * environment.
 */
export class PrivateEngine {
  constructor(
    readonly container: string,
    readonly socket: string,
    private readonly cli: HostCli,
    /** Bound of one command, in ms. */
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

  /** How it stores images and containers, by `docker info`. */
  async storage(): Promise<Observation<EngineStorage>> {
    const format = '{"Driver":{{json .Driver}},"DriverStatus":{{json .DriverStatus}}}';
    return (await this.must(['info', '--format', format])).map(({ stdout }) => storageIn(JSON.parse(textOf(stdout))));
  }

  /** Names with tags of its images in a repository. */
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

  /** A label of an image; '' where it has none of that name, or where there is no such image. */
  async label(reference: string, name: string): Promise<Observation<string>> {
    const format = `{{index .Config.Labels "${name}"}}`;
    const answer = await this.ask(['image', 'inspect', '--format', format, reference]);
    return answer.map(({ exit, stdout }) => (exit === 0 ? textOf(stdout).trim() : ''));
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

  /** The name of the image that a container was made from; null where there is no such container. */
  async imageOfContainer(name: string): Promise<Observation<string | null>> {
    const answer = await this.ask(['container', 'inspect', '--format', '{{.Config.Image}}', name], 'sandbox');
    return answer.map(({ exit, stdout }) => (exit === 0 ? textOf(stdout).trim() : null));
  }

  /**
   * Tries to mount overlays in a container of `image` that may mount: in the directory `data`, and, for comparison, on
   * a volume.
   */
  async tryOverlays(
    image: string,
    data: string,
  ): Promise<Observation<{ readonly onData: MountAttempt; readonly onVolume: MountAttempt }>> {
    const rights = ['--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined', '--network', 'none'];
    const volume = '/phase9-volume';
    const mount = ['--mount', `type=volume,dst=${volume}`, '--entrypoint', 'sh'];
    const command = [image, '-c', TRY_OVERLAYS, 'sh', path.join(data, 'phase9'), volume];
    return (await this.must(['run', '--rm', ...rights, ...mount, ...command], 'sandbox')).map((result) => {
      const [onData, onVolume] = lines(result).map((line) => {
        const [exit = '', ...output] = line.split(' ');
        return { exit: Number(exit), output: output.join(' ') };
      });
      if (!onData || !onVolume) throw new Error('the container did not report both mounts');
      return { onData, onVolume };
    });
  }

  /** The log of a container, stdout and stderr; '' where there is no such container. */
  async log(name: string): Promise<Observation<string>> {
    const answer = await this.ask(['logs', name], 'sandbox');
    return answer.map(({ exit, stdout, stderr }) => (exit === 0 ? `${textOf(stdout)}${textOf(stderr)}` : ''));
  }

  /** The command of a container, without its entry point. */
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
