import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { z } from 'zod';
import { reportHtml } from '../../src/report/html';
import { reportModel } from '../../src/report/model';
import { temporaryDirectory } from '../temporary-directory';
import { startChromium } from './chromium';
import { HOSTILE, representative } from './representative';

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };
const FAILED = 'rebuild.openclaw.marker-preserved';

describe('the page of an audit in a browser', () => {
  let browser: Browser;
  let address: string;

  before(async () => {
    const file = path.join(temporaryDirectory('report'), 'report.html');
    writeFileSync(file, reportHtml(reportModel(representative())));
    address = pathToFileURL(file).href;
    browser = await startChromium();
  });

  after(() => browser?.close());

  /** Opens the page at that place and looks at it; any message on the console is a failure. */
  const on = async (
    place: string,
    options: BrowserContextOptions,
    look: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext(options);
    context.setDefaultTimeout(15_000);
    const messages: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => messages.push(message.text()));
      page.on('pageerror', (error) => messages.push(error.message));
      page.on('request', (request) => request.url().startsWith(address) || messages.push(`asks for ${request.url()}`));
      page.on('dialog', (dialog) => {
        messages.push(dialog.message());
        void dialog.dismiss();
      });
      await page.goto(`${address}${place}`);
      await look(page);
      expect(messages).to.deep.equal([]);
    } finally {
      await context.close();
    }
  };
  const cards = (page: Page) => page.locator('.card:visible').count();
  const openAll = (page: Page) =>
    page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');

  it('filters by text, standing, row, boundary and kind, and keeps the filter in the address', () =>
    on('', {}, async (page) => {
      const all = await cards(page);
      expect(all).to.be.greaterThan(70);
      expect(await page.getByRole('status').textContent()).to.equal(`${all} of ${all} assertions, 7 of 7 findings`);
      await page.getByLabel('Text').fill('openclaw marker');
      const ids = await page.locator('.card:visible').evaluateAll((found) => found.map(({ id }) => id));
      expect(ids).to.include(FAILED);
      expect(ids.length).to.be.lessThan(all);
      await page.getByLabel('System').selectOption('reference');
      await page.getByLabel('Standing').selectOption('failed');
      expect(await cards(page)).to.equal(1);
      expect(await page.locator('.evidence[data-kind=product]:visible').count()).to.equal(0);
      expect(new URL(page.url()).search).to.equal('?text=openclaw+marker&standing=failed&kind=reference');
      await page.reload();
      expect(await cards(page)).to.equal(1);
      await page.getByRole('button', { name: 'Show all' }).click();
      expect([await cards(page), new URL(page.url()).search]).to.deep.equal([all, '']);
      await page.locator('[name=row]').selectOption('AQ-052');
      expect(await page.locator('.row:visible').count()).to.equal(1);
      await page.getByLabel('Boundary').selectOption('gateway');
      const boundaries = await page.locator('.card:visible summary .boundary').allTextContents();
      expect([...new Set(boundaries)]).to.deep.equal(['gateway']);
      await page.getByLabel('Text').fill('nothing that is there');
      expect(await cards(page)).to.equal(0);
      expect(await page.getByRole('status').textContent()).to.match(/^0 of \d+ assertions, 0 of 7 findings$/);
    }));

  it('distinguishes amended from passed, and calls everything but passed open', () =>
    on('?kind=reference&standing=amended', {}, async (page) => {
      expect(await page.locator('.card:visible').evaluateAll((found) => found.map(({ id }) => id))).to.deep.equal([
        'rebuild.openclaw.presets-live-before',
      ]);
      await page.getByLabel('Standing').selectOption('open');
      expect(await cards(page)).to.equal(3);
      await page.getByLabel('Standing').selectOption('passed');
      expect(await page.locator('.card:visible .badge.amended:visible').count()).to.equal(0);
    }));

  it('opens, scrolls to and focuses the target of a permalink, also when the filter hid it or a mail program escaped it', async () => {
    const opened = async (page: Page): Promise<void> => {
      const card = page.locator(`[id="${FAILED}"]`);
      await card.locator(':scope > details[open]').waitFor();
      await page.locator('.card:focus-within').waitFor();
      const box = await card.boundingBox();
      const filter = await page.locator('form').boundingBox();
      expect(box?.y).to.be.within((filter?.y ?? 0) + (filter?.height ?? 0) - 1, 300);
      expect(await page.evaluate('document.activeElement.closest(".card").id')).to.equal(FAILED);
    };
    await on(`#${FAILED}`, {}, opened);
    await on(`?row=AQ-052#${FAILED.replaceAll('-', '%2D')}`, {}, opened);
    await on('?row=AQ-050', {}, async (page) => {
      await page.getByRole('link', { name: `Permalink to ${FAILED}` }).click();
      expect(new URL(page.url()).search + new URL(page.url()).hash).to.equal(`?row=AQ-050#${FAILED}`);
      await opened(page);
    });
    await on('#%E0%A4%A', {}, async (page) => {
      expect(await cards(page)).to.be.greaterThan(70);
    });
  });

  it('leads from a finding to its assertion, and from there to its scenario and its restore', () =>
    on('', {}, async (page) => {
      await page.locator('.finding').getByRole('link', { name: FAILED }).click();
      await page.locator(`[id="${FAILED}"]`).getByRole('link', { name: 'The owner rebuilds a sandbox' }).click();
      await page.locator('.scenario:target').getByText('file agents/openclaw/blueprint.yaml as it was').waitFor();
    }));

  it('can be used by keyboard alone', () =>
    on('', {}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.className')).to.equal('skip');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).to.equal('main');
      await page.getByLabel('Text').focus();
      await page.keyboard.type(FAILED);
      const reached = async (what: string): Promise<void> => {
        for (let presses = 0; presses < 60; presses += 1) {
          if ((await page.evaluate(`document.activeElement.matches('${what}')`)) === true) return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`60 presses of Tab do not reach ${what}`);
      };
      await reached('.card > details > summary');
      await page.keyboard.press('Enter');
      await page.getByText('none, the file is not there').first().waitFor();
      await reached('.permalink');
      await page.keyboard.press('Enter');
      expect(new URL(page.url()).hash).to.equal(`#${FAILED}`);
    }));

  it('shows everything except the filter without its script', () =>
    on('', { javaScriptEnabled: false }, async (page) => {
      expect(await cards(page)).to.be.greaterThan(70);
      expect(await page.locator('form').isVisible()).to.equal(false);
      await page.locator(`[id="${FAILED}"] summary`).first().click();
      expect(await page.locator(`[id="${FAILED}"] .record`).isVisible()).to.equal(true);
    }));

  it('shows the output of a system as text that cannot act', () =>
    on('#rebuild.openclaw.completes', {}, async (page) => {
      const observed = page.locator('[id="rebuild.openclaw.completes"] pre').nth(1);
      expect(await observed.textContent()).to.equal(
        HOSTILE.replace('\u001b', '␛').replace('\u0000', '␀').replace('\u202e', '⟨U+202E⟩'),
      );
      expect(await page.locator('img').count()).to.equal(0);
    }));

  it('prints the content of closed details, too', () =>
    on('', {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const box = await page.locator(`[id="${FAILED}"] .record`).boundingBox();
      expect(box?.height).to.be.greaterThan(50);
      expect(await page.locator('form').isVisible()).to.equal(false);
    }));

  for (const [colorScheme, device, viewport] of [
    ['light', 'desk', DESK],
    ['dark', 'phone', PHONE],
  ] as const) {
    it(`has no fault that axe finds: ${colorScheme}, on a ${device}`, () =>
      on('', { colorScheme, viewport }, async (page) => {
        await openAll(page);
        await page.evaluate(axe.source);
        const { violations } = z
          .object({ violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })) })
          .parse(await page.evaluate('axe.run(document, { resultTypes: ["violations"] })'));
        const reported = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} (${nodes.length})`);
        expect(reported).to.deep.equal([]);
      }));
  }

  for (const [device, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    it(`scrolls down only, on a ${device}`, () =>
      on('', { viewport }, async (page) => {
        await openAll(page);
        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(viewport.width);
      }));
  }
});
