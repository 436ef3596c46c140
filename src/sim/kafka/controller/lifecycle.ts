/**
 * Becoming and ceasing to be the controller: the race for /controller, and resignation.
 *
 * In Kafka     KafkaController.elect, maybeResign, onControllerResignation; KafkaZkClient.registerControllerAndIncrementControllerEpoch;
 *              0.10: ZookeeperLeaderElector.
 * Simplified   0.10's listeners run in the same queue of events as everything else.
 *
 * Whoever creates the ephemeral /controller first wins. 2.1 and later raise /controller_epoch in the same transaction; 0.10 does
 * so afterwards, in a write of its own.
 */
import { must } from "../../engine/assert.ts";
import { brokerActor } from "../protocol/ids.ts";
import type { ZkOp, ZkResult } from "../protocol/zookeeper.ts";
import { say } from "./facts.ts";
import { removeAllSenders } from "./senders.ts";
import { type ControllerCtx, type ControllerMemory, controllerOf, createBatch, createContext } from "./state.ts";
import { callTo, done, type Next, type Procedure, zk } from "./tasks.ts";
import { CONTROLLER_EPOCH_PATH, CONTROLLER_PATH, controllerData, createOp, existsOp, readOp, setOp } from "./znodes.ts";

export const REBALANCE_TIMER = "controller-rebalance";

/** The process, or a new session of it, takes part: watch /controller, then try for it. */
export const startup: Procedure = {
  start: () => callTo("maybeResign", {}, "elect"),
  elect: () => callTo("elect", {}, "end"),
  end: () => done(),
};

/** /controller is gone. */
export const reelect: Procedure = startup;

/** Watches /controller again and gives up if it names somebody else. */
export const maybeResign: Procedure = {
  start: () => zk([existsOp(CONTROLLER_PATH), readOp(CONTROLLER_PATH)], "look"),
  look(ctx, _l, results: readonly ZkResult[]) {
    const memory = controllerOf(ctx);
    memory.activeControllerId = controllerIdIn(results[1]);
    if (memory.isActive && memory.activeControllerId !== ctx.self.config.brokerId) {
      const other = memory.activeControllerId;
      resign(ctx, other < 0 ? "controller znode gone" : `${brokerActor(other)} is controller`);
    }
    return done();
  },
};

interface ElectLocals {
  epoch: number;
  /** Version of /controller_epoch as read; -1: there is none. */
  epochVersion: number;
}

export const elect: Procedure = {
  start: () => zk([readOp(CONTROLLER_PATH)], "look"),
  look(ctx, _l: ElectLocals, [result]: readonly ZkResult[]) {
    const memory = controllerOf(ctx);
    memory.activeControllerId = controllerIdIn(result);
    // A connection lost behind an own create comes back here with the own id: 2.1 and later check the epoch, below.
    if (memory.activeControllerId !== -1) return done();
    if (ctx.self.config.profile === "0.10") return zk([createController(ctx)], "created");
    return zk([readOp(CONTROLLER_EPOCH_PATH)], "readEpoch");
  },

  // 2.1 and later
  readEpoch(ctx, l: ElectLocals, [result]: readonly ZkResult[]) {
    if (result?.error === "NONODE") return zk([createOp(CONTROLLER_EPOCH_PATH, 0)], "madeEpoch");
    return register(ctx, l, result);
  },
  madeEpoch: () => zk([readOp(CONTROLLER_EPOCH_PATH)], "readEpoch"),
  registered(ctx, l: ElectLocals, [result]: readonly ZkResult[]) {
    if (result?.error === "OK") {
      win(ctx, l.epoch, l.epochVersion + 1);
      return callTo("failover", {}, "end");
    }
    return zk([readOp(CONTROLLER_PATH), readOp(CONTROLLER_EPOCH_PATH)], "whoWon");
  },
  whoWon(ctx, l: ElectLocals, [controller, epoch]: readonly ZkResult[]) {
    // The own write may have succeeded although its answer was lost.
    if (controllerIdIn(controller) === ctx.self.config.brokerId && epoch?.data === l.epoch) {
      win(ctx, l.epoch, must(epoch.stat, "stat of /controller_epoch").version);
      return callTo("failover", {}, "end");
    }
    return callTo("maybeResign", {}, "end");
  },

  // 0.10
  created(_ctx, _l: ElectLocals, [result]: readonly ZkResult[]) {
    if (result?.error === "OK") return zk([readOp(CONTROLLER_EPOCH_PATH)], "raiseEpoch");
    return zk([readOp(CONTROLLER_PATH)], "lost");
  },
  raiseEpoch(_ctx, l: ElectLocals, [result]: readonly ZkResult[]) {
    const isFirst = result?.error === "NONODE";
    l.epoch = isFirst ? 1 : Number(result?.data) + 1;
    l.epochVersion = isFirst ? -1 : must(result?.stat, "stat of /controller_epoch").version;
    const write: ZkOp = isFirst
      ? createOp(CONTROLLER_EPOCH_PATH, 1)
      : setOp(CONTROLLER_EPOCH_PATH, l.epoch, l.epochVersion);
    return zk([write], "raisedEpoch");
  },
  raisedEpoch(ctx, l: ElectLocals, [result]: readonly ZkResult[]) {
    if (result?.error !== "OK") return callTo("maybeResign", {}, "end");
    win(ctx, l.epoch, l.epochVersion + 1);
    return callTo("failover", {}, "end");
  },
  lost(ctx, _l: ElectLocals, [result]: readonly ZkResult[]) {
    // If it is gone again already, the watch on it brings the next round.
    controllerOf(ctx).activeControllerId = controllerIdIn(result);
    return done();
  },

  end: () => done(),
};

function register(ctx: ControllerCtx, l: ElectLocals, result: ZkResult | undefined): Next {
  l.epoch = Number(result?.data) + 1;
  l.epochVersion = must(result?.stat, "stat of /controller_epoch").version;
  const multi: ZkOp = {
    op: "multi",
    ops: [createController(ctx), setOp(CONTROLLER_EPOCH_PATH, l.epoch, l.epochVersion)],
  };
  return zk([multi], "registered");
}

function createController(ctx: ControllerCtx) {
  const { profile, brokerId } = ctx.self.config;
  return createOp(CONTROLLER_PATH, controllerData(profile, brokerId, String(Math.floor(ctx.now / 1_000))), true);
}

function win(ctx: ControllerCtx, epoch: number, epochZkVersion: number): void {
  const memory = controllerOf(ctx);
  memory.isActive = true;
  memory.activeControllerId = ctx.self.config.brokerId;
  memory.epoch = epoch;
  memory.epochZkVersion = epochZkVersion;
  memory.context = createContext();
  say(ctx, { kind: "controller-elected", controllerEpoch: epoch });
}

/** Stops being the controller: everything it knew, and every order not yet sent, is forgotten. */
export function resign(ctx: ControllerCtx, reason: string): void {
  const memory = controllerOf(ctx);
  memory.isActive = false;
  removeAllSenders(ctx);
  ctx.cancelTimer(REBALANCE_TIMER);
  memory.context = createContext();
  memory.batch = createBatch();
  say(ctx, { kind: "controller-resigned", controllerEpoch: memory.epoch, reason });
  forgetEpoch(memory);
}

function forgetEpoch(memory: ControllerMemory): void {
  memory.epoch = 0;
  memory.epochZkVersion = 0;
}

/** The broker that /controller names; -1: none. */
function controllerIdIn(result: ZkResult | undefined): number {
  if (result?.error !== "OK") return -1;
  return (result.data as { readonly brokerid: number }).brokerid;
}
