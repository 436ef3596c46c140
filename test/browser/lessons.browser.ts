/**
 * Every lab in a real browser, by keyboard alone: the question that holds the run is answered, the steps are set, the run goes to
 * its end, every check is ticked, and the explanation opens. The same scenario files drive the unit runs.
 */
import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { until } from "./support/links.ts";
import { axeSource, builtPage } from "./support/pages.ts";

const folder = new URL("../../scenarios/", import.meta.url);
const labs = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml") && /^lesson:/m.test(readFileSync(new URL(name, folder), "utf8")))
  .map((name) => name.replace(/\.yaml$/, ""));

const built = builtPage();

const withPage = (hash: string, use: (page: Page) => Promise<void>, width = 1440) =>
  built.withPage(hash, use, { viewport: { width, height: 900 }, reducedMotion: "reduce", timeout: 20_000 });

/** Waits until a question can be answered or the run has come to its end; true for a question. */
async function isAsked(page: Page): Promise<boolean> {
  const found = await page.waitForFunction(() => {
    if (document.querySelector("[data-prediction=open]") !== null) return "asked";
    const open = document.querySelectorAll("[data-check=open]").length;
    const all = document.querySelectorAll("[data-check]").length;
    return all > 0 && open === 0 ? "over" : null;
  });
  return (await found.jsonValue()) === "asked";
}

