// Audits as many records as its first argument asks for, and prints time and memory. A separate process, so that only its own memory counts.
import { audit } from '../src/audit/audit';
import { healthy, healthyRun, ROWS } from '../test/audit/healthy';

const wanted = Number(process.argv[2]);
const perRun = healthyRun(ROWS, 'one').records.length;
const runs = Array.from({ length: Math.ceil(wanted / perRun) }, (_, index) => healthyRun(ROWS, `run-${index}`));
const input = healthy(runs);
const start = performance.now();
const { complete } = audit(input);
const ms = performance.now() - start;
if (!complete) throw new Error('the audit finds complete evidence incomplete');
process.stdout.write(
  `${JSON.stringify({ records: runs.length * perRun, ms, mib: process.resourceUsage().maxRSS / 1024 })}\n`,
);
