import type { AssertionContext } from '../evidence/assertion';
import type { Phase9World } from '../world/world';
import { refuses } from './command';
import { expectation } from './expectation';
import { installsNothing } from './spark-install';
import { changesNothing } from './spark-install-runs';

/** What an owner must learn of a cause, and the words of remedies that are for other causes and mislead for this one. */
interface Told {
  readonly cause: RegExp;
  readonly remedy: RegExp;
  readonly misleading: RegExp;
}

const START = /\bsystemctl\s+(?:enable\s+--now|start)\s+docker|\bservice\s+docker\s+start|\bstart docker\b/i;
const GROUP = /\busermod\b|\bgpasswd\b|\badduser\b|\bnewgrp\b/i;
const either = (...patterns: readonly RegExp[]) =>
  new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), 'i');

/** By the words of the feature. */
const TOLD: Readonly<Record<string, Told>> = {
  'it is not running': {
    cause: /not running|not reachable|not started|stopped|inactive|cannot connect/i,
    remedy: START,
    misleading: either(GROUP, /upgrade docker/),
  },
  'the owner may not use it': {
    cause: /permission|may not|not allowed|no access|not in the docker group/i,
    remedy: /\bdocker group\b|\b(?:usermod|gpasswd|adduser)\b.*\bdocker\b/i,
    misleading: START,
  },
  'the owner may use it from the next login': {
    cause: /permission|may not|not (?:yet )?(?:active|in effect)|this (?:shell|session)/i,
    remedy: /\bnewgrp\b|\blog(?:ging)? (?:out|in)|\bre-?login\b|new (?:login|session)/i,
    misleading: either(START, /\b(?:usermod|gpasswd|adduser)\b/),
  },
  'it is broken': {
    // Only the engine itself knows what is wrong: its words have to reach the owner.
    cause: /input\/output error/i,
    remedy: /\bjournalctl\b|\bsystemctl (?:status|restart)\b|\brestart\b|\blogs?\b/i,
    misleading: either(START, GROUP),
  },
  'it is too old': {
    cause: /too (?:old|new)|(?:supported|required|minimum) (?:API )?version/i,
    remedy: /\bupgrad|\bupdat|\bnewer\b/i,
    misleading: either(START, GROUP),
  },
  'the owner names another machine’s engine': {
    cause: /DOCKER_HOST|192\.0\.2\.7/,
    remedy: /DOCKER_HOST|docker context/,
    misleading: either(START, GROUP),
  },
};

/** For each cause the installer was refused, named the cause, and what helps against it, and nothing that helps against another one. */
export function namesCauseAndRemedy(a: AssertionContext, world: Phase9World): void {
  for (const { cause, outcome } of expectation('the runs for each cause', world.get('unusableEngines'))) {
    const told = TOLD[cause];
    if (told === undefined) throw new Error(`nothing is expected where ${cause}`);
    const output = refuses(a, outcome, `the installer (${cause})`);
    a.matches(`its output where ${cause}`, output, told.cause, `the cause: ${told.cause}`);
    a.matches(`its output where ${cause}`, output, told.remedy, `the remedy: ${told.remedy}`);
    const misleading = output.split('\n').filter((line) => told.misleading.test(line));
    a.isEmpty(`lines with a remedy for another cause than that ${cause}`, misleading);
  }
}

/** For no cause the installer installed anything, or changed the machine. */
export function leavesAllAsItWas(a: AssertionContext, world: Phase9World): void {
  for (const run of expectation('the runs for each cause', world.get('unusableEngines'))) {
    installsNothing(a, run);
    changesNothing(a, run);
  }
}
