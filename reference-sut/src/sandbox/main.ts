import { spawnSync } from 'node:child_process';
import { openshellVersion } from '../shared/version';
import { supervisorEntry } from './entry';

const help = `Usage: openshell-sandbox [--version] [--help] [entry] [supervise -- COMMAND [ARG]...]

  entry      print the entry script that the Docker driver gives a sandbox's container
  supervise  run COMMAND once under that script, then idle until SIGTERM
`;

function main(argv: readonly string[]): number {
  const [verb, ...rest] = argv;
  switch (verb) {
    case '--version':
    case '-V':
      process.stdout.write(`openshell-sandbox ${openshellVersion}\n`);
      return 0;
    case '--help':
    case '-h':
      process.stdout.write(help);
      return 0;
    case 'entry':
      process.stdout.write(`${supervisorEntry}\n`);
      return 0;
    case 'supervise': {
      const payload = rest[0] === '--' ? rest.slice(1) : rest;
      const ended = spawnSync('/bin/sh', ['-c', supervisorEntry, 'openshell-sandbox', ...payload], {
        stdio: 'inherit',
      });
      return ended.status ?? 143;
    }
    default:
      process.stderr.write(
        `openshell-sandbox: ${verb === undefined ? 'nothing to do' : `unknown verb '${verb}'`}\n${help}`,
      );
      return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
