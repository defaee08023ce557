// A real Chromium for the tests of pages: what it loads, runs, refuses and complains about is written down.

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Runs a test with a browser that is closed afterwards. */
export async function withBrowser(run) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
}

/** Opens a file in a context of its own, and keeps what must not happen. */
export async function open(browser, file, { hash = "", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  const log = [];
  page.on("request", (request) => {
    const url = request.url();
    if (url.split("#")[0] !== address && !url.startsWith("data:image/svg+xml,%3Csvg")) {
      log.push(`request: ${url}`);
    }
  });
  page.on("console", (message) => log.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => log.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    log.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on("framenavigated", (frame) => {
    if (frame.url().split("#")[0] !== address) {
      log.push(`navigation: ${frame.url()}`);
    }
  });
  await page.addInitScript(() => {
    globalThis.refused = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      globalThis.refused.push(`${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  await page.goto(address + hash);
  return { page, log, close: () => context.close() };
}

/** Nothing was loaded, said, or tried in vain. */
export async function assertSilent({ page, log }) {
  assert.deepEqual(log, []);
  assert.deepEqual(await page.evaluate(() => globalThis.refused ?? []), []);
}
