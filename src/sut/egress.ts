import { readFileSync } from 'node:fs';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { textOf } from './host-cli';
import type { Sandbox } from './sandbox';

/** A program inside a sandbox that can ask the proxy for a tunnel, and how it does. */
interface Requester {
  readonly program: string;
  readonly argv: (target: string) => readonly string[];
  /** Given to it on standard input. */
  readonly input?: string;
}

const script = (name: string) => readFileSync(inRepository(`fixtures/egress/${name}`), 'utf8');

/** What makes a request, in the order of preference. A preset names the programs that it opens its hosts to. */
const REQUESTERS: readonly Requester[] = [
  {
    program: 'curl',
    argv: (target) => [
      'curl',
      '-sS',
      '-o',
      '/dev/null',
      '--max-time',
      '10',
      '-w',
      '%{http_connect}',
      `https://${target}/`,
    ],
  },
  { program: 'node', argv: (target) => ['node', '-', target], input: script('connect.cjs') },
  { program: 'python3', argv: (target) => ['python3', '-', target], input: script('connect.py') },
];

/** Whether `path` is one of `patterns`, in which `*` stands for anything within a directory and `**` for anything at all. */
export function isNamedBy(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern
      .split(/(\*\*\/?|\*)/)
      .map((part) => {
        if (part.startsWith('**')) return '.*';
        return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
      })
      .join('');
    return new RegExp(`^${source}$`).test(path);
  });
}

/** Of policies, what they open of `hosts`; all of it where the user names none. */
export function openTo<P extends { readonly endpoints: readonly { readonly host: string }[] }>(
  policies: readonly P[],
  hosts: readonly string[],
): P[] {
  return policies
    .map((one) => ({
      ...one,
      endpoints: one.endpoints.filter(({ host }) => hosts.length === 0 || hosts.includes(host)),
    }))
    .filter(({ endpoints }) => endpoints.length > 0);
}

/** What asks from inside a sandbox for the way out. */
export class Egress {
  constructor(private readonly sandbox: Sandbox) {}

  /** Paths, links followed, of the requesters that the sandbox has. */
  async #installed(): Promise<ReadonlyMap<string, string>> {
    const find = 'for one; do at=$(command -v "$one") && printf "%s %s\\n" "$one" "$(readlink -f "$at")"; done; true';
    const call = await this.sandbox.exec(['sh', '-c', find, 'sh', ...REQUESTERS.map(({ program }) => program)]);
    const lines = textOf(call.peek().stdout).split('\n').filter(Boolean);
    return new Map(lines.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
  }

  /**
   * The program of the sandbox to which one of `openings` is open; an opening without binaries is open to any.
   * @returns the first such opening with its program, or undefined
   */
  async usable<O extends { readonly binaries: readonly { readonly path: string }[] }>(
    openings: readonly O[],
  ): Promise<{ readonly opening: O; readonly program: string } | undefined> {
    const installed = await this.#installed();
    for (const opening of openings) {
      const patterns = opening.binaries.map(({ path }) => path);
      const found = REQUESTERS.find(({ program }) => {
        const at = installed.get(program);
        return at !== undefined && (patterns.length === 0 || isNamedBy(at, patterns));
      });
      if (found) return { opening, program: found.program };
    }
    return undefined;
  }

  /** The status with which the proxy answers the CONNECT of `program` for `target` (`host:port`), or why there is none. */
  async connect(program: string, target: string): Promise<Observation<string>> {
    const requester = REQUESTERS.find((one) => one.program === program);
    if (!requester)
      throw new Error(`${program} makes no request; there are: ${REQUESTERS.map((one) => one.program).join(', ')}`);
    const call = await this.sandbox.exec(requester.argv(target), requester.input);
    return call.map(({ stdout }) => textOf(stdout).trim());
  }
}
