import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A plugin as OpenClaw's installer accepts it. */
export interface PluginSource {
  readonly id: string;
  readonly version: string;
  /** Number of packages in its node_modules, and of files in each of them. */
  readonly dependencies: number;
  readonly filesEach: number;
  /** Size of one more file, in bytes. */
  readonly padding?: number;
  /** A file of it that is left out, so that it is no plugin. */
  readonly without?: string;
}

/** One page of memory, which a file on a file system in memory occupies at least. */
const FILE_BYTES = 4096;

/** Every file of the plugin by its path. Versions share most paths, and no file's bytes. */
function filesOf({ id, version, dependencies, filesEach }: PluginSource): Map<string, string> {
  const names = Array.from({ length: dependencies }, (_, index) => `part-${index}`);
  const files = new Map([
    [
      'package.json',
      json({
        name: id,
        version,
        type: 'module',
        main: 'dist/index.js',
        dependencies: Object.fromEntries(names.map((name) => [name, version])),
        openclaw: { extensions: ['./dist/index.js'] },
      }),
    ],
    ['openclaw.plugin.json', json({ id, name: id, version, configSchema: { type: 'object', properties: {} } })],
    ['dist/index.js', `export default { id: '${id}', name: '${id}', version: '${version}', register() {} };\n`],
  ]);
  for (const name of names) {
    files.set(`node_modules/${name}/package.json`, json({ name, version, main: 'index.js' }));
    files.set(`node_modules/${name}/index.js`, `module.exports = '${name} ${version}';\n`);
    for (let index = 0; index < filesEach; index += 1) {
      const text = `// ${id} ${version}, ${name}, ${index}\n`;
      files.set(`node_modules/${name}/lib/${index}.js`, text.padEnd(FILE_BYTES, '/'));
    }
  }
  return files;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Writes the plugin into `directory`: manifest, built entry and dependencies, one of them with a command and a link to
 * it.
 */
export function writePlugin(directory: string, source: PluginSource): void {
  for (const [name, text] of filesOf(source)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const modules = path.join(directory, 'node_modules');
  const command = `#!/usr/bin/env node\n// ${source.id} ${source.version}\n`;
  writeFileSync(path.join(modules, 'part-0/command.js'), command, { mode: 0o755 });
  mkdirSync(path.join(modules, '.bin'));
  symlinkSync('../part-0/command.js', path.join(modules, '.bin/part-0'));
  if (source.padding !== undefined) writeFileSync(path.join(modules, 'part-0/padding'), Buffer.alloc(source.padding));
  if (source.without !== undefined) rmSync(path.join(directory, source.without));
}
