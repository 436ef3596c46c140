/**
 * The sentence of a moment: the scenario's own caption if there is one, otherwise what the last turn says. An index over
 * the trace that grows with it; the walk goes over facts and inputs that are new, never over all.
 */
import { type Fact, type FactEntry, microsOf, narrate, type ResolvedScenario } from "../../sim/index.ts";
import type { Player } from "../player/index.ts";

export interface Caption {
  /** Shown from `entries` steps and `time` on. */
  readonly entries: number;
  readonly time: number;
  readonly text: string;
}

type Written = NonNullable<ResolvedScenario["scenario"]["captions"]>[number];
type Moment = Written["at"];

interface Index {
  readonly version: number;
  factsRead: number;
  inputsRead: number;
  /** Facts seen so far, by caption, for `nth`. */
  readonly counts: number[];
  readonly captions: Caption[];
}

/** Captions of the current branch, ascending; one object per player, extended on demand. */
export class Captions {
  private index: Index | null = null;
  private readonly player: Player;

  constructor(player: Player) {
    this.player = player;
  }

  /** The caption at the cursor; empty when nothing was said yet. */
  at(entries: number, time: number): string {
    const { captions } = this.extend();
    let said = "";
    for (const caption of captions) {
      if (caption.time > time || (caption.time === time && caption.entries > entries)) break;
      said = caption.text;
    }
    const mark = this.player.marks.last(entries);
    const last = captions.findLast((caption) => caption.time <= time);
    if (mark === null || (last !== undefined && last.time >= mark.at)) return said;
    return mark.fact === null ? said : narrate({ ...mark, fact: mark.fact });
  }

  private extend(): Index {
    const { timeline, run } = this.player;
    const { version } = this.player.store.getState();
    const written = captionsOf(run?.resolved ?? null);
    if (this.index === null || this.index.version !== version) {
      const fixed = written.flatMap(({ at, text }) => (typeof at === "string" ? [{ ...atTime(at), text }] : []));
      this.index = { version, factsRead: 0, inputsRead: 0, counts: written.map(() => 0), captions: fixed };
    }
    const { index } = this;
    const { facts } = timeline.trace;
    const before = index.captions.length;
    for (; index.factsRead < facts.length; index.factsRead += 1) {
      const entry = facts.at(index.factsRead) as FactEntry;
      written.forEach(({ at, text }, n) => {
        if (typeof at === "string" || !("fact" in at) || !fits(entry, at)) return;
        index.counts[n] = (index.counts[n] ?? 0) + 1;
        if (index.counts[n] === (at.nth ?? 1))
          index.captions.push({ ...plus(entry.at, at), entries: entry.entry + 1, text });
      });
    }
    for (; index.inputsRead < timeline.inputs.length; index.inputsRead += 1) {
      const input = timeline.inputs[index.inputsRead];
      const id = (input?.act as { id?: string } | undefined)?.id;
      if (input === undefined || id === undefined) continue;
      for (const { at, text } of written)
        if (typeof at !== "string" && "act" in at && at.act === id)
          index.captions.push({ ...plus(input.at, at), entries: 0, text });
    }
    if (index.captions.length !== before) index.captions.sort((a, b) => a.time - b.time || a.entries - b.entries);
    return index;
  }
}

function captionsOf(resolved: ResolvedScenario | null): readonly Written[] {
  if (resolved === null) return [];
  const here = [resolved.variant ?? "base", resolved.profile];
  return (resolved.scenario.captions ?? []).filter(
    (caption) => caption.in?.some((scope) => here.includes(scope)) ?? true,
  );
}

function fits({ actor, fact }: FactEntry, at: { fact: string; where?: Readonly<Record<string, unknown>> }): boolean {
  if (fact.kind !== at.fact) return false;
  return Object.entries(at.where ?? {}).every(([key, wanted]) => {
    const value = key === "actor" ? actor : (fact as Fact)[key];
    return Array.isArray(wanted) ? wanted.includes(value) : JSON.stringify(value) === JSON.stringify(wanted);
  });
}

function atTime(written: string): { entries: number; time: number } {
  return { entries: 0, time: micros(written) };
}

function plus(time: number, at: Exclude<Moment, string>): { time: number } {
  return { time: time + (at.plus === undefined ? 0 : micros(at.plus)) };
}

/** A duration as scenario files write it, µs. They were checked, so that one that cannot be read is a fault of ours. */
function micros(written: string): number {
  const found = microsOf(written);
  if (found === null) throw new Error(`"${written}" passed validation but is not a time`);
  return found;
}
