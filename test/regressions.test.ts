/**
 * What random schedules found once: each file of test/regressions/ broke a promise or a law of replay under every rule, and
 * never may again.
 *
 * `npm run test:random -- --save test/regressions` writes such a file; it stays here for ever. WHY says what it was, so that a
 * file that falls again points at its cause.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULE_NAMES } from "../src/sim/kafka/rules.ts";
import { FACT_KINDS } from "../src/sim/narration/index.ts";
import { parseScenario } from "../src/sim/scenario/parse.ts";
import { runSchedule } from "./properties/run-schedule.ts";

const FOLDER = new URL("regressions/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));

const NO_EPOCHS =
  "0.10 logs kept no leader epochs, so with truncatesByLeaderEpoch on followers still cut at their own mark";
const LATE_LEADER = "S2 charged a leader that woke late in an old epoch with what later leaders had committed";
const BY_IDENTITY =
  "a leader knew its ISR proposal again by identity, so a state written down and read again lost its answer";

const NO_SESSION =
  "a 0.10 broker that stopped in the middle of an election tried for ever to create /controller without a session";

const WHY: Readonly<Record<string, string>> = {
  "random-core-312.yaml": NO_EPOCHS,
  "random-core-471.yaml": NO_EPOCHS,
  "random-core-504.yaml": NO_EPOCHS,
  "random-core-726.yaml": NO_EPOCHS,
  "random-core-20095.yaml": BY_IDENTITY,
  "random-core-20190.yaml": BY_IDENTITY,
  "random-wide-159.yaml": NO_EPOCHS,
  "random-wide-366.yaml": NO_EPOCHS,
  "random-wide-768.yaml": NO_EPOCHS,
  "random-wide-861.yaml": NO_EPOCHS,
  "random-wide-163.yaml": LATE_LEADER,
  "random-wide-96.yaml": NO_SESSION,
};

test("each saved schedule says what it had found", () => {
  expect(files.sort()).toEqual(Object.keys(WHY).sort());
});

test.each(files)("%s breaks nothing", (file) => {
  const { scenario, problems } = parseScenario(readFileSync(new URL(file, FOLDER), "utf8"), file, {
    facts: FACT_KINDS,
    rules: RULE_NAMES,
  });
  expect(problems).toEqual([]);
  if (scenario === null) return;
  expect(runSchedule(scenario, { isReplayed: true, hasEveryRule: true }).problems, WHY[file]).toEqual([]);
});
