/**
 * The leader's view of its followers where the vectors are silent: differences between versions, and rules switched off.
 */
import { describe, expect, test } from "vitest";
import {
  acksAllStatus,
  becomeLeader,
  beginIsrChange,
  canExpandIsr,
  effectiveMinIsr,
  finishIsrChange,
  type IsrContext,
  isrToShrink,
  type LeaderReplicaState,
  nextHighWatermark,
  outOfSyncReplicas,
  recordFollowerFetch,
  refusesAcksAll,
} from "../../src/sim/kafka/broker/isrState.ts";
import { PROFILES, type Profile } from "../../src/sim/kafka/profiles/profile.ts";
import { type RuleName, rulesOf } from "../../src/sim/kafka/rules.ts";

const SECOND = 1_000_000;

interface Setting {
  now?: number;
  logEndOffset?: number;
  highWatermark?: number;
  minInsyncReplicas?: number;
  without?: RuleName[];
  dead?: number[];
}

function contextOf(profile: Profile, setting: Setting = {}): IsrContext {
  const { now = 0, logEndOffset = 10, highWatermark = 0, minInsyncReplicas = 1, without = [], dead = [] } = setting;
  return {
    now,
    log: { logEndOffset, highWatermark },
    minInsyncReplicas,
    replicaLagTimeMax: 10 * SECOND,
    profile,
    rules: rulesOf(profile, without),
    isAlive: (broker) => !dead.includes(broker),
  };
}

function leaderOf(profile: Profile, isr: number[], replicas = [1, 2, 3], logEndOffset = 10): LeaderReplicaState {
  const order = { brokerId: 1, replicas, isr, leaderEpoch: 0, partitionEpoch: 0 };
  return becomeLeader(null, order, contextOf(profile, { logEndOffset }));
}

function fetched(state: LeaderReplicaState, replica: number, fetchOffset: number, at: number, leaderLogEndOffset = 10) {
  return recordFollowerFetch(state, replica, { fetchOffset, leaderLogEndOffset, at });
}

test("a silent follower at the leader's log end is late in 0.10 only", () => {
  const late = PROFILES.map((profile) => {
    const state = leaderOf(profile, [1, 2]);
    fetched(state, 2, 10, 0);
    return outOfSyncReplicas(state, contextOf(profile, { now: 11 * SECOND }));
  });
  expect(late).toEqual([[2], [], []]);
});

test("a replica that was never caught up is late from the first moment of a run", () => {
  const state = leaderOf("2.1", [1, 2]);
  state.remotes[2]!.lastCaughtUp = null;
  expect(outOfSyncReplicas(state, contextOf("2.1", { now: 0 }))).toEqual([2]);
});

test("a follower about to join holds the high watermark back; its death ends that only in 3.9", () => {
  const marks = (["2.1", "3.9"] as const).map((profile) => {
    const state = leaderOf(profile, [1], [1, 2], 5);
    fetched(state, 2, 5, 0, 5);
    return [[], [2]].map((dead) => nextHighWatermark(state, contextOf(profile, { highWatermark: 5, dead })));
  });
  expect(marks).toEqual([
    [5, 5],
    [5, 10],
  ]);
});

test("joining needs the high watermark; since 2.0 also the start of the leader's epoch, in 3.9 a registered broker", () => {
  const may = PROFILES.map((profile) => {
    const state = leaderOf(profile, [1], [1, 2], 8);
    fetched(state, 2, 7, 0);
    const belowEpochStart = canExpandIsr(state, 2, contextOf(profile, { highWatermark: 6 }));
    fetched(state, 2, 8, 0);
    const dead = canExpandIsr(state, 2, contextOf(profile, { highWatermark: 6, dead: [2] }));
    const belowMark = canExpandIsr(state, 2, contextOf(profile, { highWatermark: 9 }));
    return [belowEpochStart, dead, belowMark];
  });
  expect(may).toEqual([
    [true, true, false],
    [false, true, false],
    [false, false, false],
  ]);
});

test("a replica that is not assigned, and one that is a member already, cannot join", () => {
  const state = leaderOf("2.1", [1, 2]);
  expect([2, 9].map((replica) => canExpandIsr(state, replica, contextOf("2.1")))).toEqual([false, false]);
  expect(fetched(state, 9, 10, 0)).toBe(false);
});

