// A picture of the page against the one that was looked at. Fonts and their smoothing differ between machines:
// compared are the mean colours of small squares, of which a few may differ.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { open, withBrowser } from "./browser.mjs";

const [, , file, expectedFile, actualFile] = process.argv;
const SQUARE = 16;
// Of 255, for a channel of a square; and the share of squares that may differ by more.
const TOLERANCE = 40;
const MOST = 0.03;

await withBrowser(async (browser) => {
  const { page, close } = await open(browser, file, { colorScheme: "light" });
  // Fonts decide where lines break; this one is named.
  await page.evaluate(() => document.body.style.setProperty("font-family", '"DejaVu Sans"'));
  const actual = await page.screenshot({ path: actualFile, animations: "disabled" });
  await close();
  if (process.env.UPDATE_PICTURES === "1" || !existsSync(expectedFile)) {
    writeFileSync(expectedFile, actual);
    assert.equal(process.env.UPDATE_PICTURES, "1", `${expectedFile} was missing: look at it, and keep it`);
    return;
  }
  const canvas = await (await browser.newContext()).newPage();
  const pictures = [readFileSync(expectedFile), actual].map((bytes) => bytes.toString("base64"));
  const share = await canvas.evaluate(async ([pictures, square, tolerance]) => {
    const squares = async (picture) => {
      const bytes = Uint8Array.from(atob(picture), (char) => char.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const [width, height] = [Math.floor(image.width / square), Math.floor(image.height / square)];
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      const sums = new Float64Array(width * height * 3);
      for (let y = 0; y < height * square; y += 1) {
        for (let x = 0; x < width * square; x += 1) {
          const to = (Math.floor(y / square) * width + Math.floor(x / square)) * 3;
          for (let channel = 0; channel < 3; channel += 1) {
            sums[to + channel] += data[(y * image.width + x) * 4 + channel];
          }
        }
      }
      return { size: `${image.width}x${image.height}`, means: sums.map((sum) => sum / (square * square)) };
    };
    const [expected, actual] = [await squares(pictures[0]), await squares(pictures[1])];
    if (expected.size !== actual.size) {
      return 1;
    }
    let differing = 0;
    for (let at = 0; at < expected.means.length; at += 3) {
      const channels = [0, 1, 2].map((channel) => Math.abs(expected.means[at + channel] - actual.means[at + channel]));
      differing += Number(Math.max(...channels) > tolerance);
    }
    return differing / (expected.means.length / 3);
  }, [pictures, SQUARE, TOLERANCE]);
  assert.ok(share <= MOST, `${(100 * share).toFixed(1)} % of the picture differ; see ${actualFile}`);
});
