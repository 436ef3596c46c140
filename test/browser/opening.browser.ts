/** The first page before and while the simulator arrives: what is shown goes on without a jump, and what is asked for is done. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { builtPage } from "./support/pages.ts";

const built = builtPage();

const shownTime = (page: Page) =>
  page.evaluate(() => Number(document.querySelector("[class*=clock] [class*=time]")?.textContent));
const killButton = (page: Page) => page.getByRole("button", { name: /Kill the leader/ });

/** Holds back the simulator until `arrive` is called. */
async function openWithout(simulator: RegExp) {
  const page = await built.browser.newPage({ viewport: { width: 1280, height: 800 } });
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route(simulator, async (route) => {
    await arrived;
    await route.continue();
  });
  await page.goto(built.url);
  await killButton(page).waitFor();
  await page.waitForFunction(() => Number(document.querySelector("[class*=clock] [class*=time]")?.textContent) > 0.2);
  return { page, arrive };
}

const liveStage = /LiveStage-.*\.js$/;

test("a click before the simulator is there waits, and acts at the moment it was made", async () => {
  const { page, arrive } = await openWithout(liveStage);
  await killButton(page).click();
  expect(await killButton(page).getAttribute("aria-busy")).toBe("true");
  const asked = await shownTime(page);
  await page.waitForTimeout(400);
  expect(await shownTime(page)).toBe(asked);
  arrive();
  await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b1 is down"));
  const name = await page.locator('[data-thing="broker:b1"] [role=button]').first().getAttribute("aria-label");
  expect(name).toContain(`killed at ${asked.toFixed(3)}`);
  await page.close();
});

test("focus and a press that lasts survive when the simulator takes over", async () => {
  const { page, arrive } = await openWithout(liveStage);
  await killButton(page).focus();
  const box = await killButton(page).boundingBox();
  if (box === null) throw new Error("the button has no place");
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  arrive();
  await page.waitForTimeout(2000);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Kill the leader");
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector("h1")?.textContent?.includes("b1 is down"), null, {
    timeout: 2000,
  });
  await page.close();
});

test("time goes on without a jump when the simulator takes over", async () => {
  const { page, arrive } = await openWithout(liveStage);
  // A hand shows itself, and the simulator is wanted.
  await page.mouse.move(300, 300);
  await page.waitForTimeout(500);
  const sampling = page.evaluate(
    () =>
      new Promise<{ wall: number; time: number; brokers: string }[]>((resolve) => {
        const samples: { wall: number; time: number; brokers: string }[] = [];
        requestAnimationFrame(function look() {
          const wall = performance.now();
          const time = Number(document.querySelector("[class*=clock] [class*=time]")?.textContent);
          const brokers = [...document.querySelectorAll("[data-thing^=broker]")].map((one) => one.id).length;
          samples.push({ wall, time, brokers: String(brokers) });
          if (samples.length < 240) requestAnimationFrame(look);
          else resolve(samples);
        });
      }),
  );
  arrive();
  const samples = await sampling;
  expect(
    await page.evaluate(() => performance.getEntriesByType("resource").some(({ name }) => /\/simulator-/.test(name))),
  ).toBe(true);
  for (const [n, { wall, time, brokers }] of samples.entries()) {
    const before = samples[n - 1];
    if (before === undefined) continue;
    expect(time).toBeGreaterThanOrEqual(before.time);
    // At most what passed on the wall; a frame shows at most 100 ms, and one may come late on a busy machine.
    expect(time - before.time).toBeLessThanOrEqual(Math.max(0.12, (wall - before.wall) / 1000 + 0.06));
    expect(brokers).toBe("3");
  }
  expect((samples.at(-1)?.time ?? 0) - (samples[0]?.time ?? 0)).toBeGreaterThan(1);
  await page.close();
});

test("while nobody does anything the simulator is fetched and does not run; when the recording ends, it does", async () => {
  const page = await built.browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(built.url);
  const isFetched = () =>
    page.evaluate(() => performance.getEntriesByType("resource").some(({ name }) => /\/simulator-/.test(name)));
  await expect.poll(isFetched, { timeout: 5000 }).toBe(true);
  const isLive = () =>
    page.evaluate(() => performance.getEntriesByType("mark").some(({ name }) => name === "faultline-live"));
  expect(await shownTime(page)).toBeLessThan(9);
  expect(await isLive()).toBe(false);
  await expect.poll(isLive, { timeout: 20_000 }).toBe(true);
  expect(await shownTime(page)).toBe(10);
  await page.close();
});
