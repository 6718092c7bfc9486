import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM_NAMES } from '../../src/cli/setup/chromium';

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The machine's own Chromium, headless.
 * @throws where there is none: the page would go untested.
 */
export async function startChromium(): Promise<Browser> {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  const found = CHROMIUM_NAMES.flatMap((name) => directories.map((one) => path.join(one, name))).find(executable);
  if (found === undefined) {
    throw new Error(
      `no Chromium on PATH (${CHROMIUM_NAMES.join(', ')}): apt-get install chromium, or npm run setup as root`,
    );
  }
  // Chromium's sandbox refuses to work for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: found, headless: true, args });
}
