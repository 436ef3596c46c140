/**
 * The shell in a real browser: the first thirty seconds, Back, keys, faults, links, narrow forms, and what axe says. Clicks
 * and keys are real events.
 */

import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { until } from "./support/links.ts";
import { axeSource, builtPage, type ContextOptions } from "./support/pages.ts";

const built = builtPage();

/** As `withPage`, once the cluster is drawn. */
const withCluster = (
  hash: string,
  use: (page: Page, context: BrowserContext) => Promise<void>,
  options: ContextOptions = {},
) =>
  built.withPage(
    hash,
    async (page, context) => {
      await page.waitForSelector("[data-thing^=broker]");
      await use(page, context);
    },
    options,
  );

const clickBroker = (page: Page, id: string) =>
  page
    .locator(`[data-thing="broker:${id}"]`)
    .first()
    .click({ position: { x: 40, y: 12 } });
const clock = async (page: Page) => Number(await page.locator("[class*=clock] b").first().textContent());

describe("the first page", () => {
  test("one click, and within 20 s another broker leads and nothing is lost", async () => {
    await withCluster("", async (page) => {
      await page.getByRole("button", { name: /Kill the leader/ }).click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b1 is down"));
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b2 leads"), null, {
        timeout: 20_000,
      });
      expect(await page.getByText("Nothing was lost: acks=all.").count()).toBe(1);
      await page.getByRole("button", { name: /Bring it back/ }).click();
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b1 is back"));
      expect(await page.getByRole("link", { name: /Now try acks=1/ }).getAttribute("href")).toContain("acks1-failover");
    });
  });

  test("by keyboard: the focus stays with what can be done, and Labs leads to the labs while the cluster runs on", async () => {
    await withCluster("", async (page) => {
      const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
      await page.getByRole("button", { name: /Kill the leader/ }).focus();
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b1 is down"));
      await until(
        async () => ((await focused()).startsWith("Skip") ? true : null),
        "the focus is on the next thing to do",
      );
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b2 leads"));
      await until(async () => ((await focused()).startsWith("Now try") ? true : null), "and on the next");

      await page.getByRole("link", { name: "Labs", exact: true }).focus();
      await page.keyboard.press("Enter");
      await until(async () => ((await focused()) === "Labs" ? true : null), "the heading of the labs has the focus");
      expect(await page.locator("#labs").evaluate((heading) => heading.getBoundingClientRect().top)).toBeLessThan(100);
      expect(await page.locator("h1").textContent()).toContain("b2 leads");
    });
  });

  test("stands still by itself after ten seconds, and with reduced motion from the start", async () => {
    const reduced = { reducedMotion: "reduce" as const };
    await withCluster(
      "",
      async (page) => expect(await page.getByRole("button", { name: /^Play/ }).count()).toBe(1),
      reduced,
    );
    await withCluster("", async (page) => {
      await page.getByRole("button", { name: /^Pause/ }).waitFor();
      await page.getByRole("button", { name: /^Play/ }).waitFor({ timeout: 15_000 });
    });
  });

  test("shows heading, button and cluster without any script", async () => {
    const context = await built.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(built.url);
    expect(await page.locator("h1").textContent()).toBe("Kill the leader.");
    expect(await page.locator("#still svg text").count()).toBeGreaterThan(20);
    await context.close();
  });
});

