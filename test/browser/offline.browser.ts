/** Without a network after the first visit, under a sub-path: the main path works; and a new version offers itself. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeServiceWorker } from "../../tools/offline.mjs";
import { launchChromium } from "./support/browsers.ts";
import { builtPage, serveDist } from "./support/server.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "faultline-"));
  cpSync(builtPage, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const isKept = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, { timeout: 30_000 });

const leadershipMoves = async (page: Page) => {
  await page.getByRole("button", { name: /Kill the leader/ }).click();
  await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b2 leads"), null, {
    timeout: 30_000,
  });
};

test("after one visit the first page and a lab work without a network", async () => {
  const server = await serveDist({ basePath: "/course/week-3/" });
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(server.url);
    await isKept(page);
    expect(await page.evaluate(async () => new URL((await navigator.serviceWorker.ready).scope).pathname)).toBe(
      "/course/week-3/",
    );

    await context.setOffline(true);
    await server.close();
    await page.reload();
    await leadershipMoves(page);

    // A lab that was never opened, and the help, load their chunks from what was kept.
    await page.evaluate(() => {
      window.location.hash = "#/lab/acks1-failover-loss";
    });
    await page.waitForSelector("[class*=transport]");
    await page.waitForSelector("[data-thing^=broker]");
    await page.goto(`${server.url}?from=lms#/help`);
    await page.waitForSelector("h1:text-is('Help')");
    expect(await page.title()).toContain("Help");
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await server.close().catch(() => {});
  }
});

test("a new version waits, says so, and comes with one click", async () => {
  const server = await serveDist({ basePath: "/sub/", dist: folder });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await isKept(page);

    const html = readFileSync(join(folder, "index.html"), "utf8");
    writeFileSync(join(folder, "index.html"), html.replace("</body>", '<i id="second-version"></i></body>'));
    await writeServiceWorker(folder);
    await page.reload();
    // Still the version that was kept; the next one is fetched beside it.
    expect(await page.locator("#second-version").count()).toBe(0);
    await page.getByText("A new version of this page is ready.").waitFor({ timeout: 30_000 });
    expect(await page.locator("#second-version").count()).toBe(0);
    await page.getByRole("button", { name: "Reload" }).click();
    await page.waitForSelector("#second-version", { state: "attached", timeout: 15_000 });
  } finally {
    await browser.close();
    await server.close();
  }
});
