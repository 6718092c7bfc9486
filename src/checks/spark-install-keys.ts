import path from 'node:path';
import type { AssertionContext } from '../evidence/assertion';
import { STARTUP } from '../staging/spark-install-settings';
import { filesWithSecrets } from '../sut/machine-files';
import type { Phase9World } from '../world/world';
import { installationsOf } from './spark-install';

/** While none of the installations ran, any process of the machine had a key of the owner's among its arguments. */
export function keysInNoProcess(a: AssertionContext, world: Phase9World): void {
  for (const { processes, calls } of installationsOf(world)) {
    const { processes: seen, withSecret } = a.see(processes);
    a.moreThan('processes seen while it ran', seen, 1);
    a.isEmpty('processes with a key among their arguments', withSecret);
    const secrets = world.get('canaries');
    const called = a.see(calls).filter((call) => secrets.some((secret) => call.join(' ').includes(secret)));
    a.isEmpty(
      'recorded calls with a key among their arguments',
      called.map(([name]) => name ?? ''),
    );
  }
}

/** Places where no key belongs, whoever can read them. */
function isForKeys(file: string): boolean {
  const inHome = file.startsWith('home/') ? file.slice('home/'.length) : file;
  if (STARTUP.includes(inHome) || file.startsWith('tmp/')) return false;
  return !/\.log(?:\.\d+)?$|\/logs?\//.test(file) && !/history$/.test(path.basename(file));
}

/** Of the files on the machines, none that others can read contains a key, and no log, startup file or temporary file. */
export function keysInNoFile(a: AssertionContext, world: Phase9World): void {
  for (const machine of [world.get('spark').machine, world.get('secondSpark').machine]) {
    const { files, withSecret } = a.see(filesWithSecrets(machine.own, world.get('canaries')));
    a.moreThan('files of the machine', files, 10);
    // Calls are recorded with their arguments, which are asked for keys themselves.
    const recorded = path.relative(machine.own, machine.callsFile);
    const found = withSecret.filter(({ name }) => name !== recorded);
    const others = found.filter(({ readable }) => readable).map(({ name }) => name);
    a.isEmpty('files with a key that other users can read', others);
    const wrong = found.filter(({ name }) => !isForKeys(name)).map(({ name }) => name);
    a.isEmpty('logs, startup files and temporary files with a key', wrong);
  }
}
