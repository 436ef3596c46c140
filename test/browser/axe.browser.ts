/**
 * What axe says of each page in both themes, at three widths, and of what opens on it: menus, palette, dialogs, each tab.
 * No complaint of any of its rules is let through.
 */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axeSource, builtPage } from "./support/pages.ts";

const built = builtPage();
const themes = ["light", "dark"] as const;

interface Complaint {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[];
}

/** All that axe complains of now, one line each. `state` names what is open. */
async function complaintsOf(page: Page, state: string): Promise<string[]> {
  // The page refuses scripts from elsewhere, so axe comes in through the debugger.
  await page.evaluate(axeSource);
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
    violations: Complaint[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map((node) => `${state}: ${id} ${JSON.stringify(node.target)} ${node.failureSummary}`),
  );
}

type Step = readonly [state: string, open: (page: Page) => Promise<void>];

const pressEscape = (page: Page) => page.keyboard.press("Escape");
const tab = (name: RegExp): Step => [
  `tab ${name.source}`,
  (page) => page.getByRole("tab", { name }).or(page.getByRole("button", { name })).first().click(),
];
const palette: Step = [
  "palette",
  async (page) => {
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("A command, a lab, a thing").fill("b1");
    await page.getByRole("option").first().waitFor();
  },
];
const dialog = (name: RegExp): Step => [
  `dialog ${name.source}`,
  async (page) => {
    await page.getByRole("button", { name }).first().click();
    await page.getByRole("dialog").waitFor();
  },
];
const close: Step = [
  "closed again",
  async (page) => {
    await pressEscape(page);
    await page.waitForFunction(() => document.querySelector("[role=dialog], [role=menu], dialog[open]") === null);
  },
];
const broker = (page: Page) => page.locator('[data-thing="broker:b1"]').first();
const menu: Step = [
  "menu of a broker",
  async (page) => {
    await broker(page).click({ button: "right", position: { x: 40, y: 12 } });
    await page.getByRole("menu").waitFor();
    // A lab may not offer it.
    const cut = page.getByRole("menuitem", { name: "Cut from" });
    if ((await cut.count()) > 0) {
      await cut.click();
      await page.getByRole("menuitem", { name: "all others" }).waitFor();
    }
  },
];
const killed: Step = [
  "leader killed, another leads",
  async (page) => {
    await pressEscape(page);
    await pressEscape(page);
    await broker(page).click({ position: { x: 40, y: 12 } });
    await page.keyboard.press("Shift+K");
    for (let n = 0; n < 8; n += 1) await page.keyboard.press("n");
  },
];
const options: Step = [
  "menu of playback",
  async (page) => {
    await page.getByRole("button", { name: "Playback options" }).click();
    await page.getByRole("menu").waitFor();
  },
];
const drawer = [tab(/^Log/), tab(/^Ledger/), tab(/^Metrics/), tab(/^Checks/)];
const centre = [tab(/^Table/), tab(/^Groups/), tab(/^Canvas/)];
const forked: Step = [
  "two futures",
  async (page) => {
    await page.keyboard.press("b");
    await page.keyboard.press("Shift+F");
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("article", { name: "fork A" }).waitFor();
  },
];
const skipped: Step = [
  "question passed",
  (page) => page.getByRole("button", { name: "Skip", exact: true }).first().click(),
];

const wide: Readonly<Record<string, readonly Step[]>> = {
  "": [palette, close, ["leader killed", (page) => page.getByRole("button", { name: /Kill the leader/ }).click()]],
  "#/labs": [["no match", (page) => page.getByRole("searchbox").fill("nothing has this name")]],
  "#/lab/first-failover": [
    ["the question", (page) => page.keyboard.press("n")],
    ["an answer chosen", (page) => page.getByLabel("Any broker that is alive").check()],
    skipped,
    menu,
    killed,
    ...drawer,
  ],
  "#/play?t=5": [
    palette,
    close,
    menu,
    killed,
    options,
    close,
    dialog(/^Config/),
    close,
    dialog(/^Scenario file/),
    close,
    dialog(/^Keys and help/),
    close,
    ...drawer,
    ...centre,
    forked,
  ],
  "#/help": [],
  "#/nowhere": [],
  "#/lab/no-such-lab": [],
};

const narrow: Readonly<Record<string, readonly Step[]>> = {
  "": wide[""] ?? [],
  "#/labs": wide["#/labs"] ?? [],
  "#/lab/first-failover": [["the next turn", (page) => page.getByRole("button", { name: /^Next/ }).first().click()]],
  "#/play?t=5": [["the next turn", (page) => page.getByRole("button", { name: /^Next/ }).first().click()]],
  "#/help": [],
};

/** Asks axe as the page is opened and after each step. */
async function walk(page: Page, steps: readonly Step[]): Promise<void> {
  await page.waitForSelector("h1");
  await page.waitForLoadState("networkidle");
  const said = await complaintsOf(page, "as opened");
  for (const [state, open] of steps) {
    await open(page);
    if (state !== "closed again") said.push(...(await complaintsOf(page, state)));
  }
  expect(said).toEqual([]);
}

describe.each(themes)("%s", (colorScheme) => {
  describe.each([
    [1440, 900, wide],
    [1024, 768, wide],
    [360, 740, narrow],
  ] as const)("%i px", (width, height, pages) => {
    test.each(Object.entries(pages))("%s", async (hash, steps) => {
      await built.withPage(hash, (page) => walk(page, steps), {
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
        timeout: 10_000,
      });
    });
  });
});

describe.each([
  ["more contrast", { contrast: "more" }],
  ["forced colours", { forcedColors: "active" }],
] as const)("%s", (_, media) => {
  test.each(Object.entries(wide).filter(([hash]) => ["", "#/play?t=5"].includes(hash)))("%s", async (hash, steps) => {
    await built.withPage(hash, (page) => walk(page, steps), { ...media, reducedMotion: "reduce", timeout: 10_000 });
  });
});
