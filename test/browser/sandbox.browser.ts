/**
 * Somebody who has read nothing: builds a cluster from nothing, runs it, kills the leader, and reads off the screen which
 * records were lost and who owns what. By pointer, and by keyboard alone. And what was done is not lost by itself.
 */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { countPresses, takePresses, turnUntil } from "./support/hand.ts";
import { until } from "./support/links.ts";
import { builtPage } from "./support/pages.ts";

const built = builtPage();

const nameOf = async (page: Page, thing: string) =>
  (await page.locator(`[data-thing="${thing}"] [role=button]`).first().getAttribute("aria-label")) ?? "";
const clock = async (page: Page) => Number(await page.locator("[class*=clock] b").first().textContent());
const passes = (page: Page, time: number) =>
  until(async () => ((await clock(page)) > time ? true : null), `the run passes ${time} s`);
const shows = (page: Page, thing: string, words: string) =>
  until(async () => ((await nameOf(page, thing)).includes(words) ? true : null), `${thing} says ${words}`);

/** A pair of hands: each does by its own means what a step of the story asks for. */
interface Hands {
  press(button: string | RegExp): Promise<void>;
  fill(field: string, value: string): Promise<void>;
  /** Takes one of several. */
  take(group: string, value: string): Promise<void>;
  /** The fault menu of a broker. */
  menuOf(broker: string): Promise<void>;
  pick(item: string): Promise<void>;
  tab(name: RegExp): Promise<void>;
}

const pointer = (page: Page): Hands => ({
  press: (name) => page.getByRole("button", { name }).click(),
  fill: (name, value) => page.getByRole("spinbutton", { name, exact: true }).fill(value),
  take: (name, value) => page.getByRole("group", { name }).getByText(value, { exact: true }).click(),
  menuOf: (id) =>
    page
      .locator(`[data-thing="broker:${id}"]`)
      .first()
      .click({ button: "right", position: { x: 40, y: 12 } }),
  pick: (name) => page.getByRole("menuitem", { name }).click(),
  tab: (name) => page.getByRole("tab", { name }).or(page.getByRole("button", { name })).first().click(),
});

