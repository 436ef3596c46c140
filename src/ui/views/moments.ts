/**
 * When the moments come that a lesson speaks of: a time, a fact, an act. An index over the facts of one branch that reads on
 * from where it stopped.
 *
 * Simplified   an act that waits for a condition (not a fact) has no moment that could be known before it is done.
 */
import { useState } from "react";
import { type ActorId, actsDoneAt, type FactEntry, matchesFact, microsOf, type Scenario } from "../../sim/index.ts";
import type { Player } from "../player/index.ts";
import { usePlayer } from "../state/player.tsx";

export type Lesson = NonNullable<Scenario["lesson"]>;
export type Prediction = Lesson["predictions"][number];
export type ActSpec = NonNullable<Scenario["acts"]>[number];
export type WrittenMoment = NonNullable<Prediction["at"]>;
export type Verb = "held" | "fell" | "open";

/** A moment of the run: shown by so many steps, at that time. */
export interface Place {
  readonly entries: number;
  readonly time: number;
}

interface Row {
  read: number;
  count: number;
  found: Place | null;
}

type Where = Parameters<typeof matchesFact>[0];
interface FactMoment {
  readonly fact: string;
  readonly where?: Readonly<Record<string, unknown>>;
  readonly nth?: number;
}

/** Moments of the current branch of a player. Ask as often as you like; each fact is looked at once for each moment. */
export class Moments {
  private version = -1;
  private readonly rows = new Map<string, Row>();
  private readonly player: Player;

  constructor(player: Player) {
    this.player = player;
  }

  /** Null while the run, as far as it is computed, has not come to it. */
  find(written: WrittenMoment): Place | null {
    if (typeof written === "string") return this.atTime(micros(written));
    const plus = written.plus === undefined ? 0 : micros(written.plus);
    if ("fact" in written) {
      const found = this.factPlace(written);
      return found === null || plus === 0 ? found : this.atTime(found.time + plus);
    }
    const at = actsDoneAt(this.player.timeline.head)[written.act];
    return at === undefined ? null : this.atTime(at + plus);
  }

  /** The last moment at which nothing of a place's time has happened yet. */
  before({ time }: Place): Place {
    const earlier = Math.max(0, time - 1);
    return { time: earlier, entries: this.player.timeline.entriesAt(earlier) };
  }

  /** When an act that waits for the learner would be done by itself. */
  planned({ at, when, after }: ActSpec): Place | null {
    const plus = after === undefined ? 0 : micros(after);
    if (at !== undefined) return this.atTime(micros(at) + plus);
    if (when === undefined || !("fact" in when)) return null;
    const found = this.factPlace(when);
    return found === null || plus === 0 ? found : this.atTime(found.time + plus);
  }

  /** The place with all that happens at a time; null while it is not computed. */
  private atTime(time: number): Place | null {
    const { computedUntil, isComputed, horizon } = this.player.store.getState();
    if (isComputed ? time > horizon : time >= computedUntil) return null;
    return { time, entries: this.player.timeline.entriesAt(time) };
  }

  private factPlace({ fact, where, nth = 1 }: FactMoment): Place | null {
    const { version } = this.player.store.getState();
    if (version !== this.version) {
      this.rows.clear();
      this.version = version;
    }
    const key = JSON.stringify([fact, where, nth]);
    const row = this.rows.get(key) ?? { read: 0, count: 0, found: null };
    this.rows.set(key, row);
    const { facts } = this.player.timeline.trace;
    for (; row.found === null && row.read < facts.length; row.read += 1) {
      const one = facts.at(row.read) as FactEntry;
      if (one.fact.kind !== fact || !matchesFact((where ?? {}) as Where, one.fact, one.actor as ActorId)) continue;
      row.count += 1;
      if (row.count === nth) row.found = { entries: one.entry + 1, time: one.at };
    }
    return row.found;
  }
}

/** The moments of the run that is open. One object as long as the component stands. */
export function useMoments(): Moments {
  const player = usePlayer();
  const [moments] = useState(() => new Moments(player));
  return moments;
}

/** A duration as scenario files write it, µs. They were checked when they were read. */
export function micros(written: string): number {
  const found = microsOf(written);
  if (found === null) throw new Error(`"${written}" passed validation but is not a time`);
  return found;
}
