import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { inRepository, REPOSITORY } from '../../repository';
import type { Mutant } from '../../spec/mutants';
import { mutated } from './found';

/** Whether a mutant compiles: as TypeScript by its types, as shell and Python by their own parsers. */
export type Validity = (mutant: Mutant) => boolean;

/** Makes a check of mutants that reads the sources once. */
export function validity(): Validity {
  const typeScript = typeScriptValidity();
  return (mutant) => {
    const text = mutated(readFileSync(inRepository(mutant.file), 'utf8'), [mutant]);
    if (mutant.file.endsWith('.ts')) return typeScript(mutant.file, text);
    const [program, ...args] = mutant.file.endsWith('.py')
      ? ['python3', '-c', 'import ast, sys; ast.parse(sys.stdin.read())']
      : ['bash', '-n'];
    return spawnSync(program ?? '', args, { input: text }).status === 0;
  };
}

/** Whether a text in place of a file has no error of syntax or types. */
function typeScriptValidity(): (file: string, text: string) => boolean {
  const config = ts.getParsedCommandLineOfConfigFile(
    inRepository('tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: () => undefined,
    },
  );
  if (!config) throw new Error('tsconfig.json cannot be read');
  const changed = new Map<string, { readonly version: number; readonly text: string }>();
  let version = 1;
  const service = ts.createLanguageService({
    getCompilationSettings: () => config.options,
    getScriptFileNames: () => config.fileNames.filter((name) => name.includes('/reference-sut/')),
    getScriptVersion: (name) => String(changed.get(name)?.version ?? 0),
    getScriptSnapshot: (name) => {
      const text = changed.get(name)?.text ?? ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => REPOSITORY,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  return (file, text) => {
    const name = path.join(REPOSITORY, file);
    const original = ts.sys.readFile(name) ?? '';
    version += 1;
    changed.set(name, { version, text });
    const errors = [...service.getSyntacticDiagnostics(name), ...service.getSemanticDiagnostics(name)];
    version += 1;
    changed.set(name, { version, text: original });
    // A mutant may leave a variable unused: that is no fault of its types.
    return errors.every(({ code }) => UNUSED.has(code));
  };
}

/** TypeScript's codes for what is declared and never read, and for code that is never reached. */
const UNUSED = new Set([6133, 6192, 6196, 6198, 7027]);
