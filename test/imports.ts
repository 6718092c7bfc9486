import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** One import of a file: of types or values, static, late or by `require`. */
export interface Import {
  readonly from: string;
  /** A file of the repository, or the name of a package or of a module of Node. */
  readonly to: string;
}

/** Sources by path, relative to the repository. */
export type Sources = ReadonlyMap<string, string>;

/** All TypeScript and JavaScript below `directories` of the repository at `root`. */
export function sourcesBelow(root: string, ...directories: readonly string[]): Sources {
  return new Map(
    directories.flatMap((directory) =>
      readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.[cm]?[jt]s$/.test(name) && !/(^|\/)(node_modules|dist|dist-releases)\//.test(name))
        .sort()
        .map((name) => path.join(directory, name))
        .map((file) => [file, readFileSync(path.join(root, file), 'utf8')] as const),
    ),
  );
}

/** Every import in `sources`, as the compiler reads them. */
export function importsOf(sources: Sources): Import[] {
  return [...sources].flatMap(([from, text]) =>
    ts
      .preProcessFile(text, true, true)
      .importedFiles.map(({ fileName }) => ({ from, to: target(from, fileName, sources) })),
  );
}

function target(from: string, named: string, sources: Sources): string {
  if (!named.startsWith('.')) return named;
  const bare = path.join(path.dirname(from), named);
  const candidates = [bare, ...['.ts', '.cts', '.js', '.cjs', '.d.cts', '/index.ts'].map((ending) => bare + ending)];
  return candidates.find((one) => sources.has(one)) ?? bare;
}

/** Groups of files that import each other in a circle; a file that imports itself is one, too. */
export function circlesIn(imports: readonly Import[]): string[][] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of imports) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  const reach = (start: string): Set<string> => {
    const seen = new Set<string>();
    const next = [...(targets.get(start) ?? [])];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      next.push(...(targets.get(at) ?? []));
    }
    return seen;
  };
  const reached = new Map([...targets.keys()].map((file) => [file, reach(file)] as const));
  const circles = new Map<string, string[]>();
  for (const [file, seen] of reached) {
    if (!seen.has(file)) continue;
    const circle = [file, ...[...seen].filter((other) => other !== file && reached.get(other)?.has(file))].sort();
    circles.set(circle.join(), circle);
  }
  return [...circles.values()];
}
