/**
 * What the page loads, counted in a browser, with the sizes that a server sends (gzip): the scripts asked for until the
 * cluster of the first page moves; what comes after that by itself; and what a lab needs besides.
 */
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { launchChromium } from "./support/browsers.ts";
import { type DistServer, serveDist } from "./support/server.ts";

const most = { firstScripts: 160, firstStyles: 15, image: 20, workbenchScripts: 110, kept: 700 };

const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size, 0);

test("the first page stays small, a lab adds little, and no other server is asked for anything", async () => {
  const server = await serveDist();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const foreign: string[] = [];
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(server.url) && !/^(data|blob):/.test(url)) foreign.push(url);
    });
    await page.addInitScript(watchTheCluster);
    await page.goto(server.url);
    await page.waitForFunction(() => (window as unknown as Watched).movedAt !== undefined, null, { timeout: 20_000 });
    // Every script that was asked for by then counts whole, received or not.
    const movedAt = await page.evaluate(() => (window as unknown as Watched).movedAt ?? 0);
    const before = await filesOf(page, server, movedAt);

    // The simulator follows by itself, before anything is kept for later.
    await page.waitForTimeout(2500);
    const atRest = await filesOf(page, server, Number.POSITIVE_INFINITY);
    await page.evaluate(() => {
      window.location.hash = "#/lab/first-failover";
    });
    await page.waitForSelector("[class*=transport]");
    await page.waitForTimeout(2500);
    const withLab = await filesOf(page, server, Number.POSITIVE_INFINITY);

    const scripts = { before: kb(before, "js"), atRest: kb(atRest, "js"), withLab: kb(withLab, "js") };
    const more = scripts.withLab - scripts.atRest;
    const html = server.sent.find(({ path }) => path === "index.html")?.gzipBytes ?? 0;
    console.log(
      [
        `until the cluster moves (${Math.round(movedAt)} ms): scripts ${scripts.before.toFixed(1)} kB, styles ${kb(before, "css").toFixed(1)} kB`,
        `the page itself, with its recording: ${(html / 1000).toFixed(1)} kB`,
        `the first page at rest, with the simulator: scripts ${scripts.atRest.toFixed(1)} kB`,
        `a lab: ${more.toFixed(1)} kB of scripts more, styles ${kb(withLab, "css").toFixed(1)} kB in all`,
        `of these: ${biggest(withLab, atRest)}`,
      ].join("\n"),
    );

    expect(scripts.before).toBeGreaterThan(60);
    expect(scripts.before).toBeLessThanOrEqual(most.firstScripts);
    expect(kb(before, "css")).toBeLessThanOrEqual(most.firstStyles);
    expect(more).toBeLessThanOrEqual(most.workbenchScripts);
    const images = server.sent.filter(({ path }) => /\.(png|svg|jpg|webp)$/.test(path));
    expect(Math.max(0, ...images.map(({ gzipBytes }) => gzipBytes / 1000))).toBeLessThanOrEqual(most.image);
    expect(server.sent.filter(({ path }) => /\.woff2?$/.test(path))).toEqual([]);
    expect(foreign).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});

test("all that is kept for use without a network is at most 700 kB", async () => {
  const server = await serveDist();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });
    const kept = await page.evaluate(async () => {
      const files: string[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) files.push((await (await cache.match(url))?.text()) ?? "");
      }
      return files;
    });
    const total = sum(kept.map((content) => gzipSync(content).length / 1000));
    console.log(`kept for use without a network: ${kept.length} files, ${total.toFixed(0)} kB`);
    expect(kept.length).toBeGreaterThan(20);
    expect(total).toBeLessThanOrEqual(most.kept);
  } finally {
    await browser.close();
    await server.close();
  }
});

interface Watched {
  movedAt?: number;
}

/** In the page: notes when the live picture, not the still of the HTML, has changed for the second time. */
function watchTheCluster(): void {
  let last = "";
  let changes = -1;
  requestAnimationFrame(function look() {
    const drawn = document.querySelector("#root svg[role=group]")?.innerHTML ?? "";
    if (drawn !== last) changes += 1;
    last = drawn;
    if (changes >= 2) (window as unknown as Watched).movedAt = performance.now();
    else requestAnimationFrame(look);
  });
}

interface LoadedFile {
  readonly path: string;
  readonly gzipBytes: number;
}

/** The files that the page had asked for by a moment, each once, with the size that the server sent. */
async function filesOf(page: Page, server: DistServer, until: number): Promise<LoadedFile[]> {
  const entries = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name, startTime }) => ({ name, startTime })),
  );
  const paths = entries
    .filter(({ startTime }) => startTime <= until)
    .map(({ name }) => new URL(name).pathname.slice(new URL(server.url).pathname.length));
  return [...new Set(paths)].map((path) => {
    const sent = server.sent.find((file) => file.path === path);
    if (sent === undefined) throw new Error(`${path} was asked for, and not sent`);
    return sent;
  });
}

/** The largest scripts of `files` that are not among `others`. */
function biggest(files: readonly LoadedFile[], others: readonly LoadedFile[]): string {
  const known = new Set(others.map(({ path }) => path));
  return files
    .filter(({ path }) => path.endsWith(".js") && !known.has(path))
    .sort((a, b) => b.gzipBytes - a.gzipBytes)
    .slice(0, 8)
    .map(
      ({ path, gzipBytes }) => `${path.replace(/^assets\/(.*)-[\w-]{8}\.js$/, "$1")} ${(gzipBytes / 1000).toFixed(1)}`,
    )
    .join(", ");
}

function kb(files: readonly LoadedFile[], ending: "js" | "css"): number {
  return sum(files.filter(({ path }) => path.endsWith(`.${ending}`)).map(({ gzipBytes }) => gzipBytes / 1000));
}
