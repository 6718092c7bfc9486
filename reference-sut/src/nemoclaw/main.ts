import { CommandFailure } from './failure';
import { complain } from './print';

declare const NEMOCLAW_VERSION: string;

async function main(argv: readonly string[]): Promise<number> {
  // Scripts ask for it all the time: it is answered before anything else is loaded.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
    process.stdout.write(`nemoclaw v${NEMOCLAW_VERSION}\n`);
    return 0;
  }
  const { dispatch } = await import('./dispatch.js');
  return dispatch(argv, NEMOCLAW_VERSION);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (error instanceof CommandFailure) {
      for (const line of error.lines) complain(line);
      process.exitCode = error.status;
    } else {
      complain(`nemoclaw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    }
  },
);
