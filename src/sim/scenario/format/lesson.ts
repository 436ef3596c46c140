/**
 * The `lesson` part of a scenario file: what a lab page says and asks around the run.
 *
 * Counterpart   none in Kafka.
 */
import * as v from "valibot";
import { isMap } from "../../engine/plain.ts";
import { ACT_NAMES } from "./acts.ts";
import { byKey, checked, flag, items, name, object, oneOrMore, text, whole, word } from "./basics.ts";
import { moment } from "./moments.ts";

const option = object("option", {
  text: text(200),
  correct: v.exactOptional(flag()),
  /** Shown afterwards: why it is right, or what it mistakes. */
  reason: text(600),
});

const question = {
  question: text(400),
  /** When the run stops to ask; left out: before it starts. */
  at: v.exactOptional(moment),
  /** The moment at which the run gives the answer. */
  decidedAt: v.exactOptional(moment),
};

const options = checked(items(option, 8, 2), (input, report) => {
  if (!Array.isArray(input)) return;
  const correct = input.filter((entry) => isMap(entry) && entry.correct === true).length;
  if (correct === 0) report("has no option with correct: true", { part: "key" });
});

export const prediction = byKey("prediction", question, {
  options: { options },
  number: { number: object("number", { from: v.number(), to: v.number(), unit: text(20), reason: text(600) }) },
  order: { order: items(text(200), 12, 2), reason: text(600) },
  table: {
    table: object("table", {
      rows: items(text(100), 10, 1),
      columns: items(text(100), 10, 1),
      cells: items(items(text(100), 10, 1), 10, 1),
    }),
    reason: text(600),
  },
});

const step = object("step", { label: text(60), text: text(600), when: v.exactOptional(moment) });

export const lesson = object("lesson", {
  /** The number in the catalogue: A1. */
  number: v.exactOptional(name()),
  module: v.exactOptional(name()),
  order: v.exactOptional(whole(0, 1000)),
  level: whole(1, 4),
  minutes: whole(1, 120),
  tier: v.exactOptional(whole(1, 3)),
  tags: v.exactOptional(items(name(), 20)),
  paths: v.exactOptional(items(name(), 20)),
  goal: text(300),
  intro: v.exactOptional(text(1200)),
  predictions: items(prediction, 6, 0),
  steps: items(step, 20, 0),
  observe: v.exactOptional(text(1200)),
  whatHappened: text(2000),
  why: object("why", {
    text: text(2000),
    rule: v.exactOptional(text(400)),
    since: v.exactOptional(text(200)),
  }),
  transfer: object("transfer", { question: text(600), answer: text(1200) }),
  myth: oneOrMore(text(300)),
  source: v.exactOptional(oneOrMore(text(300))),
  /** The acts offered to the learner; the others are hidden until "show all". */
  controls: v.exactOptional(items(word(ACT_NAMES), 40)),
  /** Settings with a slider or a switch, as paths: `topics/orders/config/min.insync.replicas`. */
  knobs: v.exactOptional(items(text(200), 12)),
  views: v.exactOptional(items(name(), 10)),
  next: v.exactOptional(name()),
});

export type Lesson = v.InferOutput<typeof lesson>;
export type Prediction = v.InferOutput<typeof prediction>;
