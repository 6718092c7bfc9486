'use strict';
// Compiles the reference SUT: each program becomes one CommonJS file, and the static source tree is laid out beside
// the `nemoclaw` program, so that a run can install the whole by copying dist/.
const fs = require('node:fs');
const path = require('node:path');
const { bundle } = require('./bundle.cjs');

const root = __dirname;
const dist = path.join(root, 'dist');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const OPENSHELL_VERSION = '0.0.44';

/** @type {{ from: string, to: string }[]} */
const programs = [
  { from: 'src/nemoclaw/main.ts', to: 'nemoclaw/bin/nemoclaw' },
  { from: 'src/openshell/main.ts', to: 'openshell/openshell' },
  { from: 'src/gateway/main.ts', to: 'openshell/openshell-gateway' },
  { from: 'src/sandbox/main.ts', to: 'openshell/openshell-sandbox' },
];

const missing = programs.filter((program) => !fs.existsSync(path.join(root, program.from)));
if (missing.length > 0) {
  console.error(`build: no source for ${missing.map((program) => program.from).join(', ')}`);
  process.exitCode = 1;
}

// A fresh directory beside dist/, renamed at the end: a reader never sees half a build.
const next = fs.mkdtempSync(path.join(root, '.dist-'));
try {
  fs.cpSync(path.join(root, 'tree'), path.join(next, 'nemoclaw'), { recursive: true });
  const { name, version, license, engines } = manifest;
  fs.writeFileSync(
    path.join(next, 'nemoclaw', 'package.json'),
    `${JSON.stringify({ name, version, license, private: true, engines, bin: { nemoclaw: 'bin/nemoclaw' } }, null, 2)}\n`,
  );
  for (const program of programs) {
    if (missing.includes(program)) continue;
    bundle({
      from: path.join(root, program.from),
      to: path.join(next, program.to),
      define: { NEMOCLAW_VERSION: version, OPENSHELL_VERSION, GATEWAY_KIND: 'host' },
    });
  }
  fs.chmodSync(next, 0o755);
  fs.rmSync(dist, { recursive: true, force: true });
  fs.renameSync(next, dist);
} finally {
  fs.rmSync(next, { recursive: true, force: true });
}
