import { MACHINE_CHANGING } from '../staging/spark-install-machine';

/** Commands that only read, whoever calls them. */
const READING = [
  'true',
  'id',
  'whoami',
  'test',
  '[',
  'ls',
  'cat',
  'stat',
  'grep',
  'command',
  'which',
  'lsof',
  'ss',
  'ps',
  'lspci',
];

/** Of commands that can change a machine: their first words with which they only read. */
const READING_WORDS: Readonly<Record<string, readonly string[]>> = {
  systemctl: [
    'is-active',
    'is-enabled',
    'is-failed',
    'is-system-running',
    'status',
    'show',
    'cat',
    'list-units',
    'list-unit-files',
  ],
  'apt-get': ['check', 'indextargets'],
  apt: ['list', 'show', 'search', 'policy'],
  snap: ['list', 'info', 'version', 'find'],
  docker: ['info', 'version', 'ps', 'images', 'inspect'],
  loginctl: ['list-sessions', 'list-users', 'session-status', 'user-status', 'show-user', 'show-session'],
  hostnamectl: ['status'],
  ufw: ['status'],
  nft: ['list'],
  dnf: ['list', 'info', 'search', 'repolist'],
  yum: ['list', 'info', 'search', 'repolist'],
};

/** Options after which any command only reports, and the one with which some report where it stands alone: to others it means more. */
const REPORTING = ['--version', '--help'];
const ALONE = '-V';

/** Options of sudo that take a value. */
const WITH_VALUE = ['-u', '-g', '-p', '-h', '-C', '-T', '--user', '--group', '--prompt', '--host'];

/** The command that `sudo` runs; empty for one that only asks for the right (`sudo -v`, `sudo -l`). */
function behindSudo(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  if (WITH_VALUE.includes(first)) return behindSudo(rest.slice(1));
  // An assignment stands before the command, as for env.
  return first.startsWith('-') || /^\w+=/.test(first) ? behindSudo(rest) : words;
}

/** Whether a call that was recorded on a machine changes the machine as a whole, or tries to. A call that only reads does not. */
export function changesMachine([name = '', ...words]: readonly string[]): boolean {
  if (name === 'sudo') {
    const inner = behindSudo(words);
    if (inner.length === 0) return false;
    const [command = '', ...rest] = inner;
    const plain = command.replace(/^.*\//, '');
    if (READING.includes(plain) || isReading(plain, rest)) return false;
    // With root's rights anything else counts.
    return true;
  }
  return MACHINE_CHANGING.some((one) => one === name) && !isReading(name, words);
}

function isReading(name: string, words: readonly string[]): boolean {
  if (words.some((word) => REPORTING.includes(word)) || (words.length === 1 && words[0] === ALONE)) return true;
  const plain = words.filter((word) => !word.startsWith('-'));
  if (name === 'service') return plain[1] === 'status';
  if (name === 'crontab') return words.length > 0 && words.every((word) => word === '-l');
  if (name === 'iptables') return words.some((word) => /^-[nv]*[LS]/.test(word) || /^--list/.test(word));
  // Without a value to set, sysctl reads.
  if (name === 'sysctl') return !words.some((word) => /^-(?:w|p)|^--(?:write|load|system)|=/.test(word));
  return READING_WORDS[name]?.includes(plain[0] ?? '') ?? false;
}
