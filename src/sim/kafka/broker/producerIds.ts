/**
 * Producer ids for idempotent producers, out of blocks of 1000 that are reserved in ZooKeeper.
 *
 * In Kafka     ZkProducerIdManager (2.1: every broker reserves a block when it starts), RPCProducerIdManager (3.9: at the first
 *              use, written by the controller for the broker). Not in 0.10.
 * Simplified   in 3.9 too the broker writes the znode itself.
 */
import type { Message } from "../../engine/types.ts";
import type { Outcome, Then } from "../rpc.ts";
import { respond } from "../rpc.ts";
import { say } from "./facts.ts";
import type { BrokerPorts } from "./ports.ts";
import { type BrokerCtx, brokerOf } from "./state.ts";
import { zkResultOf } from "./zk.ts";

const PATH = "/latest_producer_id_block";
const BLOCK_SIZE = 1000;

interface IdsThen extends Then {
  readonly kind: "broker.producer-ids";
  readonly step: "read" | "write";
  /** The first id of the block that is being written; 0 while reading. */
  readonly from: number;
}

export function onInitProducerId(ctx: BrokerCtx, ports: BrokerPorts, message: Message): void {
  brokerOf(ctx).producerIdWaiters.push(message);
  serveWaiters(ctx, ports);
}

/** 2.1: the block of a broker that starts. */
export function reserveAtStart(ctx: BrokerCtx, ports: BrokerPorts): void {
  if (ctx.self.config.profile === "2.1" && brokerOf(ctx).producerIds === null) reserve(ctx, ports);
}

function serveWaiters(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  while (memory.producerIdWaiters.length > 0) {
    const ids = memory.producerIds;
    if (ids === null || ids.next > ids.end) {
      reserve(ctx, ports);
      return;
    }
    const producerId = ids.next;
    ids.next += 1;
    const message = memory.producerIdWaiters.shift() as Message;
    respond(ctx, message, "InitProducerId", { errorCode: "NONE", producerId, producerEpoch: 0 });
  }
}

function reserve(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  if (memory.readingProducerIds) return;
  memory.readingProducerIds = true;
  const then: IdsThen = { kind: "broker.producer-ids", step: "read", from: 0 };
  ports.zkRequest(ctx, { op: "getData", path: PATH, watch: false }, then);
}

export function onProducerIds(ctx: BrokerCtx, ports: BrokerPorts, then: IdsThen, outcome: Outcome): void {
  const memory = brokerOf(ctx);
  const result = zkResultOf(outcome);
  if (then.step === "write" && result.error === "OK") {
    memory.readingProducerIds = false;
    memory.producerIds = { next: then.from, end: then.from + BLOCK_SIZE - 1 };
    say(ctx, { kind: "producer-ids-reserved", from: then.from, to: then.from + BLOCK_SIZE - 1 });
    serveWaiters(ctx, ports);
    return;
  }
  if (then.step === "write" || (result.error !== "OK" && result.error !== "NONODE")) {
    // Another broker was faster, or the session went: look again.
    memory.readingProducerIds = false;
    if (memory.phase !== "stopping") reserve(ctx, ports);
    return;
  }
  const last = result.data as { readonly block_end: string } | null | undefined;
  const from = result.error === "NONODE" || last === null || last === undefined ? 0 : Number(last.block_end) + 1;
  const data = {
    version: 1,
    broker: ctx.self.config.brokerId,
    block_start: String(from),
    block_end: String(from + BLOCK_SIZE - 1),
  };
  const next: IdsThen = { kind: "broker.producer-ids", step: "write", from };
  if (result.error === "NONODE") {
    ports.zkRequest(ctx, { op: "create", path: PATH, data, ephemeral: false, sequential: false }, next);
  } else {
    ports.zkRequest(ctx, { op: "setData", path: PATH, data, version: result.stat?.version ?? -1 }, next);
  }
}
