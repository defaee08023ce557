// A page of many findings: how long it takes to open, filter, sort, scroll and print, and that it is complete.

import assert from "node:assert/strict";
import { assertSilent, open, withBrowser } from "./browser.mjs";

const [, , file, findings] = process.argv;
const total = Number(findings);
const OPEN_MS = 2_000;
const FILTER_MS = 100;

/** The least of several runs: other work on the machine only ever adds. */
async function least(runs, measure) {
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    times.push(await measure());
  }
  return Math.min(...times);
}

/** From an event to the frame that shows its outcome. */
function timed(page, act) {
  return page.evaluate(async (text) => {
    const act = new Function(`return (${text})`)();
    const start = performance.now();
    act();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
  }, String(act));
}

await withBrowser(async (browser) => {
  const opening = await least(3, async () => {
    const opened = await open(browser, file);
    const time = await opened.page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return document.querySelectorAll("tr.finding").length > 0 ? performance.now() : Infinity;
    });
    await opened.close();
    return time;
  });

  const opened = await open(browser, file);
  const { page } = opened;
  const status = () => page.locator(".status").textContent();
  assert.match(await status(), new RegExp(`of ${total.toLocaleString("en")}\\.`));
  const measures = {
    open: opening,
    severity: await least(12, () => timed(page, () => document.querySelector(".toggle.medium").click())),
    word: await least(12, () => timed(page, () => {
      const input = document.querySelector("input[type=search]");
      input.value = input.value === "" ? "image" : "";
      input.dispatchEvent(new Event("input"));
    })),
    choice: await least(12, () => timed(page, () => {
      const select = document.querySelectorAll(".filters select")[3];
      select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
      select.dispatchEvent(new Event("change"));
    })),
    order: await least(12, () => timed(page, () => {
      const order = [...document.querySelectorAll(".filters select")].at(-1);
      order.selectedIndex = (order.selectedIndex + 1) % order.options.length;
      order.dispatchEvent(new Event("change"));
    })),
  };
  console.log(JSON.stringify(measures));
  assert.ok(measures.open < OPEN_MS, `opening took ${measures.open} ms`);
  for (const name of ["severity", "word", "choice", "order"]) {
    assert.ok(measures[name] < FILTER_MS, `${name} took ${measures[name]} ms`);
  }

  // All of them can be reached by scrolling, and all are printed.
  await page.evaluate(() => {
    location.hash = "#findings?folded=yes&state=new,baselined,excepted";
  });
  await page.waitForFunction((text) => document.querySelector(".status").textContent.startsWith(text), total.toLocaleString("en"));
  const before = await page.locator("tr.finding").count();
  await page.locator("button.more").scrollIntoViewIfNeeded();
  await page.waitForFunction((count) => document.querySelectorAll("tr.finding").length > count, before);
  const printed = await page.evaluate(() => {
    dispatchEvent(new Event("beforeprint"));
    const rows = document.querySelectorAll("tr.finding").length;
    const details = document.querySelectorAll(".detail").length;
    dispatchEvent(new Event("afterprint"));
    return { rows, details, after: document.querySelectorAll("tr.finding").length };
  });
  assert.equal(printed.rows, total);
  assert.equal(printed.details, total);
  assert.ok(printed.after < total || total < 200);
  await assertSilent(opened);
  await opened.close();

  // Without scripts it is a list.
  const plain = await open(browser, file, { javaScriptEnabled: false });
  assert.equal(await plain.page.locator(".places li").count(), total);
  assert.ok(await plain.page.locator(".places li").first().isVisible());
  assert.equal(await plain.page.locator("#explorer").isVisible(), false);
  await plain.close();
});
