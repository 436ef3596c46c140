/**
 * The first seconds of the first page, recorded while building: the cluster moves before the simulator has loaded, and the
 * simulator goes on from the same moment of the same run.
 *
 * State is kept as a first picture and what changes after it; messages with the times they leave and arrive, so that
 * their place is computed from the moment shown, as it is in the live picture. Nothing here knows Kafka.
 */
import type {
  BrokerView,
  CanvasModel,
  CellView,
  MessageView,
  ReplicaView,
  SessionView,
} from "../../views/canvas/model.ts";
import { maxCells, visibleOffsets } from "../../views/canvas/strip.ts";
import type { Scene } from "./scene.ts";

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** What many messages have in common. */
export type MessageKind = Omit<MessageView, "progress" | "id">;

/** Place of its kind, name, time it leaves, how long it is on its way (µs). In lists, since there are hundreds. */
export type ReelMessage = readonly [kind: number, id: string, sentAt: number, lasts: number];

export interface Reel {
  readonly seed: number;
  /** The last moment recorded, µs. */
  readonly until: number;
  readonly first: Plain;
  /** Time, path, value; ascending by time. */
  readonly changes: readonly (readonly [number, string, Plain])[];
  readonly kinds: readonly MessageKind[];
  readonly messages: readonly ReelMessage[];
  /** Events by the end of each `every` µs. */
  readonly counts: readonly number[];
  readonly every: number;
}

/** A scene without messages, with sessions as the moments they end at. */
export interface StillScene {
  readonly model: Omit<CanvasModel, "messages" | "brokers" | "selection"> & {
    readonly brokers: readonly (Omit<BrokerView, "session"> & { readonly session: EndingSession | null })[];
  };
  readonly facts: Scene["facts"];
  readonly caption: string;
}

export interface EndingSession {
  readonly endsAt: number;
  readonly timeout: number;
}

/** Plays a reel; the same instance may be asked for any moments, later ones cheaply. */
export class ReelPlayer {
  readonly reel: Reel;
  private state: Plain;
  private next = 0;
  private at = 0;

  constructor(reel: Reel) {
    this.reel = reel;
    this.state = reel.first;
  }

  countUntil(time: number): number {
    const { counts, every } = this.reel;
    const place = time / every;
    const low = counts[Math.floor(place) - 1] ?? 0;
    const high = counts[Math.floor(place)] ?? low;
    return Math.round(low + (high - low) * (place % 1));
  }

  sceneAt(time: number): Scene {
    if (time < this.at) {
      this.state = this.reel.first;
      this.next = 0;
    }
    this.at = time;
    const { changes } = this.reel;
    for (; this.next < changes.length; this.next += 1) {
      const change = changes[this.next];
      if (change === undefined || change[0] > time) break;
      this.state = withValue(this.state, change[1] === "" ? [] : change[1].split("/"), change[2]);
    }
    const { model, facts, caption } = this.state as unknown as StillScene;
    const sessions = new Map(model.brokers.map(({ id, session }) => [id, session]));
    return {
      time,
      facts,
      caption,
      bands: [{ from: 0, to: null, leader: facts.leader }],
      model: {
        ...model,
        selection: null,
        brokers: model.brokers.map((broker) => ({
          ...broker,
          session: broker.session === null ? null : sessionAt(broker.session, time),
          replicas: broker.replicas.map((replica) => ({ ...replica, cells: plainCells(replica) })),
        })),
        servers: model.servers.map((server) => ({
          ...server,
          sessions: server.sessions.map((one) => {
            const session = sessions.get(one.owner) ?? null;
            if (session === null) return one;
            const { fractionLeft, secondsLeft } = sessionAt(session, time);
            return { owner: one.owner, fractionLeft, seconds: secondsLeft };
          }),
        })),
        messages: this.messagesAt(time),
      },
    };
  }

  private messagesAt(time: number): MessageView[] {
    const { kinds, messages } = this.reel;
    return messages.flatMap(([kind, id, sentAt, lasts]) => {
      const view = kinds[kind];
      if (view === undefined || time < sentAt || time >= sentAt + lasts) return [];
      return [{ ...view, id, progress: (time - sentAt) / lasts }];
    });
  }
}

function sessionAt({ endsAt, timeout }: EndingSession, time: number): SessionView {
  const left = Math.max(0, endsAt - time);
  return { fractionLeft: Math.min(1, left / timeout), secondsLeft: left / 1_000_000, state: "ok" };
}

/** Cells of a log in which nothing was lost and nothing twice. */
function plainCells({ logStart, highWatermark, logEnd, leaderEpoch }: ReplicaView): CellView[] {
  return visibleOffsets({ logStart, highWatermark, logEnd }, maxCells).map((offset) => ({
    offset,
    label: String(offset),
    state: offset < highWatermark ? "committed" : "uncommitted",
    epoch: leaderEpoch,
  }));
}

/** `value` put at `path`; everything beside the path stays the same object. */
export function withValue(tree: Plain, path: readonly string[], value: Plain): Plain {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(tree)) return tree.map((item, index) => (String(index) === key ? withValue(item, rest, value) : item));
  const map = tree as { readonly [key: string]: Plain };
  return { ...map, [key]: withValue(map[key] ?? null, rest, value) };
}

/** What leads from one tree to another: for each place that differs, its path and new value. */
export function changesBetween(before: Plain, after: Plain, path = ""): [string, Plain][] {
  if (before === after) return [];
  const inside = (key: string | number) => (path === "" ? String(key) : `${path}/${key}`);
  if (isList(before) && isList(after) && before.length === after.length)
    return after.flatMap((item, index) => changesBetween(before[index] ?? null, item, inside(index)));
  if (isMap(before) && isMap(after)) {
    const keys = Object.keys(after);
    if (keys.length === Object.keys(before).length && keys.every((key) => Object.hasOwn(before, key)))
      return keys.flatMap((key) => changesBetween(before[key] ?? null, after[key] ?? null, inside(key)));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [[path, after]];
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The reel in the page; null in development and where it cannot be read. */
export function reelInPage(): Reel | null {
  const text = document.getElementById("reel")?.textContent ?? "";
  try {
    return text === "" ? null : (JSON.parse(text) as Reel);
  } catch {
    return null;
  }
}
