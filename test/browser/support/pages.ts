/** The built page in Chromium, for the tests of one file: one server, one browser, a context for each use. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { launchChromium } from "./browsers.ts";
import { type DistServer, serveDist } from "./server.ts";

export type ContextOptions = NonNullable<Parameters<Browser["newContext"]>[0]>;

/** The script of axe, to be run in a page. */
export const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts both before the tests of the file and ends them after. */
export function builtPage() {
  let server: DistServer;
  let browser: Browser;
  beforeAll(async () => {
    server = await serveDist();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Opens an address in a context of its own; errors of the page and its console fail the test at its end. */
  async function withPage(
    hash: string,
    use: (page: Page, context: BrowserContext) => Promise<void>,
    { timeout, ...options }: ContextOptions & { readonly timeout?: number } = {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    try {
      const page = await context.newPage();
      if (timeout !== undefined) page.setDefaultTimeout(timeout);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error.stack)));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(`${server.url}${hash}`);
      await use(page, context);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  }

  return {
    withPage,
    get url() {
      return server.url;
    },
    get browser() {
      return browser;
    },
  };
}
