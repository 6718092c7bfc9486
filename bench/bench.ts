import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { REPOSITORY } from '../src/repository';
import { summarySchema } from '../src/run/summary';
import { newRunName } from '../src/run-context';
import { scanFiles } from '../src/secrets/scan';

/** One goal: what is measured, in which unit, and what it may be at most. */
interface Measured {
  readonly goal: string;
  readonly measured: number;
  readonly unit: 'ms' | 's' | '%' | 'of serial' | 'MiB' | 'times';
  readonly atMost: number;
}

const cucumber = path.join(REPOSITORY, 'node_modules/.bin/cucumber-js');
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

/** Runs rows and gives its wall time in s and the harness' share in per cent. Every assertion has to pass. */
async function rows(tags: string, ...args: string[]): Promise<{ readonly seconds: number; readonly share: number }> {
  const run = newRunName();
  const ms = await timed(cucumber, ['--tags', tags, ...args], { PHASE9_RUN: run });
  const summary = summarySchema.parse(JSON.parse(readFileSync(path.join(reports, run, 'summary.json'), 'utf8')));
  return { seconds: ms / 1000, share: summary.harnessShare * 100 };
}

/** Audits `records` five times. @returns the median time in ms, and the most memory that one of them took in MiB. */
async function auditOf(records: number): Promise<{ readonly ms: number; readonly mib: number }> {
  const measured: { ms: number; mib: number }[] = [];
  for (let index = 0; index < 5; index += 1) {
    const script = path.join(REPOSITORY, 'bench/audit-of-many.ts');
    const { stdout } = await execa(process.execPath, ['--require', 'ts-node/register', script, String(records)], {
      cwd: REPOSITORY,
    });
    measured.push(JSON.parse(stdout));
  }
  return { ms: median(measured.map(({ ms }) => ms)), mib: Math.max(...measured.map(({ mib }) => mib)) };
}

async function measureAudit(tell: (one: Measured) => void): Promise<void> {
  const half = await auditOf(50_000);
  const whole = await auditOf(100_000);
  tell({ goal: 'audit of 100,000 records', measured: whole.ms, unit: 'ms', atMost: 3000 });
  tell({ goal: 'audit of 100,000 records, memory', measured: whole.mib, unit: 'MiB', atMost: 512 });
  // Linear would be 2; what is left is the noise of garbage collection.
  tell({ goal: 'audit of 100,000 records against 50,000', measured: whole.ms / half.ms, unit: 'times', atMost: 2.6 });
}

/** Scans 2,000 files of 4 KB of the kind that a run leaves behind. @returns its time in ms, the scanner's loading included */
async function secretScan(): Promise<number> {
  const text = JSON.stringify(parse(readFileSync(path.join(REPOSITORY, 'audit/assertions.yaml'), 'utf8')), null, 2);
  const files = Array.from({ length: 2000 }, (_, index) => path.join(reports, `scanned-${index}`));
  for (const [index, file] of files.entries()) {
    const from = (index * 997) % (text.length - 4096);
    writeFileSync(file, text.slice(from, from + 4096));
  }
  const start = performance.now();
  const found = await scanFiles(files, { base: reports });
  if (found.length > 0) throw new Error(`the ledger holds ${found[0]?.secret}`);
  return performance.now() - start;
}

async function measureAll(tell: (one: Measured) => void): Promise<void> {
  const nemoclaw = path.join(REPOSITORY, 'reference-sut/dist/nemoclaw/bin/nemoclaw');
  tell({
    goal: 'a call of the reference SUT starts',
    measured: await medianOf(9, () => timed(nemoclaw, ['--version'])),
    unit: 'ms',
    atMost: 150,
  });
  const phase9 = path.join(REPOSITORY, 'bin/phase9');
  tell({
    goal: 'set-up with nothing to do',
    measured: await medianOf(3, () => timed(phase9, ['setup'])),
    unit: 'ms',
    atMost: 2000,
  });
  tell({
    goal: 'cucumber-js --dry-run',
    measured: await medianOf(5, () => timed(cucumber, ['--dry-run'])),
    unit: 'ms',
    atMost: 1500,
  });
  tell({ goal: 'secret scan of 2,000 files of 4 KB', measured: await secretScan(), unit: 'ms', atMost: 3000 });
  await measureAudit(tell);
  const serial = await rows('@AQ-050');
  tell({ goal: 'AQ-050, serial', measured: serial.seconds, unit: 's', atMost: 180 });
  tell({ goal: 'AQ-050, harness share', measured: serial.share, unit: '%', atMost: 10 });
  const parallel = await rows('@AQ-050', '--parallel', '2');
  tell({ goal: 'AQ-050, --parallel 2', measured: parallel.seconds / serial.seconds, unit: 'of serial', atMost: 0.65 });
  const edge = await rows('@AQ-053 or @AQ-054 or @AQ-055 or @AQ-056');
  tell({ goal: 'AQ-053 to AQ-056, serial', measured: edge.seconds, unit: 's', atMost: 360 });
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
