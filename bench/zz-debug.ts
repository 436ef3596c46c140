/* scratch */
import { readFileSync } from "node:fs";
import { simulate } from "../src/conformance/runner.ts";
import { readTrace } from "../src/conformance/trace.ts";
import { Timeline } from "../src/sim/engine/timeline.ts";

const [name, from, to, pattern] = process.argv.slice(2);
const read = readTrace(readFileSync(`test/data/traces/${name}.json`, "utf8"));
if (!read.ok) throw new Error("bad");
let last: Timeline | null = null;
const original = Timeline.prototype.advance;
Timeline.prototype.advance = function (this: Timeline, ...args: [number, number?]) {
  last = this;
  return original.apply(this, args as never);
};
simulate(read.trace);
const re = new RegExp(pattern ?? ".");
for (const f of (last as unknown as Timeline).trace.facts) {
  const t = f.at / 1e6;
  if (t < Number(from) || t > Number(to)) continue;
  const line = `${t.toFixed(3)} ${f.actor} ${JSON.stringify(f.fact)}`.slice(0, 330);
  if (re.test(line)) console.log(line);
}
