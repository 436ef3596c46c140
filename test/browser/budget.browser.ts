/** What the first page loads, counted in a browser: every script and style received until the page is at rest. */
import { expect, test } from "vitest";
import { launchChromium } from "./support/browsers.ts";
import { serveDist } from "./support/server.ts";

const maxScriptKb = 160;
const maxStyleKb = 15;
const maxImageKb = 20;

test("the first page stays small, and asks no other server for anything", async () => {
  const server = await serveDist();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const foreign: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    await page.goto(server.url, { waitUntil: "networkidle" });

    const kilobytes = (pattern: RegExp) =>
      server.sent.filter(({ path }) => pattern.test(path)).map(({ gzipBytes }) => gzipBytes / 1000);
    const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);
    const [scripts, styles] = [sum(kilobytes(/\.js$/)), sum(kilobytes(/\.css$/))];
    console.log(`first page: scripts ${scripts.toFixed(1)} kB, styles ${styles.toFixed(1)} kB (gzip)`);

    expect(scripts).toBeGreaterThan(0);
    expect(scripts).toBeLessThanOrEqual(maxScriptKb);
    expect(styles).toBeLessThanOrEqual(maxStyleKb);
    expect(Math.max(0, ...kilobytes(/\.(png|svg|jpg|webp)$/))).toBeLessThanOrEqual(maxImageKb);
    expect(kilobytes(/\.woff2?$/)).toEqual([]);
    expect(foreign).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});
