/**
 * Counts what a hand does to a page, in the page itself: every press of a pointer and every press of a key that the browser
 * delivers as a real event. The test cannot leave one out, and one made by a script does not count.
 *
 * A key held with Shift or Ctrl is one press. Each character typed into a field is one. Moving the pointer is none.
 */
import type { Page } from "playwright-core";
import { until } from "./links.ts";

interface Counting {
  __presses?: string[];
}

/** Begins to count. What was pressed is forgotten when the page is loaded again. */
export async function countPresses(page: Page): Promise<void> {
  await page.evaluate(() => {
    const counting = window as unknown as Counting;
    if (counting.__presses !== undefined) return;
    const presses: string[] = [];
    counting.__presses = presses;
    const modifiers = ["Shift", "Control", "Alt", "Meta"];
    window.addEventListener(
      "pointerdown",
      (event) =>
        event.isTrusted && presses.push(`pointer on ${String((event.target as Element).textContent).slice(0, 20)}`),
      { capture: true },
    );
    window.addEventListener(
      "keydown",
      (event) => event.isTrusted && !modifiers.includes(event.key) && presses.push(`key ${event.key}`),
      { capture: true },
    );
  });
}

/** What was pressed since it was last asked. */
export function takePresses(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as Counting).__presses?.splice(0) ?? []);
}

/** Goes from turn to turn until something holds. A turn may have to be computed first, so each press waits for its answer. */
export async function turnUntil(page: Page, holds: () => Promise<boolean>, most = 20): Promise<void> {
  const count = () => page.locator("[class*=count] b").first().textContent();
  for (let n = 0; n < most && !(await holds()); n += 1) {
    const before = await count();
    await page.keyboard.press("n");
    await until(async () => ((await count()) === before ? null : true), "the next turn");
  }
}