/** Answers the open question with keys alone: the first option, a number, or the order as it stands. */
async function answer(page: Page): Promise<void> {
  const form = page.locator("[data-prediction=open]").first();
  const answered = await page.locator("[data-prediction=locked], [data-prediction=decided]").count();
  const number = form.locator("[role=spinbutton]");
  const radios = form.locator("fieldset").first().locator("input[type=radio]");
  if ((await number.count()) > 0) {
    await number.focus();
    await page.keyboard.type("5");
  } else if ((await form.locator("table select").count()) > 0) {
    for (const cell of await form.locator("table select").all()) {
      await cell.focus();
      await page.keyboard.press("ArrowDown");
    }
  } else if ((await form.locator("ol").count()) === 0) {
    await radios.first().focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    expect(await radios.nth(1).isChecked()).toBe(true);
  }
  await form.getByRole("button", { name: "Lock in" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(
    (before) => document.querySelectorAll("[data-prediction=locked], [data-prediction=decided]").length > before,
    answered,
  );
}

describe.each(labs)("lab %s", (id) => {
  test("is done by keyboard: questions answered, steps set, every check ticked", async () => {
    await withPage(`#/lab/${id}`, async (page) => {
      await page.waitForSelector("[data-check]");
      const steps = page.getByRole("button", { name: "Do the steps for me" });
      // Set before the run has gone anywhere, so that it is the one future.
      if ((await steps.count()) > 0) {
        await steps.focus();
        await page.keyboard.press("Enter");
      }
      for (let n = 0; n < 12; n += 1) {
        await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
        await page.keyboard.press("End");
        if (!(await isAsked(page))) break;
        await answer(page);
      }
      const verdicts = await page
        .locator("[data-check]")
        .evaluateAll((items) =>
          items
            .map((item) => `${item.getAttribute("data-check")} ${item.textContent}`)
            .filter((one) => !one.startsWith("held")),
        );
      expect(verdicts).toEqual([]);
      await page.getByText("Done. All checks hold.").waitFor();
      await page.getByRole("heading", { name: "What happened" }).waitFor();
      const stored = await page.evaluate(() => JSON.parse(localStorage.getItem("faultline.progress") ?? "{}"));
      expect(stored[id]?.isDone).toBe(true);
    });
  }, 60_000);
});

describe("the first failover", () => {
  test("a question holds the run at its moment, Play is locked, and a skip lets it go on", async () => {
    await withPage("#/lab/first-failover", async (page) => {
      await page.waitForSelector("[data-check]");
      expect(await page.locator("[data-prediction=open]").count()).toBe(0);
      await page.keyboard.press("End");
      await page.getByText("The run waits for your prediction.").waitFor();
      expect(await page.getByRole("button", { name: "Play", exact: true }).isDisabled()).toBe(true);
      await page.getByRole("button", { name: "Skip", exact: true }).click();
      expect(await page.getByRole("button", { name: "Play", exact: true }).isDisabled()).toBe(false);
      await page.getByRole("button", { name: "Kill the leader" }).click();
      await page.waitForFunction(() =>
        /^4\.[0-9]+/.test(document.querySelector("[class*=clock] b")?.textContent ?? ""),
      );
      await page.keyboard.press("End");
      // b2 took over, and b1, which nobody brought back, did not follow.
      await page.locator("[data-check=held]").first().waitFor();
      await page.locator("[data-check=fell]").first().waitFor();
    });
  });

  test("on a phone the question stands at its place, and nothing goes on until it is answered", async () => {
    await built.withPage(
      "#/lab/first-failover",
      async (page) => {
        const next = page.getByRole("button", { name: "Next turn" });
        const question = page.getByRole("region", { name: "Predict" });
        await next.waitFor();
        for (let n = 0; n < 8 && !(await next.isDisabled()); n += 1) await next.click();
        await question.waitFor();
        expect(await page.getByRole("button", { name: "Play", exact: true }).isDisabled()).toBe(true);
        const broker = page.locator('[data-thing="broker:b1"] [role=button]').first();
        expect(await broker.getAttribute("aria-label")).not.toContain("down");
        await question.locator("label", { hasText: "A live member of the in-sync set" }).click();
        await question.getByRole("button", { name: "Lock in" }).click();
        await question.waitFor({ state: "detached" });

        await next.click();
        await page.waitForFunction(() =>
          document
            .querySelector('[data-thing="broker:b1"] [role=button]')
            ?.getAttribute("aria-label")
            ?.includes("down"),
        );
        expect(await page.getByText("as you predicted").count()).toBe(0);
        for (let n = 0; n < 12 && (await page.getByText("as you predicted").count()) === 0; n += 1) await next.click();
        await page.getByText("Decided: as you predicted").click();
        await page.locator("[data-prediction=decided]").waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      },
      { viewport: { width: 360, height: 740 }, reducedMotion: "reduce", timeout: 20_000 },
    );
  });

  test("what was predicted is a mark on the timeline once the run has decided it, and a click goes there", async () => {
    await withPage("#/lab/first-failover", async (page) => {
      await page.waitForSelector("[data-check]");
      await page.getByRole("button", { name: "Do the steps for me" }).click();
      await page.keyboard.press("End");
      const mark = page.getByRole("button", { name: /^(not )?as you predicted, at/ });
      expect(await mark.count()).toBe(0);
      await page.locator("[data-prediction=open] label", { hasText: "Any broker that is alive" }).click();
      await page.getByRole("button", { name: "Lock in" }).click();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.press("End");
      await mark.waitFor();
      const name = await mark.getAttribute("aria-label");
      expect(name).toContain("not as you predicted");
      await mark.click();
      await until(
        async () =>
          name?.includes(`at ${await page.locator("[class*=clock] b").first().textContent()}:`) ? true : null,
        "the moment of the mark",
      );
    });
  });

  test("config offers a change from the start, keeps the seed, and can be undone", async () => {
    await withPage("#/lab/first-failover", async (page) => {
      await page.waitForSelector("[data-check]");
      await page.getByRole("button", { name: "Config" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Of", { exact: true }).selectOption("client-p1");
      await dialog.getByLabel("acks", { exact: true }).selectOption("1");
      await dialog.getByText("acks=1: the leader answers alone", { exact: false }).waitFor();
      await dialog.getByRole("button", { name: "From the start" }).click();
      await page.getByText("acks=1", { exact: true }).first().waitFor();
      expect(await page.getByText("seed 1").count()).toBe(1);
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("acks=all", { exact: true }).first().waitFor();
    });
  });
});

describe("the sandbox", () => {
  test("builds a cluster of five brokers with one more topic, and runs it", async () => {
    await withPage("#/play", async (page) => {
      await page.waitForSelector("[data-thing^=broker]");
      await page.getByLabel("brokers", { exact: true }).fill("5");
      await page.getByRole("button", { name: "Add a topic" }).click();
      await page.getByRole("button", { name: "Run it" }).click();
      await page.waitForSelector('[data-thing="broker:b5"]');
      await page.getByText("This is what runs.").waitFor();
    });
  });

  test("says what is wrong with a file, line by line, and refuses a large one by its size", async () => {
    await withPage("#/play", async (page) => {
      await page.waitForSelector("[data-thing^=broker]");
      await page.keyboard.press("Control+s");
      const file = page.getByLabel("Choose a file");
      const good = readFileSync(new URL("first-failover.yaml", folder), "utf8");
      const text = good.replace("kill: b1", "kil: b1");
      await file.setInputFiles({ name: "mine.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });
      await page
        .getByText(/did you mean "kill"/)
        .first()
        .waitFor();
      await page
        .getByText(/^line \d+, column \d+$/)
        .first()
        .waitFor();
      const large = join(mkdtempSync(join(tmpdir(), "faultline-")), "large.yaml");
      writeFileSync(large, "");
      truncateSync(large, 50_000_000);
      await file.setInputFiles(large);
      await page.getByText("large.yaml has 50.0 MB.", { exact: false }).waitFor();
      await file.setInputFiles({ name: "good.yaml", mimeType: "text/yaml", buffer: Buffer.from(good) });
      await page.getByText("The first failover is open.").waitFor();
    });
  });

  test("saves what was done as a scenario that opens again", async () => {
    await withPage("#/play?t=5", async (page) => {
      await page
        .locator('[data-thing="broker:b1"]')
        .first()
        .click({ position: { x: 40, y: 12 } });
      await page.keyboard.press("Shift+K");
      await page.getByText("b1 was killed.").first().waitFor();
      await page.keyboard.press("Control+s");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: /Save what I just did/ }).click(),
      ]);
      const saved = readFileSync(await download.path(), "utf8");
      expect(saved).toMatch(/kill: b1/);
      await page.keyboard.press("Control+s");
      await page
        .getByLabel("Choose a file")
        .setInputFiles({ name: download.suggestedFilename(), mimeType: "text/yaml", buffer: Buffer.from(saved) });
      await page.getByText("Sandbox, changed is open.").waitFor();
    });
  });
});

describe.each(["light", "dark"] as const)("axe, %s", (theme) => {
  test.each([
    ["#/lab/first-failover", 1440],
    ["#/lab/follow-one-record", 1024],
    ["#/play", 1440],
    ["#/play", 700],
  ] as const)("%s at %i px", async (hash, width) => {
    await withPage(
      `${hash}?theme=${theme}`,
      async (page) => {
        await page.waitForSelector("[data-view]");
        await page.emulateMedia({ colorScheme: theme });
        if (hash === "#/play" && width === 1440) {
          await page.getByRole("button", { name: "Config" }).first().click();
          await page.getByRole("dialog").waitFor();
        }
        await page.evaluate(axeSource);
        const violations = await page.evaluate(async () => {
          const { axe } = window as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
        });
        expect(violations).toEqual([]);
      },
      width,
    );
  });
});
