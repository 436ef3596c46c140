/**
 * The laws of replay, for a run of the Kafka model. Each returns what is broken, as sentences; none: the law holds.
 *
 *   on     From any checkpoint, and after a trip of its World through JSON, running on gives the state of the next checkpoint.
 *   seek   Seeking to a moment, also backwards, gives the state and the observers of a straight run that stops there.
 *   fork   A fork with one more act equals a fresh run with the same inputs, and leaves its parent alone.
 *   json   Facts are plain data.
 */
import { canonicalJson, digest } from "../../src/sim/engine/snapshot.ts";
import { Timeline } from "../../src/sim/engine/timeline.ts";
import type { Body, Input } from "../../src/sim/engine/types.ts";
import type { Run, RunOptions } from "../../src/sim/scenario/run.ts";

/** `start` begins the same run anew; `untilUs` is how far it is taken; `picks` say at which parts of it (0 to 1) to look. */
export function brokenLaws(start: (more: RunOptions) => Run, untilUs: number, picks: readonly number[]): string[] {
  const { timeline: whole } = start({});
  whole.advance(untilUs);
  const moments = picks.map((pick) => Math.floor(pick * whole.length));
  return [
    ...fromCheckpoints(whole),
    ...seeking(whole, start, untilUs, moments),
    ...forking(whole, start, untilUs, moments[0] ?? 0),
    ...plainFacts(whole),
  ];
}

function fromCheckpoints(whole: Timeline): string[] {
  const places = [...whole.checkpointEntries(), whole.length];
  return places.slice(0, -1).flatMap((from, index) => {
    const to = places[index + 1] as number;
    const copy = JSON.parse(JSON.stringify(whole.at(from).world));
    const resumed = new Timeline(whole.model, copy, whole.inputs, []);
    resumed.advance(Number.MAX_SAFE_INTEGER, to - from);
    return digest(resumed.head.world) === digest(whole.at(to).world)
      ? []
      : [`on: from entry ${from} through JSON to entry ${to} the state differs`];
  });
}

function seeking(
  whole: Timeline,
  start: (more: RunOptions) => Run,
  untilUs: number,
  moments: readonly number[],
): string[] {
  const { timeline: straight } = start({ timeline: { checkpointEvery: 1_000_000 } });
  const expected = [...moments]
    .sort((a, b) => a - b)
    .map((entries) => {
      straight.advance(untilUs, entries - straight.length);
      return { entries, state: digest(straight.head) };
    });
  // Backwards, which is where a seek has to begin from a checkpoint.
  return expected
    .reverse()
    .flatMap(({ entries, state }) =>
      digest(whole.at(entries)) === state ? [] : [`seek: the state after ${entries} entries differs`],
    );
}

function forking(whole: Timeline, start: (more: RunOptions) => Run, untilUs: number, entries: number): string[] {
  const before = whole.trace.hash();
  const at = entries === 0 ? 0 : whole.trace.at(entries - 1);
  const act: Body & { readonly target: string; readonly for: number } = { kind: "pause", target: "b2", for: 3_000_000 };
  const extra: Input = { ...whole.place(at, entries), act };
  const forked = whole.fork(entries, [...whole.inputs, extra]);
  forked.advance(untilUs);
  const { timeline: fresh } = start({ inputs: [extra] });
  fresh.advance(untilUs);
  const problems: string[] = [];
  if (forked.trace.hash() !== fresh.trace.hash())
    problems.push(`fork: at entry ${entries} the trace differs from a fresh run`);
  if (digest(forked.head) !== digest(fresh.head))
    problems.push(`fork: at entry ${entries} the state differs from a fresh run`);
  if (whole.trace.hash() !== before) problems.push("fork: the parent changed");
  if (forked.trace.hash() === before) problems.push("fork: the act changed nothing");
  return problems;
}

function plainFacts(whole: Timeline): string[] {
  return [...whole.trace.facts].flatMap(({ fact }, index) => {
    if (index % 7 !== 0) return [];
    return canonicalJson(JSON.parse(JSON.stringify(fact))) === canonicalJson(fact)
      ? []
      : [`json: a ${fact.kind} changed`];
  });
}