describe("the workbench", () => {
  test("Back leaves the screen and never undoes a scrub", async () => {
    await withCluster("", async (page) => {
      await page.getByRole("link", { name: /The first failover/ }).click();
      await page.waitForSelector("[class*=transport]");
      for (const key of ["n", "n", "ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
      await page.waitForFunction(() => window.location.hash.includes("e="));
      await page.goBack();
      await page.waitForFunction(() => !window.location.hash.includes("/lab/"));
      expect(await page.getByRole("button", { name: /Kill the leader/ }).count()).toBe(1);
    });
  });

  test("kills the chosen broker with one key, undoes it, does it again", async () => {
    await withCluster("#/play?t=5", async (page) => {
      await clickBroker(page, "b1");
      const name = () => page.locator('[data-thing="broker:b1"] [role=button]').first().getAttribute("aria-label");
      await page.keyboard.press("Shift+K");
      await page.waitForSelector("text=b1 was killed.");
      expect(await name()).toContain("down");
      await page.keyboard.press("Control+z");
      await until(async () => ((await name())?.includes("down") ? null : true), "b1 is up again");
      await page.keyboard.press("Control+Shift+z");
      await until(async () => ((await name())?.includes("down") ? true : null), "b1 is down again");
    });
  });

  test("acts through the menu of a thing, opened by key and by right click", async () => {
    await withCluster("#/play?t=5", async (page) => {
      await clickBroker(page, "b2");
      await page.keyboard.press("m");
      await page.getByRole("menuitem", { name: /Pause for 9 s/ }).click();
      await page.waitForSelector("text=b2 was paused for 9 s.");
      await page
        .locator('[data-thing="broker:b3"]')
        .first()
        .click({ button: "right", position: { x: 40, y: 12 } });
      await page.getByRole("menuitem", { name: /Cut from/ }).hover();
      await page.getByRole("menuitem", { name: /^b1/ }).click();
      await page.waitForSelector("text=b3 was cut from b1.");
    });
  });

  test("acting in the past makes a fork, and the old future stays", async () => {
    await withCluster("#/play", async (page) => {
      await page.keyboard.press("End");
      await page.waitForFunction(() => window.location.hash.includes("t=6"));
      await page.keyboard.press("Home");
      await clickBroker(page, "b3");
      await page.keyboard.press("Shift+K");
      const branches = page.getByRole("combobox", { name: "Branches" });
      await branches.waitFor();
      expect(await branches.locator("option").allTextContents()).toEqual(["main run", "fork A: kill b3"]);
    });
  });

  test("shares the moment: the link shows what its sender saw", async () => {
    const permissions = ["clipboard-read", "clipboard-write"];
    await withCluster(
      "#/play?t=5",
      async (page, context) => {
        await clickBroker(page, "b1");
        await page.keyboard.press("Shift+K");
        await page.keyboard.press("n");
        await page.waitForFunction(() => document.querySelector("[class*=clock] b")?.textContent !== "5.000");
        const seen = await clock(page);
        await page.keyboard.press("Control+Shift+L");
        await page.waitForSelector("text=The link to this moment is copied.");
        const link = await page.evaluate(() => navigator.clipboard.readText());
        expect(link.length).toBeLessThan(2000);

        const other = await context.newPage();
        await other.goto(link);
        await other.waitForSelector("[data-thing^=broker]");
        await other.waitForFunction(
          (time) => document.querySelector("[class*=clock] b")?.textContent === time.toFixed(3),
          seen,
        );
        expect(
          await other.locator('[data-thing="broker:b1"] [role=button]').first().getAttribute("aria-label"),
        ).toContain("down");
        expect(await other.getByRole("alert").count()).toBe(0);
      },
      { permissions },
    );
  });

  test("the palette does to a thing what its menu does, as the thing is at that moment", async () => {
    await withCluster("#/play?t=5", async (page) => {
      const name = () => page.locator('[data-thing="broker:b1"] [role=button]').first().getAttribute("aria-label");
      const say = async (words: string) => {
        await page.keyboard.press("Control+k");
        await page.getByPlaceholder("A command, a lab, a thing").fill(words);
      };
      await say("start b1");
      expect(await page.getByRole("option", { name: "start b1" }).count()).toBe(0);
      await page.keyboard.press("Escape");
      await say("kill b1");
      await page.keyboard.press("Enter");
      await page.getByText("b1 was killed.").waitFor();
      expect(await name()).toContain("down");
      await say("restart b1");
      await page.keyboard.press("Enter");
      await page.getByText("b1 was started.").first().waitFor();
      expect(await name()).not.toContain("down");
      await say("cut b1 from b2");
      await page.getByRole("option", { name: "cut b1 from b2, b3" }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("b1 was cut from b2.").waitFor();
    });
  });

  test("keys are off while typing, and the palette finds a lab", async () => {
    await withCluster("#/play?t=5", async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByPlaceholder("A command, a lab, a thing").fill("first failover");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => window.location.hash.includes("/lab/first-failover"));
      // The lab is there, not only its address: a key pressed between two screens belongs to neither.
      await page.waitForSelector("[data-check]");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      await page.keyboard.press("Escape");
      expect(await page.getByRole("dialog").count()).toBe(0);
    });
  });
});

test.each([
  ["a link that is damaged", "#/s/abc", "cut short or damaged"],
  ["a link of a hundred kilobytes", `#/s/${"A".repeat(100_000)}`, "100000 characters"],
  ["a lab that does not exist", "#/lab/no-such-lab", "no lab called no-such-lab"],
  ["an address that names nothing", "#/nowhere", "names no page"],
])("%s says so and offers the way home", async (_, hash, sentence) => {
  const page = await built.browser.newPage();
  await page.goto(`${built.url}${hash}`);
  await page.getByText(sentence).waitFor({ timeout: 10_000 });
  expect(await page.getByRole("link", { name: "To the first page" }).count()).toBe(1);
  await page.close();
});

describe("at every width", () => {
  const sizes = [
    [360, 740],
    [768, 1024],
    [1024, 768],
    [1280, 800],
  ] as const;

  test.each(
    sizes.flatMap((size) =>
      (["", "#/lab/first-failover?t=4.2", "#/play", "#/help"] as const).map((hash) => [...size, hash] as const),
    ),
  )("%i x %i %s: no sideways scroll, no complaint of axe in light and dark", async (width, height, hash) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await built.browser.newContext({
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      await page.goto(`${built.url}${hash}`);
      // The heading of the page itself: until it has loaded, that of the first page stands in the HTML.
      await page.waitForSelector(hash === "#/help" ? "h1:text-is('Help')" : "[data-thing^=broker]");
      const sizes = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      expect(sizes[0]).toBeLessThanOrEqual(sizes[1] as number);
      // The page refuses scripts from elsewhere, so axe comes in through the debugger.
      await page.evaluate(axeSource);
      const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
        violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[];
      };
      const said = found.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary}`)
            .join(" | ")}`,
      );
      expect(said).toEqual([]);
      await context.close();
    }
  });
});

test("progress is saved as a file, forgotten, and taken back", async () => {
  const progress = JSON.stringify({ "first-failover": { isDone: true, predictions: {} } });
  await built.withPage("", async (page) => {
    await page.evaluate((kept) => localStorage.setItem("faultline.progress", kept), progress);
    await page.goto(`${built.url}#/help`);
    await page.reload();
    await page.getByText("One lab is done.").waitFor();
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as a file" }).click(),
    ]);
    expect(JSON.parse(readFileSync(await file.path(), "utf8"))).toEqual(JSON.parse(progress));
    await page.getByRole("button", { name: "Forget it" }).click();
    await page.getByText("No lab is done.").waitFor();
    expect(await page.evaluate(() => localStorage.getItem("faultline.progress"))).toBe("{}");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("One lab is done.").waitFor();
    expect(await page.evaluate(() => localStorage.getItem("faultline.progress"))).toBe(progress);
  });
});
