/** A small ensemble with clients that do what a test tells them, in an environment where nothing is wrong. */
import { Timeline, type TimelineOptions } from "../../../src/sim/engine/timeline.ts";
import type { Body, Fact, Input, Model } from "../../../src/sim/engine/types.ts";
import { MILLISECOND, SECOND } from "../../../src/sim/engine/types.ts";
import { type ActorSpec, createWorld } from "../../../src/sim/engine/world.ts";
import { createEnvironmentModel } from "../../../src/sim/environment/environment.ts";
import { createEnvironment } from "../../../src/sim/environment/types.ts";
import { defaultsOf } from "../../../src/sim/kafka/profiles/config.ts";
import type { WatchEvent, ZkOp, ZkResult } from "../../../src/sim/kafka/protocol/zookeeper.ts";
import { joinRoles, type Role } from "../../../src/sim/kafka/roles.ts";
import type { Outcome, Then } from "../../../src/sim/kafka/rpc.ts";
import { rulesOf } from "../../../src/sim/kafka/rules.ts";
import type { KafkaCtx } from "../../../src/sim/kafka/types.ts";
import { zkClose, zkRequest, zooKeeperClient } from "../../../src/sim/kafka/zookeeper/client.ts";
import { type ObserverActorConfig, observerRoles } from "../../../src/sim/kafka/zookeeper/observer.ts";
import { zooKeeperServer } from "../../../src/sim/kafka/zookeeper/server.ts";
import type { ZkDisk, ZkServerMemory } from "../../../src/sim/kafka/zookeeper/state.ts";
import { createZkDisk } from "../../../src/sim/kafka/zookeeper/tree.ts";
import { testActs } from "../../engine/acts.ts";

interface TestThen extends Then {
  readonly kind: "test-answer";
  readonly tag: string;
}

/** Writes down what the client hears; command `zk {op, tag}` sends an operation, `zk-close` closes. */
const tester: Role = {
  name: "tester",
  init: () => ({}),
  onStop(ctx) {
    zkClose(ctx, { kind: "test-closed" });
  },
  commands: {
    zk(ctx, { op, tag }: { op: ZkOp; tag: string }) {
      const then: TestThen = { kind: "test-answer", tag };
      zkRequest(ctx, op, then);
    },
    "zk-many"(ctx, { ops }: { ops: { op: ZkOp; tag: string }[] }) {
      for (const { op, tag } of ops) zkRequest(ctx, op, { kind: "test-answer", tag } as TestThen);
    },
  },
  then: {
    "test-answer"(ctx: KafkaCtx, { tag }: TestThen, outcome: Outcome) {
      if (outcome.kind !== "answer") throw new Error("the client gave an outcome that is no answer");
      ctx.note({ kind: "answered", tag, result: outcome.data });
    },
    "test-closed"(ctx: KafkaCtx) {
      ctx.exit("stopped");
    },
  },
};

const client = zooKeeperClient({
  servers: (actor) => (actor.config as ObserverActorConfig).zookeeperServers,
  sessionTimeoutMs: (actor) => (actor.config as ObserverActorConfig).sessionTimeoutMs,
  listener: {
    onSessionEstablished: (ctx) => ctx.note({ kind: "heard-established" }),
    onSessionExpired: (ctx) => ctx.note({ kind: "heard-expired" }),
    onDisconnected: (ctx) => ctx.note({ kind: "heard-disconnected" }),
    onReconnected: (ctx) => ctx.note({ kind: "heard-reconnected" }),
    onWatch: (ctx, event: WatchEvent) => ctx.note({ kind: "watched", event }),
  },
});

export const zkModel: Model = {
  actors: {
    zookeeper: joinRoles([zooKeeperServer()], { oneRequestAtATime: false }),
    client: joinRoles([client, tester], { oneRequestAtATime: false }),
    observer: joinRoles(observerRoles(), { oneRequestAtATime: false }),
  },
  environment: createEnvironmentModel(testActs),
};

