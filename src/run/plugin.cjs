'use strict';
// Cucumber imports plugins as ECMAScript modules, before it loads ts-node for the step definitions.
require('ts-node/register');
module.exports = require('./coordinator.ts').default;
