/**
 * The whole scenario file. Each part is a file of this folder; docs/scenario-format.md shows every form.
 *
 * Counterpart   none in Kafka.
 */
import * as v from "valibot";
import { LIMITS } from "../limits.ts";
import { act, caption } from "./acts.ts";
import { byShape, duration, items, name, object, reference, text, whole, word } from "./basics.ts";
import { client } from "./clients.ts";
import { cluster, profile, topic } from "./cluster.ts";
import { expectation } from "./expectations.ts";
import { lesson } from "./lesson.ts";

export const PROMISES = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"] as const;

const setting = v.union(
  [v.string(), v.number(), v.boolean(), v.null(), v.array(v.string())],
  "must be a number, a word, true or false",
);

export const variant = object("variant", {
  id: name(),
  title: text(200),
  profile: v.exactOptional(profile),
  seed: v.exactOptional(whole(0, 4294967295)),
  horizon: v.exactOptional(duration()),
  /** Rules switched off. */
  without: v.exactOptional(items(reference("rule"), 30, 1)),
  /** Path → value, list members by their id: `clients/p1/config/acks: 1`. */
  set: v.exactOptional(v.record(text(200), setting, "must be a group of paths and values")),
  /** Acts left out, by id. */
  drop: v.exactOptional(items(reference("act"), 500, 1)),
  /** Acts added; one with the id of another replaces it. */
  acts: v.exactOptional(items(act, LIMITS.acts)),
  /** Clients added; one with the id of another replaces it. */
  clients: v.exactOptional(items(client, LIMITS.clients)),
});

const broken = object("broken promise", {
  promise: word(PROMISES),
  in: v.exactOptional(items(reference("scope"), 30, 1)),
  why: v.exactOptional(text(400)),
});

const entries = {
  id: name(),
  title: text(200),
  summary: v.exactOptional(text(600)),
  profile,
  seed: whole(0, 4294967295),
  horizon: duration(),
  without: v.exactOptional(items(reference("rule"), 30, 1)),
  cluster,
  topics: v.exactOptional(items(topic, LIMITS.topics)),
  clients: v.exactOptional(items(client, LIMITS.clients)),
  acts: v.exactOptional(items(act, LIMITS.acts)),
  variants: v.exactOptional(items(variant, LIMITS.variants)),
  captions: v.exactOptional(items(caption, LIMITS.captions)),
  lesson: v.exactOptional(lesson),
  expectations: v.exactOptional(items(expectation, LIMITS.expectations)),
  /** Which rule keeps which promise: with the rule off, the promise must break. */
  demonstrates: v.exactOptional(
    items(object("demonstration", { rule: reference("rule"), promise: word(PROMISES) }), 20),
  ),
  /** Promises this scenario breaks on purpose. */
  breaks: v.exactOptional(items(byShape({ text: word(PROMISES), map: broken }), 20)),
  /** The proof that the fault matters: without these acts, these expectations must fall. */
  withoutFault: v.exactOptional(
    object("withoutFault", { drop: items(reference("act"), 500, 1), falls: items(reference("expectation"), 200, 1) }),
  ),
};

export const scenario = object("scenario", entries);

export type Scenario = v.InferOutput<typeof scenario>;
export type Variant = v.InferOutput<typeof variant>;
