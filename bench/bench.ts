import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { inRepository, REPOSITORY } from '../src/repository';
import { summarySchema } from '../src/run/summary';
import { newRunName } from '../src/run-context';
import { scanFiles } from '../src/secrets/scan';

/** One goal: its name, the measured value with its unit, and the greatest allowed value. */
interface Measured {
  readonly goal: string;
  readonly measured: number;
  readonly unit: 'ms' | 's' | '%' | 'of serial' | 'MiB' | 'times';
  readonly atMost: number;
}

const cucumber = inRepository('node_modules/.bin/cucumber-js');
const reports = mkdtempSync(path.join(tmpdir(), 'phase9-bench-'));

async function timed(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const start = performance.now();
  await execa(file, [...args], { cwd: REPOSITORY, env: { PHASE9_REPORTS_DIR: reports, ...env }, stdin: 'ignore' });
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function medianOf(times: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let index = 0; index < times; index += 1) values.push(await measure());
  return median(values);
}

/** Runs rows. @returns wall time in s, and the harness' share in per cent. Every assertion has to pass. */
async function rows(tags: string, ...args: string[]): Promise<{ readonly seconds: number; readonly share: number }> {
  const run = newRunName();
  const ms = await timed(cucumber, ['--tags', tags, ...args], { PHASE9_RUN: run });
  const summary = summarySchema.parse(JSON.parse(readFileSync(path.join(reports, run, 'summary.json'), 'utf8')));
  return { seconds: ms / 1000, share: summary.harnessShare * 100 };
}

/** Audits `records` five times. @returns the median time in ms, and the greatest memory of one of them in MiB */
async function auditOf(records: number): Promise<{ readonly ms: number; readonly mib: number }> {
  const measured: { ms: number; mib: number }[] = [];
  for (let index = 0; index < 5; index += 1) {
    const script = inRepository('bench/audit-of-many.ts');
    const { stdout } = await execa(process.execPath, ['--require', 'ts-node/register', script, String(records)], {
      cwd: REPOSITORY,
    });
    measured.push(JSON.parse(stdout));
  }
  return { ms: median(measured.map(({ ms }) => ms)), mib: Math.max(...measured.map(({ mib }) => mib)) };
}

async function measureAudit(report: (one: Measured) => void): Promise<void> {
  const half = await auditOf(50_000);
  const whole = await auditOf(100_000);
  report({ goal: 'audit of 100,000 records', measured: whole.ms, unit: 'ms', atMost: 3000 });
  report({ goal: 'audit of 100,000 records, memory', measured: whole.mib, unit: 'MiB', atMost: 512 });
  // Linear is 2; the rest is noise of garbage collection.
  report({ goal: 'audit of 100,000 records against 50,000', measured: whole.ms / half.ms, unit: 'times', atMost: 2.6 });
}

/** Scans 2,000 files of 4 KB like those of a run. @returns the time in ms, including the scanner's loading */
async function secretScan(): Promise<number> {
  const text = JSON.stringify(parse(readFileSync(inRepository('audit/assertions.yaml'), 'utf8')), null, 2);
  const files = Array.from({ length: 2000 }, (_, index) => path.join(reports, `scanned-${index}`));
  for (const [index, file] of files.entries()) {
    const from = (index * 997) % (text.length - 4096);
    writeFileSync(file, text.slice(from, from + 4096));
  }
  const start = performance.now();
  const found = await scanFiles(files, { base: reports });
  if (found.length > 0) throw new Error(`the ledger contains ${found[0]?.secret}`);
  return performance.now() - start;
}

async function measureAll(report: (one: Measured) => void): Promise<void> {
  const nemoclaw = inRepository('reference-sut/dist/nemoclaw/bin/nemoclaw');
  report({
    goal: 'a call of the reference SUT starts',
    measured: await medianOf(9, () => timed(nemoclaw, ['--version'])),
    unit: 'ms',
    atMost: 150,
  });
  const phase9 = inRepository('bin/phase9');
  report({
    goal: 'set-up with nothing to do',
    measured: await medianOf(3, () => timed(phase9, ['setup'])),
    unit: 'ms',
    atMost: 2000,
  });
  report({
    goal: 'cucumber-js --dry-run',
    measured: await medianOf(5, () => timed(cucumber, ['--dry-run'])),
    unit: 'ms',
    atMost: 1500,
  });
  report({ goal: 'secret scan of 2,000 files of 4 KB', measured: await secretScan(), unit: 'ms', atMost: 3000 });
  await measureAudit(report);
  const serial = await rows('@AQ-050');
  report({ goal: 'AQ-050, serial', measured: serial.seconds, unit: 's', atMost: 180 });
  report({ goal: 'AQ-050, harness share', measured: serial.share, unit: '%', atMost: 10 });
  const parallel = await rows('@AQ-050', '--parallel', '2');
  report({
    goal: 'AQ-050, --parallel 2',
    measured: parallel.seconds / serial.seconds,
    unit: 'of serial',
    atMost: 0.65,
  });
  const edge = await rows('@AQ-053 or @AQ-054 or @AQ-055 or @AQ-056');
  report({ goal: 'AQ-053 to AQ-056, serial', measured: edge.seconds, unit: 's', atMost: 360 });
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const all: Measured[] = [];
  try {
    await measureAll((one) => {
      all.push(one);
      if (json) return;
      const met = one.measured <= one.atMost ? 'met   ' : 'MISSED';
      process.stdout.write(
        `${met}  ${one.goal}: ${one.measured.toFixed(one.atMost < 1 ? 2 : 0)} ${one.unit} (at most ${one.atMost})\n`,
      );
    });
  } finally {
    rmSync(reports, { recursive: true, force: true });
  }
  if (json) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  process.exitCode = all.every(({ measured, atMost }) => measured <= atMost) ? 0 : 1;
}

void main();
