/**
 * What the canvas shows at one moment, as plain data. A projection makes it from the world at the cursor; the drawing
 * knows nothing else.
 *
 * In Kafka     terms are Kafka's: leader, ISR, leader epoch, high watermark (HW), log end offset (LEO).
 * Simplified   a link joins two processes; the wire between them is one, whatever connections they hold.
 * Left out     places and sizes: layout.ts decides those from this model and a width.
 */
import { type Thing, writeThing } from "../../state/selection.ts";
import type { Family } from "../../theme/shapes.ts";

export type ProcessState = "up" | "paused" | "down" | "starting" | "stopping";

/** Something the learner did and that is in force. Drawn as hazard hatch; `text` is its name in words. */
export interface FaultMark {
  readonly id: string;
  readonly text: string;
}

/** A countdown: a broker's ZooKeeper session, or a member's session with its group. */
export interface SessionView {
  /** Share of the time-out that is left, 0..1. */
  readonly fractionLeft: number;
  readonly secondsLeft: number;
  /** `ending` shows the seconds beside the ring. */
  readonly state: "ok" | "ending" | "expired";
}

export type CellState = "committed" | "uncommitted" | "truncated" | "duplicate" | "lost" | "unflushed";

/** One record of a log. `label` is what stands in the cell, mostly the offset. */
export interface CellView {
  readonly offset: number;
  readonly label: string;
  readonly state: CellState;
  /** The leader epoch that wrote it. */
  readonly epoch: number;
}

/** Who reads a partition for a group; `member` null means that nobody does. */
export interface OwnerView {
  readonly group: string;
  readonly member: string | null;
  /** What stands at the right, for example "next 22, lag 3". */
  readonly text?: string;
}

export interface ReplicaView {
  readonly topicPartition: string;
  /** `none`: the partition has no leader and nobody may lead. `offline`: this replica's log cannot be used. */
  readonly role: "leader" | "follower" | "offline" | "none";
  /** The metadata still names this replica as leader although its process cannot lead. */
  readonly leaderOnPaper?: boolean;
  readonly leaderEpoch: number;
  /** Broker ids. */
  readonly isr: readonly string[];
  readonly isrShort: boolean;
  readonly replicas: readonly string[];
  readonly logStart: number;
  readonly highWatermark: number;
  readonly logEnd: number;
  /**
   * Ascending by offset; need not be whole. A hole is drawn as a fold, and more than fit are folded (strip.ts says
   * which offsets to send). Records at or past `logEnd` are ones that were cut off.
   */
  readonly cells: readonly CellView[];
  /** Offsets that must stay visible when the strip folds, for example where the last truncation was. */
  readonly keep?: readonly number[];
  /** Time since the follower was last caught up, as a share of replica.lag.time.max.ms, 0..1. */
  readonly lagFraction: number;
  /** The same in seconds; shown when given. */
  readonly lagSeconds?: number;
  /** Replaces what stands at the right of the label row, for example "recovering". */
  readonly note?: string;
  /** Stands after the end of the strip, for example the name of the chosen record. */
  readonly endNote?: string;
  readonly owner?: OwnerView;
}

export interface BrokerView {
  readonly id: string;
  readonly host: string;
  readonly rack?: string;
  readonly process: ProcessState;
  /** Beside the state, for example "9 s" for a pause, or in its place when up: "back 15.433". */
  readonly processText?: string;
  readonly controller: boolean;
  /** Groups whose coordinator this broker is. */
  readonly coordinatorOf: readonly string[];
  readonly session: SessionView | null;
  readonly faults: readonly FaultMark[];
  readonly replicas: readonly ReplicaView[];
}

export interface ServerSession {
  /** The broker that holds the session. */
  readonly owner: string;
  readonly fractionLeft: number;
  readonly seconds: number;
}

export interface ServerView {
  readonly id: string;
  readonly process: ProcessState;
  readonly mode: "leading" | "following" | "looking";
  readonly sessions: readonly ServerSession[];
  readonly faults: readonly FaultMark[];
}

export interface ClientView {
  readonly id: string;
  readonly kind: "producer" | "consumer";
  readonly process: ProcessState;
  /** The first stands beside the name, the others below it; an empty one leaves its row free. */
  readonly lines: readonly [string, string, string];
  readonly group?: string;
  readonly session?: SessionView;
  readonly faults: readonly FaultMark[];
}

export interface GroupView {
  readonly id: string;
  readonly coordinator: string | null;
  /** In words, for example "preparing rebalance". */
  readonly state: string;
  readonly generation: number;
  readonly members: readonly string[];
  /** Topic partitions that no member owns. */
  readonly unowned: readonly string[];
}

/** A message on its way, or waiting. */
export interface MessageView {
  readonly id: string;
  readonly family: Family;
  readonly from: string;
  readonly to: string;
  readonly response: boolean;
  readonly error: boolean;
  readonly heartbeat: boolean;
  /** (cursor - sentAt) / (arrivesAt - sentAt), 0..1 from `from` to `to`. */
  readonly progress: number;
  readonly label?: string;
  /** Why it does not go on: "b2 is paused". */
  readonly held?: string;
  /** It waits where the link is cut. */
  readonly atCut?: boolean;
  /** It ends here: a cross. */
  readonly dropped?: boolean;
}

/** `closed`: no connection now. `cut-one-way`: what `from` sends to `to` is swallowed. */
export type LinkState = "ok" | "closed" | "cut" | "cut-one-way" | "slow" | "lossy";

export interface LinkView {
  readonly from: string;
  readonly to: string;
  readonly state: LinkState;
  readonly faults: readonly FaultMark[];
}

export interface CanvasModel {
  readonly brokers: readonly BrokerView[];
  readonly servers: readonly ServerView[];
  readonly clients: readonly ClientView[];
  readonly groups: readonly GroupView[];
  readonly messages: readonly MessageView[];
  readonly links: readonly LinkView[];
  readonly selection: Thing | null;
  /** The message that the current event sends or delivers. */
  readonly currentMessage?: string;
  /** One sentence: what happened now. */
  readonly caption: string;
}

/** One text per thing, equal for equal things; a link has the same key in both directions. */
export function thingKey(thing: Thing): string {
  return thing.kind === "link" ? `link:${pairKey(thing.from, thing.to)}` : writeThing(thing);
}

/** The key of the wire between two processes. */
export function pairKey(a: string, b: string): string {
  return a < b ? `${a}|${b}` : `${b}|${a}`;
}

/** True when the process runs no code now, so that its connections are gone. */
export function isGone(process: ProcessState): boolean {
  return process === "down" || process === "starting";
}
