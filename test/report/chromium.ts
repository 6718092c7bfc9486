import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../src/cli/setup/chromium';

/**
 * The machine's own Chromium, headless.
 * @throws where there is none: the page would go untested.
 */
export async function startChromium(): Promise<Browser> {
  const found = findChromium(process.env);
  if (found === undefined) throw new Error('no Chromium on PATH: apt-get install chromium, or npm run setup as root');
  // Chromium's sandbox refuses to work for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: found.file, headless: true, args });
}
