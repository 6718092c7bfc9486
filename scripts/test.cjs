'use strict';
// Runs the tests part by part. All parts run even when one fails, so that one call shows everything.
//   node scripts/test.cjs [lint|types|unit|smoke|full|features|judgement|audit …]
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');

/** Node 20 takes no patterns after --test: the files are listed here. */
function testFiles(directory) {
  const at = path.join(ROOT, directory);
  if (!fs.existsSync(at)) return [];
  return fs
    .readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .map((name) => path.join(directory, name));
}

const FULL = [
  'interruption',
  'killed-restore',
  'upgrade-interruption',
  'engine-interruption',
  'in-place',
  'workflow',
].map((name) => `test/full/${name}.ts`);

/** The parts that run when none is named; `smoke` is one scenario a row, and Scenario 9.2. */
const USUAL = ['lint', 'types', 'unit', 'smoke'];

/** The run that the part `features` makes and the part `audit` audits. */
const RUN = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-full`;
const BUNDLE = path.join(process.env.PHASE9_REPORTS_DIR || 'reports', RUN);

const PARTS = {
  lint: () => ['biome', ['check', '--error-on-warnings', '.']],
  types: () => ['tsc', ['--noEmit']],
  unit: () => [
    process.execPath,
    [
      '--require',
      'ts-node/register',
      '--test',
      '--test-concurrency=2',
      ...testFiles('test'),
      ...testFiles('reference-sut/test'),
    ],
  ],
  // Slow, so only by name: whole runs on real containers, killed and interrupted.
  full: () => [process.execPath, ['--require', 'ts-node/register', '--test', ...FULL]],
  smoke: () => ['cucumber-js', ['--profile', 'ci', '--tags', '@smoke or @scenario-9.2']],
  features: () => ['cucumber-js', ['--profile', 'ci', '--tags', 'not @audit'], { PHASE9_RUN: RUN }],
  // Step 3 of Scenarios 9.1 and 9.3, on the evidence of the part before; then every row has to be evidence-complete.
  judgement: () => ['cucumber-js', ['--tags', '@audit'], { PHASE9_BUNDLE: BUNDLE }],
  audit: () => [process.execPath, ['bin/phase9', 'audit', BUNDLE]],
};

function run(name) {
  const [file, args, settings = {}] = PARTS[name]();
  const start = process.hrtime.bigint();
  process.stdout.write(`\n# ${name}\n`);
  const env = {
    // The user's own phase9.yaml must not change what a test shows; a file that PHASE9_CONFIG names may.
    PHASE9_CONFIG: os.devNull,
    ...process.env,
    ...settings,
    PATH: `${path.join(ROOT, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
  };
  const { status, signal, error } = spawnSync(file, args, { cwd: ROOT, stdio: 'inherit', env });
  if (error !== undefined) process.stderr.write(`${file} could not be started: ${error.message}\n`);
  if (['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)) process.exit(130);
  const seconds = Number((process.hrtime.bigint() - start) / 100_000_000n) / 10;
  return { name, status: status ?? 1, seconds };
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => PARTS[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`test: no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`);
  process.exit(2);
}
const results = (names.length === 0 ? USUAL : names).map(run);
process.stdout.write('\n');
for (const { name, status, seconds } of results) {
  process.stdout.write(`${status === 0 ? 'passed' : 'FAILED'}  ${name} (${seconds} s)\n`);
}
process.exit(results.every(({ status }) => status === 0) ? 0 : 1);
