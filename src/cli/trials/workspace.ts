import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository, REPOSITORY } from '../../repository';

/** What a copy does without: packages are linked, and the rest belongs to this checkout's own runs. */
const LEFT = new Set(['.git', 'reports', 'artifacts', 'audit-report']);
const MODULES = ['node_modules', 'reference-sut/node_modules'];

/** A copy of the repository that may be changed, with a state directory of its own. */
export class Workspace {
  private readonly originals = new Map<string, string>();

  private constructor(
    readonly root: string,
    readonly state: string,
  ) {}

  /** Copies the repository to `directory`/copy, anew. Journals of an earlier copy stay: the next run there restores them. */
  static make(directory: string): Workspace {
    const root = path.join(directory, 'copy');
    rmSync(root, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    cpSync(REPOSITORY, root, {
      recursive: true,
      filter: (from) => !LEFT.has(path.relative(REPOSITORY, from)) && path.basename(from) !== 'node_modules',
    });
    for (const modules of MODULES.filter((one) => existsSync(inRepository(one)))) {
      symlinkSync(inRepository(modules), path.join(root, modules));
    }
    return new Workspace(root, path.join(directory, 'state'));
  }

  /** Changes the text of a file. @param file its path from the root of the repository */
  edit(file: string, change: (text: string) => string): void {
    const at = path.join(this.root, file);
    const text = readFileSync(at, 'utf8');
    if (!this.originals.has(at)) this.originals.set(at, text);
    writeFileSync(at, change(text));
  }

  /** Takes every change back. */
  heal(): void {
    for (const [file, text] of this.originals) writeFileSync(file, text);
    this.originals.clear();
  }
}
