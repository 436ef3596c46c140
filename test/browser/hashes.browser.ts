/**
 * The same run, bit for bit, in Node and in both browsers: a link made in Node is opened to the end of its run, and the
 * page's own link to that moment carries the check sum of its trace.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Input } from "../../src/sim/index.ts";
import { startScenario } from "../../src/sim/index.ts";
import { scenarioOf } from "../../src/ui/app/open.ts";
import { writeLink } from "../../src/ui/app/share/link.ts";
import { browserNames, openIn } from "./support/browsers.ts";
import { copiedLink, type LinkMoment, momentOf, until } from "./support/links.ts";
import { serveDist } from "./support/server.ts";

/** A clean failover; one that loses records and truncates; one with a group and its coordinator. */
const scenarios = ["first-failover", "acks1-failover-loss", "two-groups-one-topic"] as const;

interface Expected {
  readonly payload: string;
  readonly moment: LinkMoment;
}

const expected = new Map<string, Expected>();

beforeAll(async () => {
  for (const id of scenarios) expected.set(id, await inNode(id));
});

/** The whole run in Node, with all its acts, and a link to its end. */
async function inNode(id: string): Promise<Expected> {
  const scenario = await scenarioOf(id);
  if (scenario === null) throw new Error(`there is no scenario ${id}`);
  const { timeline, resolved } = startScenario(scenario, {});
  timeline.advance(resolved.horizonUs);
  // The page leaves acts that have a button to the reader, so the link brings them.
  const own = startScenario(scenario, { isInteractive: true }).timeline.inputs.map((input) => JSON.stringify(input));
  const inputs = timeline.inputs.filter((input: Input) => !own.includes(JSON.stringify(input)));
  const entries = timeline.length;
  const moment = { entries, time: timeline.end, hash: timeline.trace.hash(entries) };
  // Without its lesson no prediction keeps the page from going to the end.
  const { lesson: _, ...bare } = scenario;
  const payload = await writeLink({
    model: "",
    scenario: bare as unknown as Record<string, unknown>,
    seed: null,
    variant: null,
    profile: null,
    without: [],
    inputs,
    removed: [],
    moment,
    selection: null,
    hash: moment.hash,
  });
  return { payload, moment };
}

test("a run is more than a few steps, and each has its own check sum", () => {
  const moments = [...expected.values()].map(({ moment }) => moment);
  expect(Math.min(...moments.map(({ entries }) => entries))).toBeGreaterThan(1000);
  expect(new Set(moments.map(({ hash }) => hash)).size).toBe(scenarios.length);
});

describe.each(browserNames)("in %s", (name) => {
  test.each(scenarios)("%s has the check sum that it has in Node", async (id) => {
    const { payload, moment } = expected.get(id) as Expected;
    const server = await serveDist();
    const page = await openIn(name, `${server.url}#/s/${payload}`);
    try {
      await page.waitFor("[data-thing^=broker]");
      const clock = "document.querySelector('[class*=clock] b')?.textContent";
      const shown = (moment.time / 1_000_000).toFixed(3);
      await until(async () => ((await page.evaluate(clock)) === shown ? true : null), `${id} stands at ${shown}`);
      await page.evaluate(
        `[...document.querySelectorAll("header button")].find((one) => one.textContent.includes("Share")).setAttribute("data-share", "")`,
      );
      const answer = momentOf(await copiedLink(page, () => page.click("[data-share]")));
      console.log(`${id} in ${name}: ${answer.entries} steps, ${answer.hash}`);
      expect(answer).toEqual(moment);
      // The page compares too, and says so when a run differs from its link.
      expect(await page.evaluate("document.querySelectorAll('[role=alert]').length")).toBe(0);
      expect(page.errors).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
