/**
 * Which fact is meant: its kind, values it must carry, and which of several. Used by acts, captions and expectations.
 *
 * In Kafka     no counterpart; facts are what the model says about its own decisions.
 */
import * as v from "valibot";
import { isMap } from "../../engine/plain.ts";
import { byKey, checked, duration, name, object, reference, whole } from "./basics.ts";

const scalar = v.union([v.string(), v.number(), v.boolean(), v.null()]);

/** Field of the fact → the value it must have, or a list of which it must have one. */
const where = v.record(name(), v.union([scalar, v.array(scalar)], "must be a value or a list of values"));

const factFields = { fact: reference("fact"), where: v.exactOptional(where) };

/** All facts of a kind that carry these values. */
export const factPattern = object("fact", factFields);

/** One fact: the first such one, or the `nth`. */
export const oneFact = object("fact", { ...factFields, nth: v.exactOptional(whole(1)) });

/** A moment of the run: a time, a fact, or when an act was done; `plus` is added to it. */
const momentForms = byKey(
  "moment",
  { plus: v.exactOptional(duration()) },
  { fact: { ...factFields, nth: v.exactOptional(whole(1)) }, act: { act: reference("act") } },
);

const time = duration();
const either = v.union([time, momentForms]);
export type Moment = v.InferOutput<typeof time> | v.InferOutput<typeof momentForms>;
export const moment = v.lazy((input) =>
  input === undefined ? either : isMap(input) ? momentForms : time,
) as unknown as v.GenericSchema<Moment>;

export type FactPattern = v.InferOutput<typeof factPattern>;
export type OneFact = v.InferOutput<typeof oneFact>;

/** An entry that needs exactly one of these keys besides its others. */
export function needsOne<S extends v.GenericSchema>(schema: S, keys: readonly string[]): S {
  return checked(schema, (input, report) => {
    if (!isMap(input)) return;
    const given = keys.filter((key) => input[key] !== undefined);
    if (given.length === 0) report(`needs ${keys.map((key) => `"${key}"`).join(" or ")}`, { part: "inside" });
    for (const key of given.slice(1)) {
      report(`give "${given[0]}" or "${key}", not both`, { part: "key" }, key);
    }
  });
}
