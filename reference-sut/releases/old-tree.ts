import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../bundle.cjs';
import { CURRENT, OLD_VERSION, PACKAGE } from './places';

/** A difference of the old release's tree from the current one; everything else is the same. */
interface Difference {
  readonly file: string;
  readonly is: RegExp;
  readonly was: string;
}

const differences: readonly Difference[] = [
  { file: 'package.json', is: /("version": )"[^"]*"/, was: `$1"${OLD_VERSION.nemoclaw}"` },
  { file: 'nemoclaw-blueprint/blueprint.yaml', is: /^version: .*$/m, was: `version: "${OLD_VERSION.nemoclaw}"` },
  {
    file: 'nemoclaw-blueprint/blueprint.yaml',
    is: /^(min_openclaw_version:) .*$/m,
    was: '$1 "2026.4.1"',
  },
  {
    file: 'nemoclaw-blueprint/blueprint.yaml',
    is: /^(min_openshell_version:) .*$/m,
    was: `$1 "${OLD_VERSION.openshell}"`,
  },
  {
    file: 'nemoclaw-blueprint/blueprint.yaml',
    is: /^(max_openshell_version:) .*$/m,
    was: `$1 "${OLD_VERSION.openshell}"`,
  },
  { file: 'agents/openclaw/manifest.yaml', is: /^(expected_version:) .*$/m, was: '$1 "2026.4.24"' },
  { file: 'Dockerfile.base', is: /^(ARG OPENCLAW_VERSION)=.*$/m, was: '$1=2026.4.24' },
  { file: 'scripts/bake-openclaw-config.py', is: /https:\/\/inference\.local/, was: 'http://inference.local' },
];

/** Lays the old release's tree out in `directory`. @throws when a file no longer has the text to replace. */
export function layOutOldTree(directory: string): void {
  cpSync(CURRENT.nemoclaw, directory, { recursive: true });
  for (const { file, is, was } of differences) {
    const at = join(directory, file);
    const text = readFileSync(at, 'utf8');
    if (!is.test(text)) throw new Error(`${file} of the current tree holds no ${is}: adapt ${__filename}`);
    writeFileSync(at, text.replace(is, was));
  }
  cpSync(join(__dirname, `v${OLD_VERSION.nemoclaw}`), directory, { recursive: true });
  bundle({
    from: join(PACKAGE, 'src/nemoclaw/main.ts'),
    to: join(directory, 'bin/nemoclaw'),
    define: {
      NEMOCLAW_VERSION: OLD_VERSION.nemoclaw,
      OPENSHELL_VERSION: OLD_VERSION.openshell,
      GATEWAY_KIND: 'container',
    },
  });
}
