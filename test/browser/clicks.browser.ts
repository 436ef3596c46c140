/**
 * The core tasks and how many clicks or keys each may take at most. Every press is counted by the page (support/hand.ts), and
 * each task is done only when the page shows what came of it.
 */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { countPresses, takePresses, turnUntil } from "./support/hand.ts";
import { momentOf, until } from "./support/links.ts";
import { builtPage } from "./support/pages.ts";

const built = builtPage();

const nameOf = async (page: Page, thing: string) =>
  (await page.locator(`[data-thing="${thing}"] [role=button]`).first().getAttribute("aria-label")) ?? "";
const clock = async (page: Page) => Number(await page.locator("[class*=clock] b").first().textContent());
const header = { position: { x: 40, y: 12 } };
const card = (page: Page, id: string) => page.locator(`[data-thing="broker:${id}"]`).first();
const shows = (page: Page, thing: string, words: string) =>
  until(async () => ((await nameOf(page, thing)).includes(words) ? true : null), `${thing} says ${words}`);

/** Does a task on a page that counts, and holds it to its limit. */
async function task(page: Page, limit: number, does: () => Promise<void>): Promise<void> {
  await countPresses(page);
  await takePresses(page);
  await does();
  const presses = await takePresses(page);
  expect(presses.length, presses.join(", ")).toBeLessThanOrEqual(limit);
  expect(presses.length).toBeGreaterThan(0);
}

async function atRest(page: Page, time: number): Promise<void> {
  await page.waitForSelector("[data-thing^=broker]");
  await until(async () => ((await clock(page)) === time ? true : null), `the run stands at ${time} s`);
}

/** The sandbox at 5 s. */
const onTheBench = (use: (page: Page) => Promise<void>) =>
  built.withPage("#/play?t=5", async (page) => {
    await atRest(page, 5);
    await use(page);
  });

/** A story with a loss: the leader is cut from its followers, takes records for a second, and dies; another one leads. */
async function loseRecords(page: Page): Promise<void> {
  await page.getByRole("group", { name: "acks" }).getByText("1", { exact: true }).click();
  await page.getByRole("button", { name: "Run it" }).click();
  await until(async () => ((await clock(page)) > 2 ? true : null), "the run goes on");
  await page.keyboard.press("Space");
  await card(page, "b1").click({ ...header, button: "right" });
  await page.getByRole("menuitem", { name: "Cut from" }).click();
  await page.getByRole("menuitem", { name: "the other brokers" }).click();
  const cutAt = await clock(page);
  await page.keyboard.press("Space");
  await until(async () => ((await clock(page)) > cutAt + 1 ? true : null), "a second passes");
  await page.keyboard.press("Space");
  await card(page, "b1").click(header);
  await page.keyboard.press("Shift+K");
  await shows(page, "broker:b1", "down");
  await turnUntil(page, async () => (await nameOf(page, "replica:b2/orders-0")).includes("leader of"));
  await shows(page, "replica:b2/orders-0", "leader of orders-0");
}

/** After that story. */
const afterALoss = (use: (page: Page) => Promise<void>, permissions: string[] = []) =>
  built.withPage(
    "#/play",
    async (page) => {
      await atRest(page, 0);
      await loseRecords(page);
      await use(page);
    },
    { permissions },
  );

describe("from the first page", () => {
  test("leadership moves: 2", async () => {
    await built.withPage("", async (page) => {
      await page.getByRole("button", { name: /Kill the leader/ }).waitFor();
      await task(page, 2, async () => {
        await page.getByRole("button", { name: /Kill the leader/ }).click();
        await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b2 leads"), null, {
          timeout: 25_000,
        });
      });
    });
  });
});

describe("faults", () => {
  test("kill a chosen broker: 2; restart it: 2", async () => {
    await onTheBench(async (page) => {
      await task(page, 2, async () => {
        await card(page, "b2").click(header);
        await page.keyboard.press("Shift+K");
        await shows(page, "broker:b2", "down");
      });
      await task(page, 2, async () => {
        await card(page, "b2").click(header);
        await page.keyboard.press("Shift+R");
        await until(async () => ((await nameOf(page, "broker:b2")).includes("down") ? null : true), "b2 is not down");
      });
    });
  });

  test("cut b1 from b2 and b3: 4", async () => {
    await onTheBench(async (page) => {
      await task(page, 4, async () => {
        await card(page, "b1").click({ ...header, button: "right" });
        await page.getByRole("menuitem", { name: "Cut from" }).click();
        await page.getByRole("menuitem", { name: "the other brokers" }).click();
        await page.getByText("b1 was cut from b2 and b3.").waitFor();
      });
      for (const other of ["b2", "b3"]) await shows(page, `link:b1|${other}`, "cut");
      expect(await nameOf(page, "link:b2|b3")).not.toContain("cut");
    });
  });

  test("pause for 9 s: 3", async () => {
    await onTheBench(async (page) => {
      await task(page, 3, async () => {
        await card(page, "b3").click(header);
        await page.keyboard.press("Shift+P");
        await shows(page, "broker:b3", "paused");
      });
      await turnUntil(page, async () => !(await nameOf(page, "broker:b3")).includes("paused"));
      expect(await clock(page)).toBe(14);
    });
  });

  test("drop this message: 2", async () => {
    await built.withPage("#/play?t=5.002", async (page) => {
      await atRest(page, 5.002);
      const produce = page.locator("[data-thing^=message]").filter({ hasText: "r26" });
      expect(await produce.count()).toBe(1);
      await task(page, 2, async () => {
        await produce.click({ button: "right" });
        await page.getByRole("menuitem", { name: "Drop this message" }).click();
        await page.getByText("The connection will break before the next Produce from p1 to b1 arrives.").waitFor();
      });
      await until(async () => ((await produce.count()) === 0 ? true : null), "the message is gone");
      // It never arrives; the client sends the record again, later than it would have been there.
      await page.keyboard.press("Space");
      await page.keyboard.press("3");
      const ledger = page.locator("[data-view=ledger] section");
      await ledger.waitFor();
      await ledger.evaluate((element) => element.scrollTo(0, 24 * 24));
      const acked = page.getByRole("button", { name: /where r26 was acknowledged/ });
      await acked.waitFor();
      expect(Number(await acked.textContent())).toBeGreaterThan(5.05);
    });
  });
});

