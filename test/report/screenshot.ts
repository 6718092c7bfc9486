// Makes docs/report.png: node --require ts-node/register test/report/screenshot.ts
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportHtml } from '../../src/report/html';
import { reportModel } from '../../src/report/model';
import { inRepository } from '../../src/repository';
import { temporaryDirectory } from '../temporary-directory';
import { startChromium } from './chromium';
import { representative } from './representative';

async function draw(into: string): Promise<void> {
  const file = path.join(temporaryDirectory('screenshot'), 'report.html');
  writeFileSync(file, reportHtml(reportModel(representative())));
  const browser = await startChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 1500 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(file).href);
    await page.screenshot({ path: into });
  } finally {
    await browser.close();
  }
}

void draw(path.resolve(process.argv[2] ?? inRepository('docs/report.png')));