/** What has the focus, as a screen reader would name it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const labels = (element as HTMLInputElement | null)?.labels;
    return element?.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? element?.textContent ?? "";
  });

/** Tab until it is there; each thing that has the focus on the way must be in sight. */
async function tabTo(page: Page, name: string | RegExp, key = "Tab"): Promise<void> {
  for (let n = 0; n < 90; n += 1) {
    const here = (await focused(page)).trim();
    if (typeof name === "string" ? here === name : name.test(here)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

const keyboard = (page: Page): Hands => ({
  async press(name) {
    await tabTo(page, name);
    await page.keyboard.press("Enter");
  },
  async fill(name, value) {
    await tabTo(page, name);
    await page.keyboard.press("Control+a");
    await page.keyboard.type(value);
  },
  async take(name, value) {
    await page.keyboard.press("Tab");
    await until(async () => {
      const chosen = await page.getByRole("group", { name }).locator("input:focus").count();
      if (chosen === 0) await page.keyboard.press("Tab");
      return chosen > 0 ? true : null;
    }, `the Tab key leads to ${name}`);
    for (let n = 0; n < 3 && (await focused(page)).trim() !== value; n += 1) await page.keyboard.press("ArrowLeft");
    expect((await focused(page)).trim()).toBe(value);
  },
  async menuOf(id) {
    await tabTo(page, new RegExp(`^${id}, (up|down)`));
    await page.keyboard.press("m");
  },
  async pick(name) {
    const item = page.getByRole("menuitem", { name });
    await item.waitFor();
    for (let n = 0; n < 20 && !(await item.evaluate((one) => one === document.activeElement)); n += 1)
      await page.keyboard.press("ArrowDown");
    await page.keyboard.press((await item.getAttribute("aria-haspopup")) === "menu" ? "ArrowRight" : "Enter");
  },
  async tab(name) {
    // Tabs are one stop: the arrows move along them.
    const wanted = page.getByRole("tab", { name });
    const other = page.getByRole("button", { name });
    for (let n = 0; n < 90; n += 1) {
      if (
        await wanted
          .or(other)
          .first()
          .evaluate((one) => one === document.activeElement)
      )
        break;
      const inList = await wanted
        .count()
        .then(async (count) =>
          count === 0
            ? false
            : wanted.first().evaluate((one) => one.parentElement?.contains(document.activeElement) ?? false),
        );
      await page.keyboard.press(inList ? "ArrowRight" : "Tab");
    }
    await page.keyboard.press("Enter");
  },
});

const forms = [
  { by: "pointer", hands: pointer, width: 1280, height: 800, colorScheme: "light" },
  { by: "keyboard", hands: keyboard, width: 1440, height: 900, colorScheme: "dark" },
] as const;

describe.each(forms)("by $by, $width x $height, $colorScheme", ({ by, hands, width, height, colorScheme }) => {
  test("from nothing to who lost what and who owns what", async () => {
    await built.withPage(
      "#/play",
      async (page) => {
        await page.waitForSelector("[data-thing^=broker]");
        await countPresses(page);
        const hand = hands(page);
        await hand.press("Start from nothing");
        if (by === "keyboard") await page.keyboard.press("Shift+Tab");
        if (by === "keyboard") await tabTo(page, "brokers", "Shift+Tab");
        await hand.fill("brokers", "3");
        await hand.press("Add a topic");
        await hand.press("Add a producer");
        if (by === "keyboard") await tabTo(page, "Name of topic", "Shift+Tab");
        await hand.take("acks", "1");
        await hand.press("Add a group");
        if (by === "keyboard") await tabTo(page, "Name of group", "Shift+Tab");
        await hand.fill("consumers", "2");
        expect(await page.getByRole("spinbutton", { name: "replication factor" }).inputValue()).toBe("3");
        await hand.press("Run it");
        await shows(page, "client:p1", "acks=1");
        await passes(page, 7);

        // It plays, and the key that plays is the key that stops.
        await page.keyboard.press("Space");
        const at = await clock(page);
        await hand.menuOf("b1");
        await hand.pick("Cut from");
        await hand.pick("the other brokers");
        await page.getByText("b1 was cut from b2 and b3.").waitFor();
        await page.keyboard.press("Space");
        await passes(page, at + 1);
        await page.keyboard.press("Space");
        await hand.menuOf("b1");
        await hand.pick("Kill");
        await shows(page, "broker:b1", "down");
        await turnUntil(page, async () => (await nameOf(page, "replica:b2/topic1-0")).includes("leader of"));

        // Who leads, in how many copies: on the card, in sight.
        expect(await nameOf(page, "replica:b2/topic1-0")).toMatch(/leader of topic1-0, epoch 1.*in sync 2 of 3/);
        for (const thing of ["broker:b1", "broker:b2", "client:p1", "client:c1", "client:c2"])
          expect(await inSight(page, thing), `${thing} is in sight`).toBe(true);

        // Which records were lost: the badge says how many, the list which, and each says what happened to it.
        await hand.tab(/Ledger \d+ lost/);
        const rows = page.getByRole("row", { name: /lost: acknowledged/ });
        await rows.first().waitFor();
        const badge = Number(/(\d+) lost/.exec(await page.getByRole("tab", { name: /Ledger/ }).innerText())?.[1]);
        expect(await rows.count()).toBe(badge);
        expect(badge).toBeGreaterThan(3);
        expect(await rows.first().innerText()).toMatch(/^r\d+/);

        // Which member owns what.
        if (by === "keyboard") await tabTo(page, "Canvas", "Shift+Tab");
        await hand.tab(/Groups/);
        const members = page.getByRole("table", { name: "Members of g1" });
        await members.waitFor();
        const owned = await members.getByRole("row").allInnerTexts();
        expect(owned.filter((row) => /^\s*c[12]\b/.test(row)).length).toBe(2);
        expect(owned.filter((row) => row.includes("topic1-0")).length).toBe(1);
        expect(owned.filter((row) => row.includes("nothing")).length).toBe(1);

        if (by === "keyboard")
          expect((await takePresses(page)).filter((press) => press.startsWith("pointer"))).toEqual([]);
      },
      { viewport: { width, height }, colorScheme },
    );
  });
});

/** It lies in the part of its pane that is shown. */
const inSight = (page: Page, thing: string) =>
  page
    .locator(`[data-thing="${thing}"]`)
    .first()
    .evaluate((element) => {
      const box = element.getBoundingClientRect();
      const pane = element.closest("[data-view]")?.getBoundingClientRect();
      return pane !== undefined && box.top >= pane.top && box.bottom <= pane.bottom + 8 && box.right <= pane.right;
    });

describe("what was done", () => {
  /** A run of 7 s in which b2 was killed at 5 s. */
  async function killB2(page: Page): Promise<void> {
    await page.waitForSelector("[data-thing^=broker]");
    await page.getByRole("group", { name: "acks" }).getByText("1", { exact: true }).click();
    await page.getByRole("button", { name: "Run it" }).click();
    await passes(page, 1);
    await page.keyboard.press("Space");
    await page
      .locator('[data-thing="broker:b2"]')
      .first()
      .click({ position: { x: 40, y: 12 } });
    await page.keyboard.press("Shift+K");
    await shows(page, "broker:b2", "down");
  }

  test("is undone step by step, the new run too, and done again", async () => {
    await built.withPage("#/play", async (page) => {
      await killB2(page);
      await page.keyboard.press("Shift+R");
      await until(async () => ((await nameOf(page, "broker:b2")).includes("down") ? null : true), "b2 starts");
      await page.keyboard.press("Control+z");
      await shows(page, "broker:b2", "down");
      await page.keyboard.press("Control+z");
      await shows(page, "broker:b2", "up");
      await page.keyboard.press("Control+z");
      await page.getByText("Undone: the new run.").waitFor();
      await shows(page, "client:p1", "acks=all");
      await page.keyboard.press("Control+z");
      await page.getByText("There is nothing to undo.").waitFor();
      await page.keyboard.press("Control+Shift+z");
      await shows(page, "client:p1", "acks=1");
    });
  });

  test("is still there when the page is loaded again, and Reset takes it away", async () => {
    await built.withPage("#/play", async (page) => {
      await killB2(page);
      const time = await clock(page);
      await until(
        async () =>
          (await page.evaluate(() => localStorage.getItem("faultline.sandbox")))?.includes("kill") ? true : null,
        "it is kept",
      );
      await page.reload();
      await page.getByText("This is the run as you left it.").waitFor();
      await until(async () => ((await clock(page)) === time ? true : null), "the same moment");
      await shows(page, "broker:b2", "down");
      await shows(page, "client:p1", "acks=1");
      await page.getByRole("button", { name: "Reset" }).click();
      await shows(page, "broker:b2", "up");
      await shows(page, "client:p1", "acks=1");
    });
  });

  test("in a lab is still there when the page is loaded again, and gone when the lab is opened anew", async () => {
    await built.withPage("#/lab/first-failover", async (page) => {
      await page.waitForSelector("[data-thing^=broker]");
      await page.keyboard.press("n");
      await page
        .locator('[data-thing="broker:b3"]')
        .first()
        .click({ position: { x: 40, y: 12 } });
      await page.keyboard.press("Shift+K");
      await page.getByText("The run waits for your prediction. Lock one in, or skip it.").waitFor();
      await page.getByRole("button", { name: "Skip" }).click();
      await page
        .locator('[data-thing="broker:b3"]')
        .first()
        .click({ position: { x: 40, y: 12 } });
      await page.keyboard.press("Shift+K");
      await shows(page, "broker:b3", "down");
      await until(
        async () => (JSON.stringify(await page.evaluate(() => ({ ...sessionStorage }))).includes("kill") ? true : null),
        "it is kept",
      );
      await page.reload();
      await shows(page, "broker:b3", "down");
      await page.getByRole("link", { name: "Labs" }).first().click();
      await page.getByRole("link", { name: /The first failover/ }).click();
      await page.waitForSelector("[data-thing^=broker]");
      await shows(page, "broker:b3", "up");
    });
  });

  test("becomes a scenario of its own that opens with the same cluster and the same act", async () => {
    await built.withPage("#/play", async (page) => {
      await killB2(page);
      const time = await clock(page);
      await page.keyboard.press("Control+s");
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: /Save what I just did/ }).click(),
      ]);
      const saved = readFileSync(await file.path(), "utf8");
      expect(saved).toContain("kill: b2");
      expect(saved).toMatch(/acks: "?1/);
      await page.evaluate(() => localStorage.clear());
      await page.goto("about:blank");
      await page.goto(`${built.url}#/play`);
      await page.waitForSelector("[data-thing^=broker]");
      await page.keyboard.press("Control+s");
      await page
        .getByLabel("Choose a file")
        .setInputFiles({ name: "mine.yaml", mimeType: "text/yaml", buffer: Buffer.from(saved) });
      await page.getByText("Sandbox, changed is open.").waitFor();
      await shows(page, "client:p1", "acks=1");
      await turnUntil(page, async () => (await nameOf(page, "broker:b2")).includes("down"));
      await shows(page, "broker:b2", "down");
      expect(await clock(page)).toBeCloseTo(time, 2);
    });
  });
});
