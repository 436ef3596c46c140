/**
 * Real browsers for the browser tests. Chromium is driven by playwright-core; Firefox by puppeteer-core over
 * WebDriver BiDi, because playwright-core cannot drive an unmodified Firefox (docs/decisions/0004).
 * Tests that need only a page and its errors use `openIn`; richer ones take `launchChromium` and Playwright's API.
 */
import { type Browser as ChromiumBrowser, chromium } from "playwright-core";
import puppeteer, { type Browser as FirefoxBrowser } from "puppeteer-core";
import { findBrowser } from "../../../tools/browsers.mjs";

export type BrowserName = "chromium" | "firefox";
export const browserNames: readonly BrowserName[] = ["chromium", "firefox"];

const windowSize = { width: 1440, height: 900 };

/** A page reduced to what both drivers offer alike. */
export interface OpenPage {
  /** Console messages of level error, uncaught exceptions, and answers with status 400 or more; it fills while the page is open. */
  readonly errors: readonly string[];
  /** Value of a JavaScript expression in the page; it must be JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until something matches the CSS selector, 15 s at most. */
  waitFor(selector: string): Promise<void>;
  click(selector: string): Promise<void>;
  /** A click at a place of the window, px. */
  clickAt(x: number, y: number): Promise<void>;
  /** Takes an option of a select. */
  choose(selector: string, value: string): Promise<void>;
  /** Presses one key, such as "Tab" or "a", where the focus is. */
  press(key: string): Promise<void>;
  close(): Promise<void>;
}

function pathOf(name: BrowserName): string {
  const path = findBrowser(name);
  if (path === undefined) throw new Error(`no ${name} found; see "Browser tests" in CONTRIBUTING.md`);
  return path;
}

/** Starts Chromium without a window. Whoever starts it closes it. */
export function launchChromium(): Promise<ChromiumBrowser> {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: pathOf("chromium"),
    args: [...(asRoot ? ["--no-sandbox"] : []), "--disable-background-networking", "--disable-dev-shm-usage"],
  });
}

/** Starts Firefox without a window. Whoever starts it closes it. */
export function launchFirefox(): Promise<FirefoxBrowser> {
  return puppeteer.launch({ browser: "firefox", executablePath: pathOf("firefox"), headless: true });
}

/** Starts a browser and opens one page at an address. Closing the page closes the browser. */
export function openIn(name: BrowserName, url: string): Promise<OpenPage> {
  return name === "chromium" ? openInChromium(url) : openInFirefox(url);
}

async function openInChromium(url: string): Promise<OpenPage> {
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: windowSize });
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("response", (answer) => answer.status() >= 400 && errors.push(`${answer.status()} ${answer.url()}`));
  await page.goto(url);
  return {
    errors,
    evaluate: (expression) => page.evaluate(expression),
    waitFor: async (selector) => {
      await page.waitForSelector(selector, { timeout: 15_000 });
    },
    click: (selector) => page.click(selector),
    clickAt: (x, y) => page.mouse.click(x, y),
    choose: async (selector, value) => {
      await page.selectOption(selector, value);
    },
    press: (key) => page.keyboard.press(key),
    close: () => browser.close(),
  };
}

async function openInFirefox(url: string): Promise<OpenPage> {
  const browser = await launchFirefox();
  const page = await browser.newPage();
  await page.setViewport(windowSize);
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("response", (answer) => answer.status() >= 400 && errors.push(`${answer.status()} ${answer.url()}`));
  await page.goto(url);
  return {
    errors,
    evaluate: (expression) => page.evaluate(expression),
    waitFor: async (selector) => {
      await page.waitForSelector(selector, { visible: true, timeout: 15_000 });
    },
    click: (selector) => page.click(selector),
    clickAt: (x, y) => page.mouse.click(x, y),
    choose: async (selector, value) => {
      await page.select(selector, value);
    },
    press: (key) => page.keyboard.press(key as Parameters<typeof page.keyboard.press>[0]),
    close: () => browser.close(),
  };
}
