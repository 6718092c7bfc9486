'use strict';
// cucumber-js reads this file in its coordinator. Profiles: default (the embedded reference SUT), live (a real NemoClaw), ci.
require('ts-node/register');
const path = require('node:path');
const { runContext } = require('./src/run-context.ts');
const { readSettings } = require('./src/settings.ts');

/** Bad input: one message, before anything is staged. */
function refuse(message) {
  process.stderr.write(`phase9: ${message}\n`);
  process.exit(2);
}

function reportsOrRefuse() {
  try {
    return runContext().reports;
  } catch (error) {
    return refuse(error.message);
  }
}

const reports = reportsOrRefuse();
const into = (name) => path.relative(process.cwd(), path.join(reports, name));

// A dry run is not evidence: it writes no files.
const dryRun = process.argv.some((argument) => argument === '--dry-run' || argument === '-d');
const files = [
  ['junit', into('junit.xml')],
  ['html', into('report.html')],
  ['message', into('messages.ndjson')],
];

const common = (profile) => ({
  requireModule: ['ts-node/register'],
  require: ['src/world/hooks.ts', 'src/steps/**/*.ts'],
  plugin: ['./src/run/plugin.cjs'],
  pluginOptions: { phase9: { profile } },
  worldParameters: { profile },
  format: dryRun ? ['summary'] : ['summary', ...files],
  strict: true,
});

const chosen = readSettings().profile;

const profiles = {
  default: common(chosen),
  reference: common('reference'),
  live: { ...common('live'), parallel: 0 },
  ci: { ...common(chosen), parallel: 2 },
};

// Cucumber itself reports an unknown profile with a stack.
for (const [index, argument] of process.argv.entries()) {
  const named = /^(?:-p|--profile)(?:=(.*))?$/.exec(argument);
  const name = named && (named[1] ?? process.argv[index + 1]);
  if (name && !Object.hasOwn(profiles, name)) {
    refuse(`unknown profile "${name}"; there are: ${Object.keys(profiles).join(', ')}`);
  }
}

module.exports = profiles;
