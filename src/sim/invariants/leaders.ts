/**
 * S3, S4, S7: one leader per partition and epoch; the leader is in the ISR; controller epochs only grow.
 */
import type { Invariant } from "./invariant.ts";

export const oneLeaderPerEpoch: Invariant<Record<string, string>> = {
  promise: "S3",
  says: "A partition has at most one leader in each leader epoch.",
  watches: ["leader-started"],
  init: () => ({}),
  check(state, step, fact) {
    const key = `${fact.topicPartition} ${fact.leaderEpoch}`;
    const before = state[key];
    state[key] = step.actor;
    if (before === undefined || before === step.actor) return [];
    return [`${step.actor} leads ${fact.topicPartition} in epoch ${fact.leaderEpoch}, as ${before} did.`];
  },
};

const STATE = /^\/brokers\/topics\/(.+)\/partitions\/(\d+)\/state$/;

export const leaderIsInIsr: Invariant<Record<string, never>> = {
  promise: "S4",
  says: "The leader of a partition is a member of its ISR.",
  watches: ["znode-created", "znode-changed"],
  init: () => ({}),
  check(_state, _step, fact) {
    const match = STATE.exec(String(fact.path));
    const data = fact.data as { leader?: number; isr?: number[] } | null;
    if (match === null || data === null || data.leader === undefined || data.leader < 0) return [];
    if (data.isr?.includes(data.leader)) return [];
    return [`b${data.leader} leads ${match[1]}-${match[2]} but the ISR is [${data.isr?.join(", ")}].`];
  },
};

export const controllerEpochsGrow: Invariant<{ last: number }> = {
  promise: "S7",
  says: "Controller epochs only grow.",
  watches: ["znode-created", "znode-changed"],
  init: () => ({ last: 0 }),
  check(state, _step, fact) {
    if (fact.path !== "/controller_epoch") return [];
    const epoch = Number(fact.data);
    const before = state.last;
    state.last = epoch;
    return epoch > before ? [] : [`The controller epoch went from ${before} to ${epoch}.`];
  },
};