describe("looking back", () => {
  test("to just before the fault: 1", async () => {
    await afterALoss(async (page) => {
      await task(page, 1, async () => {
        await page.keyboard.press("b");
        await until(async () => ((await nameOf(page, "broker:b1")).includes("down") ? null : true), "b1 is up again");
      });
      // The next thing that happens is the fault, at the same time.
      const before = await clock(page);
      await page.keyboard.press("n");
      await shows(page, "broker:b1", "down");
      expect(await clock(page)).toBe(before);
    });
  });

  test("why did leadership move: 1", async () => {
    await afterALoss(async (page) => {
      await page.keyboard.press("End");
      await task(page, 1, async () => {
        await page.getByRole("button", { name: /^b2 · epoch 1/ }).click();
        await page.getByRole("heading", { name: "Why does b2 lead orders-0?" }).waitFor();
      });
      const chain = await page.locator("[data-view=inspector] ol").innerText();
      expect(chain).toContain("b2 leader of orders-0");
      expect(chain).toContain("b1 died");
    });
  });

  test("list the lost records: 1", async () => {
    await afterALoss(async (page) => {
      const lost = Number(/(\d+) lost/.exec(await page.getByRole("tab", { name: /Ledger/ }).innerText())?.[1]);
      expect(lost).toBeGreaterThan(2);
      await task(page, 1, async () => {
        await page.getByRole("tab", { name: /Ledger/ }).click();
        await page.getByRole("table").getByText(/^LOST/i).first().waitFor();
      });
      const rows = await page.getByRole("row", { name: /lost/i }).count();
      expect(rows).toBe(lost);
    });
  });
});

describe("another future", () => {
  test("set acks=all and replay: 3", async () => {
    await afterALoss(async (page) => {
      await task(page, 3, async () => {
        await page.getByRole("group", { name: "acks" }).getByText("all", { exact: true }).click();
        await page.getByRole("button", { name: "Run it" }).click();
        await shows(page, "client:p1", "acks=all");
        await until(async () => ((await clock(page)) > 0 ? true : null), "it plays");
      });
      // The same faults come again, and this time nothing is lost.
      await page.keyboard.press("Space");
      await turnUntil(page, async () => (await nameOf(page, "replica:b2/orders-0")).includes("leader of"));
      await shows(page, "broker:b1", "down");
      expect(await page.getByRole("tab", { name: /Ledger/ }).innerText()).toBe("Ledger");
    });
  });

  test("fork here and compare: 2", async () => {
    await afterALoss(async (page) => {
      await page.keyboard.press("b");
      await task(page, 2, async () => {
        await page.keyboard.press("Shift+F");
        await page.getByRole("tab", { name: "Compare" }).click();
        await page.getByRole("article", { name: "main run" }).waitFor();
        await page.getByRole("article", { name: "fork A" }).waitFor();
      });
      const sides = await page
        .locator("[data-view=compare] select")
        .evaluateAll((all) => (all as HTMLSelectElement[]).map((one) => one.selectedOptions[0]?.textContent));
      expect(sides).toEqual(["main run", "fork A"]);
      for (const name of sides)
        await until(async () => {
          const brokers = page.getByRole("article", { name: name ?? "" }).locator("[data-thing^=broker]");
          return (await brokers.count()) === 3 ? true : null;
        }, `${name} is drawn`);
    });
  });

  test("share this moment: 2", async () => {
    await afterALoss(
      async (page) => {
        const time = await clock(page);
        await task(page, 2, async () => {
          await page.getByRole("button", { name: "Share" }).click();
          await page.getByText("The link to this moment is copied.").waitFor();
        });
        const link = await page.evaluate(() => navigator.clipboard.readText());
        await page.goto("about:blank");
        await page.goto(link);
        await page.waitForSelector("[data-thing^=broker]");
        await until(async () => ((await clock(page)) === time ? true : null), "the link stands at the same moment");
        await shows(page, "broker:b1", "down");
        await shows(page, "replica:b2/orders-0", "leader of orders-0");
        await page.getByRole("button", { name: "Share" }).click();
        await page.getByText("The link to this moment is copied.").waitFor();
        expect(momentOf(await page.evaluate(() => navigator.clipboard.readText()))).toEqual(momentOf(link));
      },
      ["clipboard-read", "clipboard-write"],
    );
  });
});
