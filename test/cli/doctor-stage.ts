import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { stringify } from 'yaml';
import { onPath } from '../../src/on-path';
import type { FileSettings } from '../../src/settings-schema';

/** Programs of this host that commands of the tests call. */
const HOST = 'node npm git sh bash tar gzip sha256sum strings mount setpriv cat sleep env curl'.split(' ');
const IMAGES = ['debian:13', 'busybox:probe', 'registry.test/nemoclaw/sandbox-base:latest'];
const DIGEST = 'a'.repeat(64);

/** A machine with a small NemoClaw, stub programs on a private PATH, a mirror of releases, and an engine that answers. */
export class DoctorStage {
  readonly root: string;
  readonly bin: string;
  readonly openshell: string;
  readonly images = new Set(IMAGES);
  readonly #settings: string;
  readonly #socket: string;
  #server: Server | undefined;

  constructor(readonly directory: string) {
    this.root = path.join(directory, 'NemoClaw');
    this.bin = path.join(directory, 'bin');
    this.openshell = path.join(directory, 'openshell-bin');
    this.#settings = path.join(directory, 'phase9.yaml');
    this.#socket = path.join(directory, 'engine.sock');
    this.#tree();
    this.#programs();
    this.#releases();
    this.settings();
  }

  /** The variables of a call; PATH has the stubs alone. */
  get environment(): Record<string, string> {
    return {
      PATH: [this.bin, this.openshell].join(path.delimiter),
      DOCKER_HOST: `unix://${this.#socket}`,
      PHASE9_CONFIG: this.#settings,
      NEMOCLAW_ROOT: this.root,
    };
  }

  /** Writes phase9.yaml: complete, but for what `live` has in its place. */
  settings(live: FileSettings['live'] = {}): void {
    const complete: FileSettings['live'] = {
      oldAgents: {
        hermes: { version: '2026.5.7', buildArguments: { HERMES_VERSION: 'v2026.5.7', HERMES_TARBALL_SHA256: DIGEST } },
      },
      releases: path.join(this.directory, 'releases'),
      environment: { NEMOCLAW_GATEWAY_PORT: '28080', NEMOCLAW_DASHBOARD_PORT: '28789' },
    };
    writeFileSync(this.#settings, stringify({ live: { ...complete, ...live } }));
  }

  write(file: string, text: string): void {
    const at = path.join(this.directory, file);
    mkdirSync(path.dirname(at), { recursive: true });
    writeFileSync(at, text);
  }

  program(file: string, script: string): void {
    this.write(file, `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(this.directory, file), 0o755);
  }

  /** Starts the engine: it has the images, and no container. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const asked = decodeURIComponent(request.url ?? '').replace(/^\/v[\d.]+/, '');
      const image = /^\/images\/(.+)\/json/.exec(asked)?.[1];
      const known = image === undefined || this.images.has(image);
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      if (image !== undefined) response.end(JSON.stringify(known ? { Id: `sha256:${DIGEST}` } : { message: 'none' }));
      else if (asked.startsWith('/version')) response.end(JSON.stringify({ Version: '28.0.0' }));
      else if (asked.startsWith('/containers/json')) response.end('[]');
      else response.end('OK');
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#socket, () => resolve()));
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #tree(): void {
    const files = {
      'package.json': '{"version":"0.0.53"}',
      'scripts/install-openshell.sh': 'PIN_VERSION=0.0.44\n',
      'nemoclaw-blueprint/blueprint.yaml': 'min_openshell_version: "0.0.44"\nmax_openshell_version: "0.0.44"\n',
      Dockerfile:
        'ARG BASE_IMAGE=registry.test/nemoclaw/sandbox-base:latest\nFROM debian:13 AS builder\nFROM $BASE_IMAGE\n',
      'Dockerfile.base': 'FROM debian:13\nARG OPENCLAW_VERSION=2026.5.22\n',
      'agents/openclaw/manifest.yaml': 'expected_version: "2026.5.22"\nbase_dockerfile: Dockerfile.base\n',
      'agents/hermes/manifest.yaml': 'expected_version: "2026.5.16"\n',
      'agents/hermes/Dockerfile':
        'ARG BASE_IMAGE=registry.test/nemoclaw/hermes-sandbox-base:latest\nFROM $BASE_IMAGE\n',
      'agents/hermes/Dockerfile.base': 'FROM debian:13\nARG HERMES_VERSION=v2026.5.16\nARG HERMES_TARBALL_SHA256=b\n',
      'src/lib/onboard/preflight.ts': 'export const DNS_PROBE_IMAGE =\n  "busybox:probe";\n',
    };
    for (const [file, text] of Object.entries(files)) this.write(path.join('NemoClaw', file), text);
    // A first start leaves something in HOME, as the product's does.
    this.program('NemoClaw/bin/nemoclaw', 'mkdir -p "$HOME/.nemoclaw"; echo nemoclaw v0.0.53');
  }

  #programs(): void {
    mkdirSync(this.bin, { recursive: true });
    for (const name of [...HOST, 'mkdir']) {
      const file = onPath(name, process.env);
      if (file !== undefined) symlinkSync(file, path.join(this.bin, name));
    }
    this.program('bin/unshare', 'exit 0');
    this.program(
      'bin/docker',
      `case "$*" in
  'version --format {{json .Server}}') echo '{"Version":"28.0.0","Os":"linux","Arch":"amd64"}' ;;
  version*) echo 28.0.0 ;;
  info*) echo '{"driver":"overlay2","cgroup":"2","cgroupDriver":"systemd","root":"/var/lib/docker"}' ;;
  'buildx version') [ ! -e "${this.directory}/no-buildx" ] && echo github.com/docker/buildx v0.20.0 ;;
  *) echo 'no such manifest' >&2; exit 1 ;;
esac`,
    );
    for (const name of ['openshell', 'openshell-gateway', 'openshell-sandbox']) {
      this.program(`openshell-bin/${name}`, `echo ${name} 0.0.44`);
    }
  }

  #releases(): void {
    const releases = path.join(this.directory, 'releases');
    for (const name of ['install.sh', 'openshell/v0.0.36/one', 'openshell/v0.0.44/one'])
      this.write(`releases/${name}`, '');
    const repository = path.join(releases, 'nemoclaw.git');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', '-c', 'init.defaultBranch=main', ...args]);
    git('init', '--quiet', '--bare', repository);
    const tree = git('--git-dir', repository, 'hash-object', '-w', '-t', 'tree', '/dev/null').toString().trim();
    const commit = git('--git-dir', repository, 'commit-tree', tree, '-m', 'one').toString().trim();
    for (const tag of ['v0.0.36', 'v0.0.53']) git('--git-dir', repository, 'tag', tag, commit);
  }
}
