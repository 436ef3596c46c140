/**
 * Random schedules against the promises: `npm run test:random -- --count 1000 [--seed 1] [--kind core|wide|both] [--profile 2.1] [--save FOLDER]`.
 *
 * With every rule on no assertion fires, no promise breaks, and the replay law holds, under the defaults of each profile. With the
 * rules of 0.10 the same generator must find a lost acknowledged record: proof that it can find something.
 */
import { writeFileSync } from "node:fs";
import type { Profile } from "../../src/sim/kafka/profiles/profile.ts";
import { writeScenario } from "../../src/sim/scenario/write.ts";
import { runSchedule } from "./run-schedule.ts";
import { PROFILES, schedule } from "./schedule.ts";

function option(name: string, fallback: string): string {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? fallback : (process.argv[index + 1] ?? fallback);
}

const count = Number(option("count", "300"));
const firstSeed = Number(option("seed", "1"));
const kinds =
  option("kind", "core") === "both" ? (["core", "wide"] as const) : ([option("kind", "core")] as ("core" | "wide")[]);
const profiles = option("profile", "all") === "all" ? PROFILES : [option("profile", "2.1") as Profile];
const save = option("save", "");

let ran = 0;
let failed = 0;
console.log(
  `random schedules: seeds ${firstSeed}..${firstSeed + count - 1}, ${kinds.join(" and ")}, profiles ${profiles.join(", ")} in turn`,
);
for (const kind of kinds) {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const profile = profiles[seed % profiles.length] as Profile;
    const scenario = schedule({ seed, profile, kind });
    const result = runSchedule(scenario, { isReplayed: seed % 5 === 0, hasEveryRule: true });
    ran += 1;
    if (ran % 100 === 0) console.error(`${ran} run, ${failed} failed`);
    if (result.problems.length === 0) continue;
    failed += 1;
    console.log(`seed ${seed} (${kind}, ${profile}): ${result.problems.join(" | ")}`);
    console.log(`  again: npm run test:random -- --seed ${seed} --count 1 --kind ${kind} --profile ${profile}`);
    if (save !== "") writeFileSync(`${save}/random-${kind}-${seed}.yaml`, writeScenario(scenario));
  }
}

const proof = proofSeed();
console.log(
  proof === null
    ? "no loss found with the rules of 0.10: the generator finds nothing"
    : `seed ${proof.seed}: with the rules of 0.10, ${proof.lost} acknowledged records are lost (acks=all, clean elections); with every rule none`,
);
if (proof === null) failed += 1;
console.log(`${ran - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;

/** The first seed whose schedule loses an acknowledged record under the rules of 0.10, and none under every rule. */
function proofSeed(): { readonly seed: number; readonly lost: number } | null {
  // Known to lose one; the others are tried when the model has changed so that it no longer does.
  const others = Array.from({ length: 600 }, (_, index) => index + 1);
  for (const seed of [312, 471, 504, 666, ...others]) {
    const scenario = schedule({ seed, profile: "0.10", kind: "core" });
    const { lost } = runSchedule(scenario, { isReplayed: false, hasEveryRule: false });
    if (lost > 0 && runSchedule(scenario, { isReplayed: false, hasEveryRule: true }).lost === 0) return { seed, lost };
  }
  return null;
}
