/**
 * A process that is nothing but a ZooKeeper client: the administrator with a shell, who creates topics by writing their znodes,
 * deletes /controller, and so on. It writes what it is told to and repeats nothing. (model.ts gives it an admin client beside.)
 */
import type { ActorId, Body } from "../../engine/types.ts";
import type { ZkResult, ZkWriteOp } from "../protocol/zookeeper.ts";
import type { Role } from "../roles.ts";
import type { Outcome, Then } from "../rpc.ts";
import type { ActorConfig, KafkaActor, KafkaCtx } from "../types.ts";
import { zkClose, zkRequest, zooKeeperClient } from "./client.ts";

export interface ObserverActorConfig extends ActorConfig {
  readonly zookeeperServers: readonly ActorId[];
  readonly sessionTimeoutMs: number;
}

/** Command: writes `ops` one after the other, up to the first that fails; then notes `zk-written` with `tag` and its error. */
export interface ZkWriteCommand extends Body {
  readonly kind: "zk-write";
  readonly ops: readonly ZkWriteOp[];
  readonly tag: string;
}

interface WriteThen extends Then {
  readonly kind: "zk-write-next";
  /** Still to be written. */
  readonly rest: readonly ZkWriteOp[];
  readonly tag: string;
}

/** The roles of an observer: the client, and the writer. */
export function observerRoles(): Role[] {
  const client = zooKeeperClient({
    servers: (actor) => configOf(actor).zookeeperServers,
    sessionTimeoutMs: (actor) => configOf(actor).sessionTimeoutMs,
    listener: {},
  });
  const writer: Role = {
    name: "zk-writer",
    init: () => ({}),
    onStop(ctx) {
      zkClose(ctx, { kind: "zk-writer-closed" });
    },
    commands: {
      "zk-write": (ctx, { ops, tag }: ZkWriteCommand) => writeNext(ctx, ops, tag),
    },
    then: {
      "zk-write-next"(ctx: KafkaCtx, { rest, tag }: WriteThen, outcome: Outcome) {
        if (outcome.kind !== "answer") return;
        const { error } = outcome.data as ZkResult;
        if (error === "OK") writeNext(ctx, rest, tag);
        else ctx.note({ kind: "zk-written", tag, error });
      },
      "zk-writer-closed"(ctx: KafkaCtx) {
        ctx.exit("stopped");
      },
    },
  };
  return [client, writer];
}

function writeNext(ctx: KafkaCtx, ops: readonly ZkWriteOp[], tag: string): void {
  const [op, ...rest] = ops;
  const then: WriteThen = { kind: "zk-write-next", rest, tag };
  if (op === undefined) ctx.note({ kind: "zk-written", tag, error: "OK" });
  else zkRequest(ctx, op, then);
}

function configOf(actor: KafkaActor): ObserverActorConfig {
  return actor.config as ObserverActorConfig;
}
