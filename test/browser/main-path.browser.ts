/**
 * The main path in both browsers, by real clicks and keys that are counted: kill the leader, see leadership move, step
 * back, try another future, switch between both, and send the moment to somebody who has the other browser.
 */
import { describe, expect, test } from "vitest";
import { type BrowserName, browserNames, type OpenPage, openIn } from "./support/browsers.ts";
import { copiedLink, momentOf, until } from "./support/links.ts";
import { serveDist } from "./support/server.ts";

/** A hand that counts: what it did since it was last asked. */
function handOn(page: OpenPage) {
  let done = 0;
  const counted =
    <A extends unknown[]>(act: (...args: A) => Promise<void>) =>
    (...args: A) => {
      done += 1;
      return act(...args);
    };
  return {
    click: counted(page.click),
    press: counted(page.press),
    choose: counted(page.choose),
    /** The header of a broker's card. */
    clickBroker: counted(async (id: string) => {
      const box = (await page.evaluate(
        `(() => { const { x, y } = document.querySelector('[data-thing="broker:${id}"]').getBoundingClientRect(); return [x, y]; })()`,
      )) as [number, number];
      await page.clickAt(box[0] + 40, box[1] + 12);
    }),
    takeCount() {
      const count = done;
      done = 0;
      return count;
    },
  };
}

const seen = (page: OpenPage) => ({
  heading: async () => String(await page.evaluate("document.querySelector('h1')?.textContent ?? ''")),
  clock: async () => Number(await page.evaluate("document.querySelector('[class*=clock] b')?.textContent ?? ''")),
  broker: async (id: string) =>
    String(
      await page.evaluate(
        `document.querySelector('[data-thing="broker:${id}"] [role=button]')?.getAttribute('aria-label') ?? ''`,
      ),
    ),
  replica: async (id: string) =>
    String(
      await page.evaluate(
        `document.querySelector('[data-thing="replica:${id}/orders-0"] [role=button]')?.getAttribute('aria-label') ?? ''`,
      ),
    ),
});

const otherThan: Record<BrowserName, BrowserName> = { chromium: "firefox", firefox: "chromium" };

/** One browser plays it at the root of a server, the other below a sub-path. */
const places = browserNames.map((name) => ({ name, basePath: name === "firefox" ? "/course/week-3/" : "/" }));

describe.each(places)("in $name, at $basePath", ({ name, basePath }) => {
  test("from the first page to a new leader: at most two clicks and 30 s", async () => {
    const server = await serveDist({ basePath });
    const startedAt = performance.now();
    const page = await openIn(name, server.url);
    try {
      const hand = handOn(page);
      await page.waitFor("main button");
      const button = "main [class*=panel] button";
      await page.waitFor(button);
      await hand.click(button);
      await until(async () => ((await seen(page).heading()).includes("b2 leads") ? true : null), "b2 leads");
      expect(hand.takeCount()).toBeLessThanOrEqual(2);
      expect(performance.now() - startedAt).toBeLessThanOrEqual(30_000);
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });

  test("back to before the fault, another future, and the other browser sees the same moment", async () => {
    const server = await serveDist({ basePath });
    const page = await openIn(name, `${server.url}#/play?t=5`);
    try {
      const hand = handOn(page);
      const { clock, broker, replica } = seen(page);
      await page.waitFor('[data-thing="broker:b1"]');
      await until(async () => ((await clock()) === 5 ? true : null), "the run stands at 5 s");

      await hand.clickBroker("b1");
      await hand.press("K");
      expect(hand.takeCount()).toBe(2);
      expect(await broker("b1")).toContain("down");
      for (let n = 0; n < 12 && !(await replica("b2")).includes("leader of"); n += 1) await hand.press("n");
      expect(await replica("b2")).toContain("leader of orders-0");
      expect(await clock()).toBeGreaterThan(5);

      // Back by turns, then by events to the one before the kill. The focus is on the canvas, where arrows move it.
      await page.evaluate(markParts);
      for (let n = 0; n < 20 && (await clock()) > 5; n += 1) await hand.press("p");
      for (let n = 0; n < 5 && (await broker("b1")).includes("down"); n += 1) await hand.click("[data-back]");
      expect(await broker("b1")).not.toContain("down");
      expect(await replica("b1")).toContain("leader of orders-0");

      await hand.clickBroker("b2");
      hand.takeCount();
      await hand.press("P");
      expect(hand.takeCount()).toBe(1);
      await until(
        async () => ((await page.evaluate(optionsOf)) as string[]).includes("fork A: pause b2") || null,
        "there are two futures",
      );
      expect(await broker("b2")).toContain("paused");

      const both = (await page.evaluate(valuesOf)) as string[];
      expect(both).toHaveLength(2);
      await page.evaluate(markParts);
      await hand.choose("select[data-branches]", both[0] as string);
      expect(await broker("b2")).not.toContain("paused");
      await hand.choose("select[data-branches]", both[1] as string);
      expect(await broker("b2")).toContain("paused");
      const link = await copiedLink(page, () => hand.press("n").then(() => page.click("[data-share]")));
      const sent = momentOf(link);
      expect(page.errors).toEqual([]);

      const other = await openIn(otherThan[name], link);
      try {
        await other.waitFor('[data-thing="broker:b2"]');
        const there = seen(other);
        const shown = await clock();
        await until(async () => ((await there.clock()) === shown ? true : null), "the other browser is there");
        for (const id of ["b1", "b2", "b3"]) {
          expect(await there.broker(id)).toBe(await broker(id));
          expect(await there.replica(id)).toBe(await replica(id));
        }
        await other.evaluate(markParts);
        const answer = momentOf(await copiedLink(other, () => other.click("[data-share]")));
        expect(answer).toEqual(sent);
        expect(other.errors).toEqual([]);
      } finally {
        await other.close();
      }
    } finally {
      await page.close();
      await server.close();
    }
  });
});

/** Expressions for the page. The names of classes are made by the build, so parts are found by what they say. */
const findBranches = `[...document.querySelectorAll("select")].find((one) => one.options[0]?.text === "main run")`;
const optionsOf = `[...(${findBranches}?.options ?? [])].map((option) => option.text)`;
const valuesOf = `[...(${findBranches}?.options ?? [])].map((option) => option.value)`;
const findButton = (words: string) =>
  `[...document.querySelectorAll("button")].find((one) => (one.getAttribute("aria-label") ?? one.textContent).includes("${words}"))`;
const markParts = `(() => {
  ${findBranches}?.setAttribute("data-branches", "");
  ${findButton("Share")}?.setAttribute("data-share", "");
  ${findButton("Previous event")}?.setAttribute("data-back", "");
})()`;
