import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readRecords } from '../../evidence/record';
import { inRepository } from '../../repository';
import { EXIT } from '../../run/exit';
import { newRunName, reportsDirectory } from '../../run-context';
import { loadLedger } from '../../spec/ledger';
import { addSoak, type Soak } from '../../spec/soaks';
import { UserError } from '../../user-error';
import { presentState } from '../defects/state';
import { callProgram, describeEnd } from '../program';
import { runAction } from '../run-action';

interface Options {
  readonly times: number;
  readonly load: number;
  readonly parallel: number;
  readonly tags: string;
  readonly json?: true;
}

/** Bound of one run, in ms; under load it takes several times as long. */
const RUN_MS = 2 * 60 * 60_000;
/** A run that is told to end restores what it staged first, in ms. */
const GRACE_MS = 5 * 60_000;

function number(from: number): (value: string) => number {
  return (value) => {
    const given = Number(value);
    if (!/^\d{1,3}$/.test(value) || given < from) throw new InvalidArgumentError(`give a number from ${from} to 999`);
    return given;
  };
}

/** Adds `phase9 soak`. */
export function registerSoak(program: Command): void {
  program
    .command('soak')
    .description('run the features on the healthy reference SUT again and again: whatever is red is a false red')
    .option('--times <n>', 'how often', number(1), 20)
    .option('--load <n>', 'busy processes beside it', number(0), 0)
    .option('--parallel <n>', 'scenarios side by side', number(1), 2)
    .option('--tags <expression>', 'only scenarios with these tags', 'not @audit')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  phase9 soak --times 20
  phase9 soak --times 10 --load 8                 (on a busy machine)
  phase9 soak --times 20 --tags @AQ-053

Reports of a run without a red are removed. The figures are added to audit/soaks.json, where \`phase9 audit --release\` reads them.
Exit status: 0 nothing was red; 1 something was; 2 bad input or environment; 130 interrupted.`,
    )
    .action((options: Options) => runAction('soak', (signal) => soakCommand(options, signal)));
}

/** Processes that keep processors busy, until they are stopped. */
function busy(load: number): () => void {
  const children = Array.from({ length: load }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  return () => {
    for (const child of children) child.kill('SIGKILL');
  };
}

async function soakCommand({ times, load, parallel, tags, json }: Options, signal: AbortSignal): Promise<void> {
  const say = (line: string): void => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  const { suite, sut } = presentState();
  const at = new Date().toISOString();
  const seconds: number[] = [];
  const reds: Soak['reds'] = [];
  let rows: string[] | undefined;
  const stop = busy(load);
  try {
    for (let time = 1; time <= times; time += 1) {
      const one = await runOnce(`soak-${newRunName()}`, parallel, tags, signal);
      seconds.push(one.seconds);
      reds.push(...one.reds);
      rows = (rows ?? one.rows).filter((row) => one.rows.includes(row));
      say(
        `[${time} of ${times}] ${one.run}: ${one.verdicts} verdicts, ${one.reds.length} red (${Math.round(one.seconds)} s)`,
      );
      for (const { id, reason } of one.reds) say(`  ${id}: ${reason.split('\n')[0]}`);
    }
  } finally {
    stop();
  }
  const machine = { cpus: os.cpus().length, memoryMiB: Math.round(os.totalmem() / 2 ** 20) };
  const soak: Soak = { at, suite, sut, rows: rows ?? [], times, parallel, load, machine, seconds, reds };
  addSoak(soak);
  if (json) process.stdout.write(`${JSON.stringify(soak, null, 2)}\n`);
  say(`${times} runs, ${reds.length} red; ${(seconds.reduce((sum, one) => sum + one, 0) / times).toFixed(0)} s a run`);
  process.exitCode = reds.length > 0 ? EXIT.failed : EXIT.passed;
}

interface Once {
  readonly run: string;
  readonly seconds: number;
  readonly verdicts: number;
  readonly reds: Soak['reds'];
  readonly rows: string[];
}

/** @throws UserError when the run does not begin, or does not restore */
async function runOnce(run: string, parallel: number, tags: string, signal: AbortSignal): Promise<Once> {
  const started = Date.now();
  const args = [
    inRepository('bin/phase9'),
    'run',
    '--profile',
    'reference',
    '--tags',
    tags,
    '--parallel',
    `${parallel}`,
  ];
  const env = { ...process.env, PHASE9_RUN: run };
  const end = await callProgram(process.execPath, args, { env, within: RUN_MS, grace: GRACE_MS, signal });
  if (end.status !== EXIT.passed && end.status !== EXIT.failed) {
    throw new UserError(`the run ${run} ended otherwise than with 0 or 1: ${describeEnd(end)}`);
  }
  const reports = path.join(reportsDirectory(), run);
  const records = readRecords(reports).map(({ record }) => record);
  const reds = records
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run')
    .map(({ id, verdict, reason }) => ({ run, id, reason: reason ?? verdict }));
  const seen = new Set(records.map(({ id }) => id));
  const whole = Object.entries(loadLedger().rows).filter(([, { assertions }]) =>
    assertions.every(({ id }) => seen.has(id)),
  );
  if (reds.length === 0) rmSync(reports, { recursive: true, force: true });
  const seconds = (Date.now() - started) / 1000;
  return { run, seconds, verdicts: records.length, reds, rows: whole.map(([row]) => row) };
}
