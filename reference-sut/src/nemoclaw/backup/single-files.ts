import * as z from 'zod';
import type { AgentManifest } from '../agent-manifest';
import { CommandFailure } from '../failure';
import { execIn, lastWords } from '../openshell';

/** Prints those of the files asked for that exist, as JSON; a database goes through SQLite's own backup. */
const READ = `
import base64, json, os, sqlite3, sys, tempfile
found = {}
for path, strategy in data:
    if not os.path.isfile(path):
        continue
    mode = os.stat(path).st_mode & 0o7777
    if strategy == "sqlite_backup":
        with tempfile.TemporaryDirectory() as directory:
            copy = os.path.join(directory, "copy.db")
            source = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
            target = sqlite3.connect(copy)
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            target.close()
            source.close()
            content = open(copy, "rb").read()
    else:
        content = open(path, "rb").read()
    found[path] = {"mode": mode, "content": base64.b64encode(content).decode()}
json.dump(found, sys.stdout)
`;

/** Writes each file beside its target and renames it; a database's journal files are removed, because they belong to the old one. */
const WRITE = `
import base64, os
for path, mode, strategy, content in data:
    path = os.path.realpath(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    part = path + ".nemoclaw-restore"
    with open(part, "wb") as out:
        out.write(base64.b64decode(content))
        os.fchmod(out.fileno(), mode)
    if strategy == "sqlite_backup":
        for end in ("-wal", "-shm", "-journal"):
            if os.path.lexists(path + end):
                os.remove(path + end)
    os.replace(part, path)
`;

/** Runs a program on data, both from standard input: OpenShell takes no argument with a line break. */
const RUN = 'import json, sys; program, data = json.load(sys.stdin); exec(program, {"data": data})';

const FoundSchema = z.record(z.string(), z.object({ mode: z.number(), content: z.string() }));

export type FileStrategy = AgentManifest['state_files'][number]['strategy'];

export interface SandboxFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: number;
  readonly strategy?: FileStrategy;
}

/** Reads files of a sandbox in one call, by path; those that do not exist are missing in the result. */
export async function readSandboxFiles(
  sandbox: string,
  wanted: readonly { readonly path: string; readonly strategy?: FileStrategy }[],
): Promise<Map<string, SandboxFile>> {
  if (wanted.length === 0) return new Map();
  const data = wanted.map(({ path, strategy }) => [path, strategy ?? 'copy']);
  const result = await execIn(sandbox, ['python3', '-c', RUN], { input: JSON.stringify([READ, data]) });
  if (result.status !== 0) {
    const paths = wanted.map(({ path }) => path).join(', ');
    throw new CommandFailure(`${paths} could not be read in '${sandbox}': ${lastWords(result)}`);
  }
  const found = Object.entries(FoundSchema.parse(JSON.parse(result.stdout)));
  return new Map(
    found.map(([path, { mode, content }]) => [path, { path, mode, bytes: Buffer.from(content, 'base64') }]),
  );
}

/** Writes files of a sandbox in one call, each whole or not at all. @throws CommandFailure when one can't be written. */
export async function writeSandboxFiles(sandbox: string, files: readonly SandboxFile[]): Promise<void> {
  if (files.length === 0) return;
  const data = files.map(({ path, mode, strategy, bytes }) => [
    path,
    mode,
    strategy ?? 'copy',
    bytes.toString('base64'),
  ]);
  const result = await execIn(sandbox, ['python3', '-c', RUN], { input: JSON.stringify([WRITE, data]) });
  if (result.status !== 0) {
    const paths = files.map(({ path }) => path).join(', ');
    throw new CommandFailure(`${paths} could not be written in '${sandbox}': ${lastWords(result)}`);
  }
}
