/**
 * Every scenario file is a lesson, and a lesson has to come true: in each variant all that it expects holds, no promise breaks that
 * it did not announce, and what happened is what its golden says (`npm run golden` writes those; read them before you commit).
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { digest } from "../src/sim/engine/snapshot.ts";
import { RULE_NAMES } from "../src/sim/kafka/rules.ts";
import { FACT_KINDS, narrate } from "../src/sim/narration/index.ts";
import {
  closingLines,
  factFilter,
  factLine,
  narrationContext,
  type RunReport,
  reportOf,
} from "../src/sim/projection/report.ts";
import { NOT_MODELLED } from "../src/sim/scenario/acts.ts";
import type { Scenario } from "../src/sim/scenario/format/scenario.ts";
import { actName } from "../src/sim/scenario/kinds.ts";
import { parseScenario } from "../src/sim/scenario/parse.ts";
import type { Run, RunOptions } from "../src/sim/scenario/run.ts";
import { startScenario } from "../src/sim/start.ts";
import type { Ending } from "../src/ui/app/home/ending.ts";
import { endingOf } from "./endings.ts";

const FOLDER = new URL("../scenarios/", import.meta.url);
const WORDS = { facts: FACT_KINDS, rules: RULE_NAMES };
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

const parsed = files.map((file) => ({
  file,
  ...parseScenario(readFileSync(new URL(file, FOLDER), "utf8"), file, WORDS),
}));

interface Played {
  readonly run: Run;
  readonly report: RunReport;
}

function play(scenario: Scenario, options: RunOptions = {}): Played {
  const run = startScenario(scenario, { timeline: { checkpointEvery: 2048 }, ...options });
  run.timeline.advance(run.resolved.horizonUs);
  return { run, report: reportOf(run, run.resolved.horizonUs) };
}

/** How to see a failure again by hand. */
function byHand(scenario: Scenario, more = ""): string {
  return `npm run -s faultline -- run scenarios/${scenario.id}.yaml${more}`;
}

const fallen = ({ report }: Played) => report.verdicts.filter(({ verdict }) => verdict === "fell");

const MOST_OF_A_KIND = 12;

/** What a golden keeps: the story without what repeats itself, the verdicts, the end. No hash: it changes with every detail. */
function goldenText({ run, report }: Played): string {
  const context = narrationContext(run.resolved);
  const shown: Record<string, number> = {};
  const facts = [...run.timeline.trace.facts].filter(factFilter([])).flatMap((entry) => {
    const count = (shown[entry.fact.kind] ?? 0) + 1;
    shown[entry.fact.kind] = count;
    return count > MOST_OF_A_KIND ? [] : [factLine(entry, context)];
  });
  const more = Object.entries(shown).filter(([, count]) => count > MOST_OF_A_KIND);
  const rest = more.map(([kind, count]) => `             ${kind}: ${count - MOST_OF_A_KIND} more`);
  return `${[...facts, ...rest, ...closingLines(report, run.resolved.horizonUs)].join("\n")}\n`;
}

test.each(parsed)("$file has no mistake", ({ problems }) => {
  expect(problems).toEqual([]);
});

/** How each lab ends, for the gallery. */
const endings: Record<string, Ending> = {};

describe.each(parsed.flatMap(({ scenario }) => scenario ?? []))("$id", (scenario) => {
  const variants = [null, ...(scenario.variants ?? []).map(({ id }) => id)];

  describe.each(variants.map((variant) => ({ variant, name: variant ?? "base" })))("$name", ({ variant }) => {
    let known: Played | null = null;
    // Played once, when the first test needs it.
    const played = () => (known ??= play(scenario, { variant }));
    const hint = byHand(scenario, variant === null ? "" : ` --variant ${variant}`);

    test("uses acts that the model can do", () => {
      const { resolved } = played().run;
      expect((resolved.scenario.acts ?? []).map(actName).filter((name) => NOT_MODELLED.includes(name))).toEqual([]);
    });

    test("comes true", () => {
      const { report } = played();
      expect(report.failure, hint).toBeNull();
      expect(fallen(played()), hint).toEqual([]);
      expect(
        report.broken.filter(({ isAnnounced }) => !isAnnounced),
        hint,
      ).toEqual([]);
    });

    test("happens as its golden says", async () => {
      const name = variant === null ? scenario.id : `${scenario.id}.${variant}`;
      const text = goldenText(played());
      expect(text.split("\n").length, "a golden is read by people").toBeLessThanOrEqual(150);
      await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
      if (variant === null && scenario.lesson !== undefined)
        endings[scenario.id] = endingOf(played().run, played().report);
    });

    test("runs the same from a checkpoint", () => {
      const { timeline, resolved } = played().run;
      const places = timeline.checkpointEntries();
      const resumed = timeline.fork(places[Math.floor(places.length / 2)] as number, timeline.inputs);
      resumed.advance(resolved.horizonUs);
      expect(resumed.trace.hash(), hint).toBe(timeline.trace.hash());
      expect(digest(resumed.head), hint).toBe(digest(timeline.head));
    });

    test("every fact has a sentence", () => {
      const kinds = new Set([...played().run.timeline.trace.facts].map(({ fact }) => fact.kind));
      expect([...kinds].filter((kind) => !FACT_KINDS.includes(kind))).toEqual([]);
      for (const entry of played().run.timeline.trace.facts) {
        const sentence = narrate(entry);
        if (/undefined|NaN|\[object|null/.test(sentence)) expect.fail(`${entry.fact.kind}: ${sentence}`);
      }
    });
  });

  const { withoutFault } = scenario;
  test.runIf(withoutFault !== undefined)("falls without its fault", () => {
    const ids = fallen(play(scenario, { drop: withoutFault?.drop ?? [] })).map(({ id }) => id);
    expect(ids, byHand(scenario, ` --drop ${withoutFault?.drop.join(",")}`)).toEqual(
      expect.arrayContaining(withoutFault?.falls ?? []),
    );
  });

  for (const { rule, promise } of scenario.demonstrates ?? []) {
    test(`without ${rule} ${promise} breaks; with it, not`, () => {
      const broken = (options: RunOptions) => play(scenario, options).report.broken.map((one) => one.promise);
      expect(broken({ without: [rule] }), byHand(scenario, ` --without ${rule}`)).toContain(promise);
      expect(broken({}), byHand(scenario)).not.toContain(promise);
    });
  }
});

test("the gallery shows how each lab ends", async () => {
  const lines = Object.entries(endings).map(([id, ending]) => `  ${JSON.stringify(id)}: ${JSON.stringify(ending)}`);
  await expect(`{\n${lines.join(",\n")}\n}\n`).toMatchFileSnapshot("../src/ui/app/home/endings.json");
});
