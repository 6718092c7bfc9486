import { existsSync, readFileSync } from 'node:fs';
import { onPath } from '../../on-path';
import { engineAnswers } from '../../sut/engine';
import type { Installation, Look } from './look';

const LSM = '/sys/kernel/security/lsm';

/** Words of a contract's `environment.host` that name no program. */
const PHRASES: Readonly<Record<string, (installation: Installation) => Promise<Omit<Look, 'name'>>>> = {
  docker: async () => {
    const answer = await engineAnswers();
    if (answer.ok) return { state: 'ok', found: 'an engine answers' };
    const advice = 'Install and start Docker Engine, or let this user use it (group docker)';
    return { state: 'fail', found: `no Docker Engine answers (${answer.reason})`, advice };
  },
  'docker whose containers may have SYS_ADMIN and NET_ADMIN': async () => {
    return { state: 'warn', found: 'not looked at: a scenario tries it' };
  },
  'root or user namespaces': async ({ ask }) => {
    const asRoot = process.getuid?.() === 0;
    const { ok, how } = await ask(['unshare', ...(asRoot ? [] : ['--user', '--map-root-user']), '--mount', 'true']);
    if (ok) return { state: 'ok', found: asRoot ? 'root' : 'user namespaces' };
    return { state: 'fail', found: `no namespaces (${how})`, advice: 'Run as root, or let users have namespaces' };
  },
  '/dev/fuse': async () => {
    if (existsSync('/dev/fuse')) return { state: 'ok', found: 'there' };
    return { state: 'fail', found: 'not there', advice: 'modprobe fuse' };
  },
  'a kernel with Landlock': async () => {
    if (!existsSync(LSM)) return { state: 'warn', found: `not looked at: there is no ${LSM}` };
    if (readFileSync(LSM, 'utf8').includes('landlock')) return { state: 'ok', found: 'there' };
    return { state: 'fail', found: `${LSM} does not name it`, advice: 'Start Linux with lsm=landlock' };
  },
};

/** Looks for what a contract's `environment.host` names: a program, or one of a few phrases. */
export async function lookAtHost(installation: Installation, word: string): Promise<Look> {
  const phrase = PHRASES[word];
  if (phrase) return { name: `host: ${word}`, ...(await phrase(installation)) };
  const name = `host: ${word}`;
  if (!/^[\w.-]+$/.test(word)) return { name, state: 'warn', found: 'not looked at: nobody knows how' };
  const file = onPath(word, installation.environment);
  if (file !== undefined) return { name, state: 'ok', found: file };
  return { name, state: 'fail', found: 'not on PATH', advice: `Install ${word}` };
}
