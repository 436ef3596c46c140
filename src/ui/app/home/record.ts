/** Records the reel of the first page from the simulator; run while building (vite.config.ts) and by its test. */
import { clusterNow, messagesNow } from "../../../sim/index.ts";
import { createPlayer, type Player } from "../../player/index.ts";
import { Captions } from "../captions.ts";
import { openDemo, sceneAt } from "./demo-run.ts";
import { changesBetween, type MessageKind, type Plain, type Reel, type ReelMessage, type StillScene } from "./reel.ts";
import type { Scene } from "./scene.ts";

/** A little longer than the page plays by itself. */
const until = 10_500_000;
const every = 50_000;

export async function recordReel(): Promise<Reel> {
  const run = await openDemo();
  if (typeof run === "string") throw new Error(run);
  const player = computedPlayer();
  player.open(run);
  player.timeline.advance(until);
  // As while playing: the message that a step delivered is not drawn again.
  player.store.setState({ isPlaying: true });
  const captions = new Captions(player);
  const { trace } = player.timeline;
  const messages = new Map<string, ReelMessage>();
  const kinds = new Map<string, number>();
  const changes: [number, string, Plain][] = [];
  let state: Plain = null;
  let first: Plain = null;
  for (let entries = player.timeline.entriesAt(0); entries <= trace.countUntil(until); entries += 1) {
    const time = entries === 0 ? 0 : trace.at(entries - 1);
    if (entries < trace.length && trace.at(entries) === time) continue;
    const scene = sceneAt({ moment: player.timeline.at(entries), time, entries, player }, captions, null);
    collect(messages, kinds, scene, player, entries);
    const next = JSON.parse(JSON.stringify(stillOf(scene, player, entries))) as Plain;
    if (state === null) first = next;
    else for (const [path, value] of changesBetween(state, next)) changes.push([time, path, value]);
    state = next;
  }
  const counts = Array.from({ length: until / every }, (_, n) => trace.countUntil((n + 1) * every));
  return {
    seed: run.resolved?.seed ?? 0,
    until,
    first,
    changes,
    kinds: [...kinds.keys()].map((kind) => JSON.parse(kind) as MessageKind),
    messages: [...messages.values()],
    counts,
    every,
  };
}

/** A player that computes when it is told to, and shows no frames. */
function computedPlayer(): Player {
  return createPlayer({ now: () => 0, frame: () => () => {}, soon: () => {} });
}

/** Messages that are drawn, each once, from when it leaves to when it arrives. */
function collect(
  found: Map<string, ReelMessage>,
  kinds: Map<string, number>,
  scene: Scene,
  player: Player,
  entries: number,
): void {
  const { world } = player.timeline.at(entries);
  const times = new Map(messagesNow(world).map((message) => [message.id, message]));
  for (const { progress: _, id, ...view } of scene.model.messages) {
    const message = times.get(id);
    if (view.heartbeat || found.has(id) || message === undefined || message.arrivesAt === null) continue;
    const written = JSON.stringify(view);
    const kind = kinds.get(written) ?? kinds.size;
    kinds.set(written, kind);
    found.set(id, [kind, id, message.sentAt, message.arrivesAt - message.sentAt]);
  }
}

function stillOf(scene: Scene, player: Player, entries: number): StillScene {
  const { messages: _, selection: __, brokers, servers, ...rest } = scene.model;
  const sessions = clusterNow(player.timeline.at(entries).world).brokers.map(({ session }) => session);
  return {
    facts: scene.facts,
    caption: scene.caption,
    model: {
      ...rest,
      servers: servers.map((server) => ({
        ...server,
        sessions: server.sessions.map(({ owner }) => ({ owner, fractionLeft: 1, seconds: 0 })),
      })),
      brokers: brokers.map((broker, index) => {
        const session = sessions[index] ?? null;
        return {
          ...broker,
          session: session === null ? null : { endsAt: session.endsAt, timeout: session.timeout },
          replicas: broker.replicas.map((replica) => ({ ...replica, cells: [] })),
        };
      }),
    },
  };
}
