/**
 * The `expectations` part of a scenario file: what must be true of the run, in words and for the machine.
 *
 * Counterpart   none in Kafka; evaluated on the recorded run, never on the screen.
 */
import * as v from "valibot";
import { isMap } from "../../engine/plain.ts";
import { byKey, checked, duration, items, name, object, reference, text, variable, whole, word } from "./basics.ts";
import { factPattern, moment } from "./moments.ts";
import { type Condition, condition } from "./terms.ts";

type Report = Parameters<Parameters<typeof checked>[1]>[1];

/** What leads to something: a fact, or a condition that becomes true. */
type Trigger = v.InferOutput<typeof factPattern> | Condition;
const either = v.union([factPattern, condition]);
const trigger: v.GenericSchema<Trigger> = v.lazy((input) => {
  if (input === undefined) return either;
  return isMap(input) && "fact" in input ? factPattern : condition;
}) as unknown as v.GenericSchema<Trigger>;

const RATES = ["sends", "acks", "reads", "commits"] as const;
const amount = {
  is: v.exactOptional(whole(0)),
  atLeast: v.exactOptional(whole(0)),
  atMost: v.exactOptional(whole(0)),
};
const span = { atLeast: v.exactOptional(duration()), atMost: v.exactOptional(duration()) };
const about = {
  of: v.exactOptional(variable("client")),
  partition: v.exactOptional(variable("topicPartition")),
};

const counted = checked(object("count", { ...factPattern.entries, ...amount }), bounded(["is", "atLeast", "atMost"]));
const gap = checked(object("gap", { rate: word(RATES), ...about, ...span }), bounded(["atLeast", "atMost"]));
const latency = checked(
  object("latency", { rate: word(["acks", "reads"]), percentile: whole(0, 100), ...about, ...span }),
  bounded(["atLeast", "atMost"]),
);

const forms = {
  end: { end: condition },
  always: { always: condition },
  never: { never: condition },
  eventually: { eventually: condition, within: v.exactOptional(duration()) },
  at: { at: moment, holds: condition },
  leadsTo: {
    leadsTo: object("leadsTo", {
      when: trigger,
      then: trigger,
      within: duration(),
      notBefore: v.exactOptional(duration()),
    }),
  },
  count: { count: counted },
  gap: { gap },
  latency: { latency },
  inOrder: { inOrder: items(factPattern, 20, 2) },
};
export type ExpectationKind = keyof typeof forms;
export const EXPECTATION_KINDS = Object.keys(forms) as ExpectationKind[];

export const expectation = byKey(
  "expectation",
  {
    id: name(),
    say: text(300),
    /** Variants, profiles, or `base`; left out: everywhere. */
    in: v.exactOptional(items(reference("scope"), 30, 1)),
    after: v.exactOptional(moment),
    from: v.exactOptional(moment),
    until: v.exactOptional(moment),
  },
  forms,
);
export type Expectation = v.InferOutput<typeof expectation>;
export type ExpectationOf<Kind extends ExpectationKind> = Extract<Expectation, Record<Kind, unknown>>;

/** At least one of the comparisons must be there. */
function bounded(keys: readonly string[]) {
  return (input: unknown, report: Report) => {
    if (isMap(input) && !keys.some((key) => input[key] !== undefined)) {
      report(`compares with nothing; it needs one of ${keys.join(", ")}`, { part: "inside", allowed: keys });
    }
  };
}
