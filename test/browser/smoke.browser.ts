/** The built page opens in both browsers, at the root of a server and under a sub-path, and complains of nothing. */
import { describe, expect, test } from "vitest";
import { browserNames, openIn } from "./support/browsers.ts";
import { serveDist } from "./support/server.ts";

describe.each(browserNames)("in %s", (name) => {
  test.each(["/", "/some/where/"])("the page at %s opens without an error", async (basePath) => {
    const server = await serveDist({ basePath });
    const page = await openIn(name, server.url);
    try {
      await page.waitFor("#root h1");
      // Scripts other than our own files are refused, on this very page.
      const policy = await page.evaluate("document.querySelector('meta[http-equiv=Content-Security-Policy]').content");
      expect(policy).toContain("script-src 'self'");
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
