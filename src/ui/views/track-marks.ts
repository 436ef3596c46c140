/** The marks on the tracks of a run: faults, losses, checks and answered questions, each with a sentence. */
import { type FactEntry, inputBehind, narrate } from "../../sim/index.ts";
import type { Mark } from "../player/index.ts";
import { seconds } from "../widgets/seconds.ts";
import { outcome } from "./decided.ts";
import type { MarkView, TracksInput } from "./tracks.ts";

const VERBS: Readonly<Record<string, string>> = {
  "process-killed": "kill",
  "process-stopping": "stop",
  "process-paused": "pause",
  "process-exited": "exit of",
  "process-started": "start",
  "process-resumed": "resume",
  "power-lost": "power loss of",
  "session-expiry-forced": "expire session of",
  "consumer-slowed": "slow",
};

const LINKS: Readonly<Record<string, string>> = {
  "link-cut": "cut",
  "link-slowed": "slow link",
  "link-lossy": "lossy link",
  "link-healed": "heal",
  "faults-healed": "heal",
  "follower-fetch-slowed": "slow fetches of",
  "messages-will-break": "break connection",
  "messages-will-wait": "hold messages",
  "settings-changed": "change settings of",
};

export function faultMarks({ marks, trace, inputs, context, untilEntry }: TracksInput): MarkView[] {
  const found: MarkView[] = [];
  for (const mark of marks) {
    if (mark.entry >= untilEntry) break;
    if ((mark.kind !== "fault" && mark.kind !== "heal") || mark.fact === null) continue;
    const { fact, entry, at, actor } = mark;
    const node = typeof fact.node === "string" ? fact.node : null;
    const from = [fact.from ?? fact.target ?? []].flat().join(" ");
    const verb = VERBS[fact.kind];
    const text =
      verb !== undefined && node !== null
        ? `${verb} ${node}`
        : `${LINKS[fact.kind] ?? fact.kind.replaceAll("-", " ")} ${from}`.trim();
    const label = narrate({ entry, at, actor, fact } as FactEntry, context);
    found.push({
      key: `f${entry}.${found.length}`,
      entry,
      at,
      icon: mark.kind === "fault" ? "fault" : "heal",
      text,
      label: `${text}: ${label} At ${seconds(at)}.`,
      input: inputBehind(inputs, trace.entry(entry), fact),
      node,
    });
  }
  return found;
}

export function lossMarks({ marks, untilEntry }: TracksInput): MarkView[] {
  const found: MarkView[] = [];
  const told = new Set<string>();
  for (const mark of marks) {
    if (mark.entry >= untilEntry) break;
    const cut = mark.kind === "truncation" ? cutMark(mark) : null;
    if (cut !== null) found.push(cut);
    // A record is lost when a leader takes over without it, and again when its last copy is cut: once is told.
    if (mark.kind === "loss" && mark.label !== undefined) {
      if (told.has(mark.label)) continue;
      told.add(mark.label);
    }
    if (mark.kind !== "loss" && mark.kind !== "duplicate" && mark.kind !== "prediction") continue;
    const what = mark.label ?? "";
    const text = mark.kind === "loss" ? `${what} lost` : mark.kind === "duplicate" ? `${what} twice` : what;
    const last = found.at(-1);
    // Losses of one moment are one mark.
    if (last !== undefined && last.entry === mark.entry && mark.kind === "loss" && last.icon === "loss") {
      const before = Number(/^(\d+) records/.exec(last.text)?.[1] ?? 1);
      const many = `${before + 1} records lost`;
      found[found.length - 1] = { ...last, text: many, label: `${many}, at ${seconds(mark.at)}` };
      continue;
    }
    found.push({
      key: `l${mark.entry}.${found.length}`,
      entry: mark.entry,
      at: mark.at,
      icon: mark.kind === "loss" ? "loss" : mark.kind === "duplicate" ? "duplicate" : "question",
      text,
      label: `${text}, at ${seconds(mark.at)}`,
      input: null,
      node: null,
    });
  }
  return found;
}

function cutMark({ entry, at, actor, fact }: Mark): MarkView | null {
  if (fact === null || String(fact.topicPartition).startsWith("__")) return null;
  const many = Number(fact.from) - Number(fact.to);
  if (!(many > 0)) return null;
  const text = `${actor} cut ${many}`;
  const label = `${actor} cut ${many} offsets of ${String(fact.topicPartition)}, at ${seconds(at)}`;
  return { key: `t${entry}`, entry, at, icon: "cut", text, label, input: null, node: actor };
}

export function checkMarks({ verdicts, untilEntry }: TracksInput): MarkView[] {
  return verdicts
    .filter(({ entry, at }) => entry !== null && at !== null && entry < untilEntry)
    .sort((a, b) => (a.entry ?? 0) - (b.entry ?? 0))
    .map(({ id, say, verdict, entry, at, evidence }) => ({
      key: `c${id}`,
      entry: entry ?? 0,
      at: at ?? 0,
      icon: verdict === "held" ? "held" : "fell",
      text: verdict === "held" ? "held" : "fell",
      label: `${say}: ${verdict}. ${evidence}`,
      input: null,
      node: null,
    }));
}

/** Questions that one moment decides are one mark. */
export function predictionMarks({ predictions = [], untilEntry }: TracksInput): MarkView[] {
  const seen = predictions.filter(({ entries }) => entries - 1 < untilEntry);
  const moments = [...new Set(seen.map(({ entries }) => entries))];
  return moments.map((entries) => {
    const here = seen.filter((one) => one.entries === entries);
    const at = here[0]?.time ?? 0;
    const outcomes = here.map(({ isRight }) => isRight);
    const right = outcomes.filter((one) => one === true).length;
    const text = outcomes.every((one) => one === outcomes[0])
      ? outcome(outcomes[0] ?? null)
      : `${right} of ${here.length} as you predicted`;
    const asked = here.map(({ question }) => question).join(" ");
    return {
      key: `p${entries}`,
      entry: Math.max(0, entries - 1),
      at,
      icon: "question",
      text,
      label: `${text}, at ${seconds(at)}: ${asked}`,
      input: null,
      node: null,
    };
  });
}
