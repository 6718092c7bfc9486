import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import { sha256 } from '../sha256';
import { knownReleases } from '../sut/releases/choose';

const templates = inRepository('fixtures/openshell-installer/release');

/** A system and processor that releases are made for, as `uname` names them. */
export interface Platform {
  readonly system: 'Linux' | 'Darwin';
  readonly processor: 'x86_64' | 'arm64';
}

export const LINUX: Platform = { system: 'Linux', processor: 'x86_64' };
/** A Mac with Apple silicon. */
export const MAC: Platform = { system: 'Darwin', processor: 'arm64' };

/** One archive of a release, the program in it, and the file with its checksum. */
export interface Archive {
  readonly program: string;
  readonly asset: string;
  readonly checksums: string;
}

/** The driver for virtual machines, which is published for macOS and which no installation needs. */
export const VM_DRIVER = 'openshell-driver-vm';

function archive(program: string, target: string): Archive {
  return { program, asset: `${program}-${target}.tar.gz`, checksums: `${program}-checksums-sha256.txt` };
}

/** The archives that a machine of this platform needs (contract, “Installers”). */
export function neededArchives({ system }: Platform): readonly Archive[] {
  if (system === 'Darwin') {
    return ['openshell', 'openshell-gateway'].map((program) => archive(program, 'aarch64-apple-darwin'));
  }
  return [
    archive('openshell', 'x86_64-unknown-linux-musl'),
    archive('openshell-gateway', 'x86_64-unknown-linux-gnu'),
    archive('openshell-sandbox', 'x86_64-unknown-linux-gnu'),
  ];
}

/** The programs of a complete installation on this platform, `openshell` first. */
export function neededPrograms(platform: Platform): readonly string[] {
  return neededArchives(platform).map(({ program }) => program);
}

/** The programs that `openshell` needs beside it on this platform. */
export function helpersOf(platform: Platform): readonly string[] {
  return neededPrograms(platform).filter((program) => program !== 'openshell');
}

/** Every archive that a release publishes for the platform. */
function publishedArchives(platform: Platform): readonly Archive[] {
  const needed = neededArchives(platform);
  return platform.system === 'Darwin' ? [...needed, archive(VM_DRIVER, 'aarch64-apple-darwin')] : needed;
}

/** The texts by which the installers of all known releases recognise a program that supports what NemoClaw needs. */
const markers = [...new Set(knownReleases.flatMap(({ openshellInstaller }) => openshellInstaller.markers))].join(' ');

/** The text of a program as the release of `version` contains it. */
export function programText(program: string, version: string): string {
  const template = path.join(templates, program === 'openshell' ? 'openshell' : 'helper');
  const values = { '{name}': program, '{version}': version, '{markers}': markers };
  return Object.entries(values).reduce(
    (text, [key, value]) => text.replaceAll(key, value),
    readFileSync(template, 'utf8'),
  );
}

/** The tag under which a version is released. */
export function tagOf(version: string): string {
  return `v${version}`;
}

/** The digest that an installer pins for the genuine archive of that name in that release; undefined where it pins none. */
export function pinnedDigest(script: string, version: string, asset: string): string | undefined {
  const name = `${tagOf(version)}:${asset}`.replaceAll('.', '\\.');
  return new RegExp(`^\\s*${name}\\)[^)]*?\\b([0-9a-f]{64})\\b`, 'm').exec(script)?.[1];
}

/** Where the staged `sha256sum` of a machine reads which digest stands for which. */
export interface Digests {
  /** The installer, in which pinned digests are looked up. */
  readonly script: string;
  readonly file: string;
}

/** What one release publishes for one archive. */
export interface PublishedArchive {
  readonly archive: Archive;
  readonly version: string;
  /** Paths of the archive and of the file with its checksum. */
  readonly file: string;
  readonly checksums: string;
  /** The line of the checksum file, with its line break; and those for the other archives that the machine needs. */
  readonly line: string;
  readonly otherLines: string;
  /** Publishes other bytes as the archive, together with a checksum that matches them. */
  replaceBy(bytes: Buffer): void;
}

