// A page of hostile manifests: every value is shown as text, and nothing runs or loads.

import assert from "node:assert/strict";
import { assertSilent, open, withBrowser } from "./browser.mjs";

const [, , file] = process.argv;

await withBrowser(async (browser) => {
  const opened = await open(browser, file);
  const { page } = opened;
  const elements = () => page.evaluate(() => {
    const count = (selector) => document.querySelectorAll(selector).length;
    const handlers = [...document.querySelectorAll("*")].flatMap((it) => it.getAttributeNames()).filter((name) => name.startsWith("on"));
    const links = [...document.querySelectorAll("a[href]")].map((it) => it.getAttribute("href"));
    return {
      scripts: count("script"), foreign: count("img, iframe, object, embed, base, form, style ~ style, x-hostile"), handlers,
      schemes: [...new Set(links.map((link) => link.split(":")[0]).filter((scheme) => !scheme.startsWith("#")))].sort(),
      ran: globalThis.hacked ?? null,
    };
  });
  const expected = { scripts: 2, foreign: 0, handlers: [], schemes: ["https"], ran: null };
  assert.deepEqual(await elements(), expected);

  // Everything that can be opened, chosen and printed is.
  for (const row of await page.locator("tr.finding button").all()) {
    await row.click();
  }
  for (const order of ["control", "resource", "namespace", "file", "state"]) {
    await page.locator("select").last().selectOption(order);
  }
  for (const select of await page.locator(".filters select").all()) {
    for (const value of await select.locator("option").evaluateAll((options) => options.map((it) => it.value))) {
      await select.selectOption(value);
    }
  }
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("searchbox").fill("</script><img src=x onerror=hacked=1>");
  await page.getByRole("searchbox").fill("");
  await page.locator("summary").evaluateAll((all) => all.forEach((it) => it.parentElement.setAttribute("open", "")));
  for (const link of await page.locator("a[data-query]").all()) {
    await link.click();
  }
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.deepEqual(await elements(), expected);

  // What is hostile stands there to be read, marks of direction too.
  const text = await page.evaluate(() => document.body.innerText);
  for (const part of ["<script>hacked=1</script>", "<img src=x onerror=hacked=1>", "\\u{202e}", "javascript:hacked=1"]) {
    assert.ok(text.includes(part), `${part} is not shown`);
  }
  assert.ok(!/[\u202a-\u202e\u2066-\u2069\u200b]/.test(text), "a hidden character is left");
  await assertSilent(opened);

  // The policy holds for what gets in all the same.
  const refused = await page.evaluate(async () => {
    const tried = {};
    const attempt = (name, what) => {
      try {
        what();
        tried[name] = "done";
      } catch (error) {
        tried[name] = error.name;
      }
    };
    attempt("markup", () => { document.body.innerHTML += "<b>"; });
    attempt("text as a script", () => setTimeout("globalThis.hacked = 1"));
    attempt("image", () => document.body.append(Object.assign(new Image(), { src: "https://example.com/x.png" })));
    attempt("handler", () => document.body.setAttribute("onclick", "globalThis.hacked = 1"));
    document.body.click();
    await fetch("https://example.com/").then(() => { tried.fetch = "done"; }, (error) => { tried.fetch = error.name; });
    await new Promise((done) => setTimeout(done, 100));
    return { ...tried, ran: globalThis.hacked ?? null, refused: globalThis.refused.map((it) => it.split(" ")[0]).sort() };
  });
  assert.equal(refused.markup, "TypeError");
  assert.equal(refused.fetch, "TypeError");
  assert.equal(refused.ran, null);
  for (const directive of ["connect-src", "img-src", "require-trusted-types-for"]) {
    assert.ok(refused.refused.includes(directive), `${directive} in ${refused.refused}`);
  }
  assert.deepEqual(opened.log.filter((line) => line.startsWith("request")).filter((line) => !line.includes("example.com")), []);
  await opened.close();
});
