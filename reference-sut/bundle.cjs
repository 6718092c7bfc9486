'use strict';
// One program of the reference SUT as one CommonJS file that Node runs.
const fs = require('node:fs');
const esbuild = require('esbuild');

/**
 * @param {{ from: string, to: string, define: Record<string, string> }} program `define` holds strings, by name
 */
function bundle({ from, to, define }) {
  esbuild.buildSync({
    entryPoints: [from],
    outfile: to,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
    define: Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
    // Node compiles the whole file at each start: white space and comments cost a call some 10 ms.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  fs.chmodSync(to, 0o755);
}

module.exports = { bundle };