describe("an ISR change", () => {
  const pending = () => {
    const state = leaderOf("3.9", [1, 4, 3, 2], [1, 2, 3, 4, 5]);
    beginIsrChange(state, "expand", [5]);
    return state;
  };

  test("is stored in hash order from five members on", () => {
    expect(pending().pending).toMatchObject({ kind: "expand", isr: [5, 1, 2, 3, 4] });
  });

  test.each([
    ["INELIGIBLE_REPLICA", "reverted"],
    ["FENCED_LEADER_EPOCH", "stuck"],
    ["INVALID_UPDATE_VERSION", "stuck"],
    ["NOT_CONTROLLER", "retry"],
  ])("answered %s is %s", (error, outcome) => {
    const state = pending();
    expect(finishIsrChange(state, { kind: "refused", error })).toBe(outcome);
    expect(state.isr).toEqual([1, 4, 3, 2]);
    expect(state.pending === null).toBe(outcome === "reverted");
  });

  test("whose version was old leaves the leader with the ISR it had", () => {
    const state = pending();
    expect(finishIsrChange(state, { kind: "bad-version" })).toBe("reverted");
    expect(state).toMatchObject({ isr: [1, 4, 3, 2], partitionEpoch: 0, pending: null });
  });

  test("written under an older leader epoch is too late", () => {
    const state = pending();
    const answer = { kind: "written", leaderEpoch: -1, partitionEpoch: 1, isr: [1] } as const;
    expect(finishIsrChange(state, answer)).toBe("superseded");
  });

  test("keeps the next one waiting", () => {
    const state = leaderOf("3.9", [1, 2, 3]);
    beginIsrChange(state, "shrink", [3]);
    expect(isrToShrink(state, contextOf("3.9", { now: 60 * SECOND }))).toEqual([]);
    expect(canExpandIsr(state, 3, contextOf("3.9"))).toBe(false);
  });
});

test("min.insync.replicas above the number of replicas is capped in 3.9 only", () => {
  const counted = PROFILES.map((profile) =>
    effectiveMinIsr(leaderOf(profile, [1], [1]), contextOf(profile, { minInsyncReplicas: 2 })),
  );
  expect(counted).toEqual([2, 2, 1]);
});

test("acks=all whose records are committed in too small an ISR gets an error after the append", () => {
  const state = leaderOf("2.1", [1], [1, 2]);
  const context = contextOf("2.1", { highWatermark: 10, minInsyncReplicas: 2 });
  expect(acksAllStatus(state, context, 10)).toBe("NOT_ENOUGH_REPLICAS_AFTER_APPEND");
  expect(acksAllStatus(state, context, 11)).toBe("pending");
});

test("the same leader in a new epoch keeps what it knows of its followers' logs", () => {
  const before = leaderOf("3.9", [1, 2], [1, 2, 3]);
  fetched(before, 2, 7, 0);
  fetched(before, 3, 4, 0);
  const order = { brokerId: 1, replicas: [1, 2, 3], isr: [1, 2], leaderEpoch: 1, partitionEpoch: 1 };
  const after = becomeLeader(before, order, contextOf("3.9", { now: SECOND, logEndOffset: 12 }));
  const seen = { lastFetchLeaderLogEndOffset: 12 };
  expect(after.remotes[2]).toEqual({ logEndOffset: 7, lastFetch: SECOND, lastCaughtUp: SECOND, ...seen });
  expect(after.remotes[3]).toEqual({ logEndOffset: 4, lastFetch: null, lastCaughtUp: null, ...seen });
  expect([before.epochStartOffset, after.epochStartOffset]).toEqual([10, 12]);
});

describe("with a rule switched off", () => {
  test("highWatermarkIsIsrMinimum: the mark is the leader's own log end", () => {
    const off = contextOf("2.1", { without: ["highWatermarkIsIsrMinimum"] });
    const state = leaderOf("2.1", [1, 2]);
    expect([nextHighWatermark(state, contextOf("2.1")), nextHighWatermark(state, off)]).toEqual([0, 10]);
  });

  test("acksAllWaitsForIsr: acks=all is answered at once", () => {
    const off = contextOf("2.1", { without: ["acksAllWaitsForIsr"] });
    expect(acksAllStatus(leaderOf("2.1", [1, 2]), off, 10)).toBe("NONE");
  });

  test("minIsrChecked: acks=all is not refused", () => {
    const state = leaderOf("2.1", [1], [1, 2]);
    const setting = { minInsyncReplicas: 2 };
    const off = contextOf("2.1", { ...setting, without: ["minIsrChecked"] });
    expect([refusesAcksAll(state, contextOf("2.1", setting)), refusesAcksAll(state, off)]).toEqual([true, false]);
  });

  test("shrinksIsr: a follower that lags is never removed", () => {
    const state = leaderOf("2.1", [1, 2]);
    const now = 60 * SECOND;
    const off = contextOf("2.1", { now, without: ["shrinksIsr"] });
    expect([isrToShrink(state, contextOf("2.1", { now })), isrToShrink(state, off)]).toEqual([[2], []]);
  });
});
