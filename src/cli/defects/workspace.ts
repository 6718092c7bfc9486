import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository, REPOSITORY } from '../../repository';
import { changed, type Defect } from '../../spec/defects';

/** What a copy does without: packages are linked, and the rest belongs to this checkout's own runs. */
const LEFT = new Set(['.git', 'reports', 'artifacts', 'audit-report']);
const MODULES = ['node_modules', 'reference-sut/node_modules'];

/** A copy of the repository in which defects are made, with a state directory of its own. */
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

  /** Makes the changes of these defects, one after the other. @throws UserError where one does not fit */
  apply(defects: readonly Defect[]): void {
    for (const { name, change } of defects) {
      for (const one of change) {
        const file = path.join(this.root, one.file);
        const text = readFileSync(file, 'utf8');
        if (!this.originals.has(file)) this.originals.set(file, text);
        writeFileSync(file, changed(text, one, name));
      }
    }
  }

  /** Takes every change back. */
  heal(): void {
    for (const [file, text] of this.originals) writeFileSync(file, text);
    this.originals.clear();
  }
}
