// A page for people: by keyboard, by screen reader, on a phone, on paper, by links.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { assertSilent, open, withBrowser } from "./browser.mjs";

const [, , file] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What the rules of WCAG 2 (A and AA) object to. */
async function objections(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  return violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.target).slice(0, 3).join(" ")}`);
}

await withBrowser(async (browser) => {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const opened = await open(browser, file, { colorScheme, viewport: { width, height: 900 } });
      await opened.page.locator("tr.finding button").first().click();
      await opened.page.evaluate(() => document.querySelectorAll("details").forEach((it) => it.setAttribute("open", "")));
      assert.deepEqual(await objections(opened.page), [], `${colorScheme} ${width}`);
      const overflow = await opened.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${width}: ${overflow} pixels too wide`);
      await opened.close();
    }
  }

  const opened = await open(browser, file);
  const { page } = opened;
  const focused = () => page.evaluate(() => document.activeElement.textContent);

  // The keyboard reaches the findings past the bar, opens one, and searches.
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the findings");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  await page.keyboard.type("privileged");
  const fewer = await page.locator(".status").textContent();
  assert.match(fewer, /^\d+ findings? of \d+/);
  const row = page.locator("tr.finding button").first();
  await row.focus();
  await page.keyboard.press("Enter");
  assert.equal(await row.getAttribute("aria-expanded"), "true");
  assert.ok(await page.locator(".detail").first().isVisible());
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(".detail").first().isVisible(), false);

  // What is filtered stands in the address, which opens the same again.
  const address = await page.evaluate(() => location.hash);
  assert.equal(address, "#findings?text=privileged");
  const again = await open(browser, file, { hash: address });
  assert.equal(await again.page.locator(".status").textContent(), fewer);
  await again.close();

  // Charts lead to the findings that they count.
  await page.getByRole("button", { name: "Reset" }).click();
  const link = page.locator(".ranking a").first();
  const counted = await page.locator(".ranking li").first().locator("b").textContent();
  await link.click();
  await page.waitForFunction((text) => document.querySelector(".status").textContent.startsWith(text), `${counted} `);

  // Orders can be chosen at the head of a column.
  await page.locator("th.file button").click();
  assert.equal(await page.locator("th.file").getAttribute("aria-sort"), "ascending");
  assert.equal(await page.locator("th.severity").getAttribute("aria-sort"), "none");

  // Light and dark can be changed by hand.
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.locator("#theme").click();
  assert.notEqual(await paper(), light);

  // On paper nothing is cut off and no button is left.
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator(".filters, .top, button.more").filter({ visible: true }).count(), 0);
  assert.equal(await page.locator("details:not([open]):not(.quiet)").count(), 0);
  await assertSilent(opened);
  await opened.close();
});
