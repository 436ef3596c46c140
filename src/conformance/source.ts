/**
 * Where an observation comes from: the step that shows it, and the steps that may have led to it.
 *
 * In Kafka     nothing.
 * Simplified   a client's observations are traced to all steps of that client; what other steps did to the cluster is not considered.
 */
import type { Step } from "./steps.ts";
import type { ComparableTrace } from "./trace.ts";

/** Indexes into `steps`. `itself`: the step whose outcome the observation is, if it is one step's. `others`: what the client did. */
export interface ObservationSource {
  itself?: number;
  others: ReadonlySet<number>;
}

/** The steps behind an observation's id. */
export function sourceOf(trace: ComparableTrace, id: string): ObservationSource {
  const [kind = "", ...rest] = id.split("/");
  const key = rest.join("/");
  switch (kind) {
    case "wait":
      return only(nthStep(trace, Number(rest[0]), (step) => step.op === "wait"));
    case "cli":
      return only(nthStep(trace, Number(rest[0]), (step) => step.op === "cli" || step.op === "shell"));
    case "group-log":
      return only(nthStep(trace, 0, (step) => step.op === "group-records" && step.label === key));
    case "group":
      return only(
        nthStep(trace, 0, (step) => step.op === "admin.describeGroup" && rest.slice(0, -1).join("/") === step.tag),
      );
    case "controller":
    case "registered":
    case "state":
    case "log":
      return only(snapshotStep(trace, key));
    case "zookeeper":
      return { others: new Set() };
    default:
      return clientSource(trace, rest[0] ?? "", key);
  }
}

/** A client's steps; the send that carries the tag is the one whose outcome its answer is. */
function clientSource(trace: ComparableTrace, who: string, key: string): ObservationSource {
  const others = new Set<number>();
  let itself: number | undefined;
  for (const [index, step] of trace.steps.entries()) {
    if (!("id" in step) || step.id !== who) continue;
    others.add(index);
    if (step.op === "producer.send" && key === `${who}/${String(step.tag)}`) itself = index;
    if (step.op === "producer.sendMany" && key.startsWith(`${who}/${step.prefix}`)) itself ??= index;
  }
  return itself === undefined ? { others } : { itself, others };
}

/** The snapshot whose label, with "#2" and so on from its second use, the key begins with; the longest one if several do. */
function snapshotStep(trace: ComparableTrace, key: string): number | undefined {
  const used = new Map<string, number>();
  let found: { index: number; length: number } | undefined;
  for (const [index, step] of trace.steps.entries()) {
    if (step.op !== "snapshot") continue;
    const count = (used.get(step.label) ?? 0) + 1;
    used.set(step.label, count);
    const label = count === 1 ? step.label : `${step.label}#${count}`;
    if ((key === label || key.startsWith(`${label}/`)) && label.length > (found?.length ?? -1)) {
      found = { index, length: label.length };
    }
  }
  return found?.index;
}

function nthStep(trace: ComparableTrace, nth: number, isWanted: (step: Step) => boolean): number | undefined {
  let seen = 0;
  for (const [index, step] of trace.steps.entries()) {
    if (!isWanted(step)) continue;
    if (seen === nth) return index;
    seen += 1;
  }
  return undefined;
}

function only(index: number | undefined): ObservationSource {
  return index === undefined ? { others: new Set() } : { itself: index, others: new Set() };
}