/**
 * The releases that a staged host offers: real archives in a directory for each tag. Their checksums are the real ones, or those
 * that the installer pins for the genuine archives.
 */
export class OpenshellReleases {
  readonly #versions: string[] = [];

  constructor(
    readonly directory: string,
    readonly platform: Platform,
    private readonly digests: Digests,
  ) {}

  /** Publishes `version`; the last one published is the newest. */
  publish(version: string): void {
    const release = path.join(this.directory, tagOf(version));
    mkdirSync(release, { recursive: true });
    for (const one of publishedArchives(this.platform)) {
      this.#pack(path.join(release, one.asset), one.program, programText(one.program, version));
      writeFileSync(path.join(release, one.checksums), `${this.#checksumOf(version, one.asset)}  ${one.asset}\n`);
    }
    writeFileSync(path.join(release, 'published'), '');
    this.#versions.push(version);
    writeFileSync(path.join(this.directory, 'newest'), `${tagOf(version)}\n`);
  }

  /**
   * Runs `during` while the archive contains, in every release, a program that works but does not match the checksum; then
   * restores the right ones.
   */
  async tamperedWith<T>({ asset, program }: Archive, during: () => Promise<T>): Promise<T> {
    const right = new Map<string, Buffer>();
    try {
      for (const version of this.#versions) {
        const file = path.join(this.directory, tagOf(version), asset);
        right.set(file, readFileSync(file));
        this.#pack(file, program, `${programText(program, version)}# This line is not part of the release.\n`);
      }
      return await during();
    } finally {
      for (const [file, bytes] of right) writeFileSync(file, bytes);
    }
  }

  /**
   * Runs `during` while `change` has changed what every release publishes for the archive: the archive, its checksum file, or both;
   * then restores what was there.
   */
  async whileChanged<T>(
    archive: Archive,
    change: (published: PublishedArchive) => void,
    during: () => Promise<T>,
  ): Promise<T> {
    const right = new Map<string, Buffer>();
    try {
      for (const version of this.#versions) {
        const published = this.#published(archive, version);
        for (const file of [published.file, published.checksums]) right.set(file, readFileSync(file));
        change(published);
      }
      return await during();
    } finally {
      for (const [file, bytes] of right) writeFileSync(file, bytes);
    }
  }

  /** SHA-256 of an asset, for proofs. */
  digestOf(version: string, asset: string): string {
    return sha256(readFileSync(path.join(this.directory, tagOf(version), asset)));
  }

  #published(archive: Archive, version: string): PublishedArchive {
    const release = path.join(this.directory, tagOf(version));
    const [file, checksums] = [path.join(release, archive.asset), path.join(release, archive.checksums)];
    const others = neededArchives(this.platform).filter(({ asset }) => asset !== archive.asset);
    return {
      ...{ archive, version, file, checksums },
      line: readFileSync(checksums, 'utf8'),
      otherLines: others.map((one) => readFileSync(path.join(release, one.checksums), 'utf8')).join(''),
      replaceBy: (bytes) => {
        writeFileSync(file, bytes);
        writeFileSync(checksums, `${this.#checksumOf(version, archive.asset)}  ${archive.asset}\n`);
      },
    };
  }

  /** The checksum that the release publishes for an archive; where the installer pins one, that stands for the staged archive. */
  #checksumOf(version: string, asset: string): string {
    const real = this.digestOf(version, asset);
    const pinned = pinnedDigest(this.digests.script, version, asset);
    if (pinned !== undefined) appendFileSync(this.digests.file, `${real}  ${pinned}  ${asset}\n`);
    return pinned ?? real;
  }

  #pack(file: string, program: string, text: string): void {
    const scratch = mkdtempSync(path.join(this.directory, '.pack-'));
    try {
      writeFileSync(path.join(scratch, program), text, { mode: 0o755 });
      // The owner is 0, independent of the user who packs: in a user namespace an unpacked file can have no other.
      const owner = ['--owner=0', '--group=0', '--numeric-owner'];
      execFileSync('tar', ['-czf', file, ...owner, '-C', scratch, program], { stdio: 'pipe' });
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }
}
