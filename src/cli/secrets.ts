import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../run/exit';
import { reportsDirectory } from '../run-context';
import { COMMITTED, filesUnder, scanFiles, secretLine } from '../secrets/scan';
import { UserError } from '../user-error';
import { runAction } from './run-action';

export function registerSecrets(program: Command): void {
  program
    .command('secrets')
    .description('search files for credentials and for canaries of any run; print file, line and kind, never the value')
    .argument('[paths...]', 'files or directories; else manifests, contracts, fixtures, audit and the last run')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nFound raw, base64, base64url, URL-encoded, hex, JSON-escaped, and split by a line wrap. gzip is unpacked, other archives are reported.' +
        '\nExit status: 0 nothing found, 1 something found or not searched, 2 there is no such path.',
    )
    .action((paths: string[], options: { json?: boolean }) =>
      runAction('secrets', async () => {
        const absent = paths.filter((one) => !existsSync(one));
        if (absent.length > 0) throw new UserError(`there is no ${absent.join(', and no ')}`);
        const places = paths.length > 0 ? paths : [...COMMITTED, path.join(reportsDirectory(), 'latest')];
        const files = filesUnder(...places.map((one) => path.resolve(one)));
        const found = await scanFiles(files, { base: process.cwd() });
        if (options.json) process.stdout.write(`${JSON.stringify({ files: files.length, found }, null, 2)}\n`);
        else {
          for (const one of found) process.stdout.write(`${secretLine(one)}\n`);
          process.stdout.write(`${found.length === 0 ? 'no' : found.length} secret(s) in ${files.length} files\n`);
        }
        if (found.length > 0) process.exitCode = EXIT.failed;
      }),
    );
}
