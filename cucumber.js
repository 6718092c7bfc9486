'use strict';
// Read by cucumber-js in its coordinator. Profiles: default (the embedded reference SUT), live (a real NemoClaw), ci.
require('ts-node/register');
const path = require('node:path');
const { runContext } = require('./src/run-context.ts');

const { reports } = runContext();
const into = (name) => path.relative(process.cwd(), path.join(reports, name));

const common = (profile) => ({
  requireModule: ['ts-node/register'],
  require: ['src/world/hooks.ts', 'src/steps/**/*.ts'],
  plugin: ['./src/evidence/plugin.cjs'],
  pluginOptions: { phase9: { profile } },
  worldParameters: { profile },
  format: [
    'summary',
    ['junit', into('junit.xml')],
    ['html', into('report.html')],
    ['message', into('messages.ndjson')],
  ],
  strict: true,
});

const chosen = process.env.PHASE9_PROFILE || 'reference';

module.exports = {
  default: common(chosen),
  reference: common('reference'),
  live: { ...common('live'), parallel: 0 },
  ci: { ...common(chosen), parallel: 2 },
};
