import { createInterface } from 'node:readline/promises';
import { prettyJson } from '../../shared/json';
import { readIfPresent, writePrivateFile } from '../../shared/private-file';
import { CommandFailure } from '../failure';
import { usageNoticeFile } from '../places';
import { say } from '../print';

/** Raised when the notice's text changes, so that it is shown again. */
const NOTICE_VERSION = '2026-05-01';

export interface Consent {
  readonly interactive: boolean;
  readonly accepted: boolean;
}

function acceptedBefore(): boolean {
  try {
    const notice: unknown = JSON.parse(readIfPresent(usageNoticeFile()) ?? '{}');
    return typeof notice === 'object' && notice !== null && 'acceptedVersion' in notice
      ? notice.acceptedVersion === NOTICE_VERSION
      : false;
  } catch {
    return false; // unreadable counts as not accepted
  }
}

/** Onboarding installs third-party software. @throws CommandFailure when the user has not agreed to that. */
export async function requireConsent({ interactive, accepted }: Consent): Promise<void> {
  if (!accepted && !interactive) {
    throw new CommandFailure(
      'Non-interactive onboarding requires --yes-i-accept-third-party-software or NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE=1.',
    );
  }
  if (!accepted && acceptedBefore()) return;
  if (!accepted) {
    say('A sandbox runs an agent and tools that other parties publish under their own licences.');
    const questions = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await questions.question('  Type yes to accept: ');
    questions.close();
    if (answer.trim().toLowerCase() !== 'yes') throw new CommandFailure('Not accepted; nothing was set up.');
  }
  const notice = { acceptedVersion: NOTICE_VERSION, acceptedAt: new Date().toISOString() };
  await writePrivateFile(usageNoticeFile(), prettyJson(notice));
}