export interface ClusterOptions {
  servers?: number;
  clients?: readonly string[];
  tickTime?: number;
  sessionTimeoutMs?: number;
  seed?: string;
  timeline?: TimelineOptions;
  /** Loss and jitter of every link. */
  lossPerMille?: number;
  jitter?: number;
}

/** Times of inputs are in seconds; a script is a list of [time, act, fields]. */
export type Script = readonly (readonly [number, string, Record<string, unknown>])[];

export function cluster(script: Script, options: ClusterOptions = {}): Timeline {
  const { servers = 1, clients = ["c1"], tickTime = 2000, sessionTimeoutMs = 6000, seed = "zookeeper" } = options;
  const ensemble = Array.from({ length: servers }, (_, n) => `z${n + 1}`);
  const common = { profile: "2.1", rules: rulesOf("2.1") } as const;
  const zookeeper = { ...defaultsOf("zookeeper", "2.1"), tickTime };
  const actors: ActorSpec[] = ensemble.map((id, n) => ({
    id,
    kind: "zookeeper",
    host: id,
    config: { ...common, serverId: n + 1, zookeeper, ensemble },
    disk: createZkDisk(),
  }));
  for (const id of clients) {
    const kind = id === "o" ? "observer" : "client";
    actors.push({ id, kind, host: id, config: { ...common, zookeeperServers: ensemble, sessionTimeoutMs }, disk: {} });
  }
  const { lossPerMille = 0, jitter = 0 } = options;
  const world = createWorld(seed, actors, createEnvironment({ delay: 500, jitter, lossPerMille }));
  const inputs: Input[] = [];
  for (const who of ensemble) inputs.push(input(0, "start", { who }));
  for (const who of clients) inputs.push(input(0.5, "start", { who }));
  for (const [at, kind, fields] of script) inputs.push(input(at, kind, fields));
  return new Timeline(zkModel, world, inputs, [], options.timeline);
}

function input(seconds: number, kind: string, fields: Record<string, unknown>): Input {
  return { at: Math.round(seconds * SECOND), nth: 0, act: { kind, ...fields } as Body };
}

export function run(timeline: Timeline, seconds: number): Timeline {
  timeline.advance(Math.round(seconds * SECOND));
  if (timeline.failure !== null) throw new Error(`${timeline.failure.message} at ${timeline.failure.at}`);
  return timeline;
}

/** The act of a client sending one operation. */
export function ask(who: string, op: ZkOp, tag = ""): Record<string, unknown> {
  return { who, command: { kind: "zk", op, tag } };
}

export const create = (path: string, data: unknown = null, ephemeral = false, sequential = false): ZkOp => ({
  op: "create",
  path,
  data,
  ephemeral,
  sequential,
});

export interface Told {
  readonly at: number;
  readonly actor: string;
  readonly fact: Fact;
}

/** Facts of a kind so far, times in milliseconds. */
export function told(timeline: Timeline, ...kinds: string[]): Told[] {
  return [...timeline.trace.facts]
    .filter(({ fact }) => kinds.includes(fact.kind))
    .map(({ at, actor, fact }) => ({ at: at / MILLISECOND, actor, fact }));
}

/** The answer to the operation with this tag. */
export function answerOf(timeline: Timeline, tag: string): ZkResult | undefined {
  return told(timeline, "answered").find(({ fact }) => fact.tag === tag)?.fact.result as ZkResult | undefined;
}

export function diskOf(timeline: Timeline, id: string): ZkDisk {
  return timeline.head.world.actors[id]?.disk as ZkDisk;
}

export function serverMemory(timeline: Timeline, id: string): ZkServerMemory | null {
  const memory = timeline.head.world.actors[id]?.memory as { server: ZkServerMemory } | null;
  return memory?.server ?? null;
}

/** The servers that lead an ensemble they serve. */
export function leadersOf(timeline: Timeline): string[] {
  return Object.keys(timeline.head.world.actors).filter((id) => {
    const actor = timeline.head.world.actors[id];
    return (
      actor?.kind === "zookeeper" && actor.process !== "down" && serverMemory(timeline, id)?.leading?.isEstablished
    );
  });
}
