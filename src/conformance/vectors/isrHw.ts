/**
 * Kind isr_hw: a script on the leader of one partition: fetches, appends, ISR changes, and what it then believes.
 *
 * Simplified   times of the vectors are milliseconds, the model's are microseconds; a moment that never was reads 0.
 */
import {
  acksAllStatus,
  becomeLeader,
  beginIsrChange,
  canExpandIsr,
  finishIsrChange,
  type IsrContext,
  isAtMinIsr,
  isrToShrink,
  isUnderMinIsr,
  isUnderReplicated,
  type LeaderReplicaState,
  maximalIsr,
  nextHighWatermark,
  outOfSyncReplicas,
  recordFollowerFetch,
  refusesAcksAll,
} from "../../sim/kafka/broker/isrState.ts";
import { rulesOf } from "../../sim/kafka/rules.ts";
import { compared, statedFields, unsupported, type VectorKind, type VectorProfile } from "./kind.ts";

interface ScriptInput {
  brokerId: number;
  startMs: number;
  leo: number;
  hw: number;
  minIsr: number;
  lagMaxMs: number;
  epochs: [number, number][];
  mode: "alterPartition" | "zkDirect" | "zkDirect010";
}

interface ScriptStep {
  op: string;
  ms: number;
  replica: number;
  offset: number;
  leaderLeo?: number;
  isr: number[];
  replicas: number[];
  leaderEpoch: number;
  partitionEpoch: number;
  error: string;
  count: number;
  viaLeader?: boolean;
  id: string;
  acks: number;
}

/** The broker that leads the partition, as far as the script needs one. */
interface Bench {
  readonly input: ScriptInput;
  readonly profile: VectorProfile;
  now: number;
  readonly log: { logEndOffset: number; highWatermark: number };
  state: LeaderReplicaState | null;
  /** Produce answers by id; with the offset they wait for while they are PENDING. */
  readonly answers: Record<string, { answer: string; requiredOffset: number }>;
  expands: number;
  shrinks: number;
  failedUpdates: number;
}

const MICROSECONDS_PER_MS = 1000;

export const isrHwKind: VectorKind = {
  kind: "isr_hw",
  run: ({ input, expected, profile }) => {
    const script = input as ScriptInput;
    const bench: Bench = {
      input: script,
      profile,
      now: script.startMs * MICROSECONDS_PER_MS,
      log: { logEndOffset: script.leo, highWatermark: script.hw },
      state: null,
      answers: {},
      expands: 0,
      shrinks: 0,
      failedUpdates: 0,
    };
    const stated: unknown[] = [];
    const ours: unknown[] = [];
    for (const step of (expected as { steps: ScriptStep[] }).steps) {
      if (step.op === "expect") {
        const { op, ...facts } = step as unknown as Record<string, unknown>;
        stated.push(facts);
        ours.push(observed(bench, facts));
      } else {
        const operation = OPERATIONS[step.op];
        if (operation === undefined) return unsupported(`no operation ${step.op}`);
        operation(bench, step);
      }
    }
    return compared(stated, ours);
  },
};

const OPERATIONS: Readonly<Record<string, (bench: Bench, step: ScriptStep) => void>> = {
  becomeLeader: (bench, { isr, replicas, leaderEpoch, partitionEpoch }) => {
    const order = { brokerId: bench.input.brokerId, isr, replicas, leaderEpoch, partitionEpoch };
    bench.state = becomeLeader(bench.state, order, contextOf(bench));
    advanceHighWatermark(bench);
  },
  becomeFollower: (bench) => {
    bench.state = null;
    for (const produce of Object.values(bench.answers)) {
      if (produce.answer === "PENDING") produce.answer = "NOT_LEADER_OR_FOLLOWER";
    }
  },
  sleep: (bench, { ms }) => {
    bench.now += ms * MICROSECONDS_PER_MS;
  },
  fetch: (bench, { replica, offset, leaderLeo }) => {
    const state = leading(bench);
    const leaderLogEndOffset = leaderLeo ?? bench.log.logEndOffset;
    recordFollowerFetch(state, replica, { fetchOffset: offset, leaderLogEndOffset, at: bench.now });
    if (canExpandIsr(state, replica, contextOf(bench))) change(bench, "expand", [replica]);
    advanceHighWatermark(bench);
  },
  // viaLeader false: records are put into the log directly; nobody looks at the high watermark.
  append: (bench, { count, viaLeader }) => {
    bench.log.logEndOffset += count;
    if (viaLeader !== false) advanceHighWatermark(bench);
  },
  produce: (bench, { id, acks, count }) => {
    if (acks === -1 && refusesAcksAll(leading(bench), contextOf(bench))) {
      bench.answers[id] = { answer: "NOT_ENOUGH_REPLICAS", requiredOffset: 0 };
      return;
    }
    bench.log.logEndOffset += count;
    const answer = acks === -1 ? "PENDING" : acks === 0 ? "NO_RESPONSE" : "NONE";
    bench.answers[id] = { answer, requiredOffset: bench.log.logEndOffset };
    advanceHighWatermark(bench);
  },
  checkShrink: (bench) => {
    const late = isrToShrink(leading(bench), contextOf(bench));
    if (late.length > 0) change(bench, "shrink", late);
  },
  alterOk: (bench, { partitionEpoch }) => accept(bench, partitionEpoch),
  alterFail: (bench, { error }) => {
    finishIsrChange(leading(bench), { kind: "refused", error });
    bench.failedUpdates++;
    advanceHighWatermark(bench);
  },
};

/** Proposes a change; without AlterPartition the write to ZooKeeper is taken to succeed at once. */
function change(bench: Bench, kind: "expand" | "shrink", members: number[]): void {
  const state = leading(bench);
  beginIsrChange(state, kind, members);
  if (bench.input.mode !== "alterPartition") accept(bench, state.partitionEpoch + 1);
}

function accept(bench: Bench, partitionEpoch: number): void {
  const state = leading(bench);
  const { pending, leaderEpoch } = state;
  if (pending === null) return;
  const outcome = finishIsrChange(state, { kind: "written", leaderEpoch, partitionEpoch, isr: pending.isr });
  if (outcome === "committed" && pending.kind === "expand") bench.expands++;
  if (outcome === "committed" && pending.kind === "shrink") bench.shrinks++;
  advanceHighWatermark(bench);
}

function advanceHighWatermark(bench: Bench): void {
  const state = leading(bench);
  bench.log.highWatermark = nextHighWatermark(state, contextOf(bench));
  for (const produce of Object.values(bench.answers).filter(({ answer }) => answer === "PENDING")) {
    const status = acksAllStatus(state, contextOf(bench), produce.requiredOffset);
    if (status !== "pending") produce.answer = status;
  }
}

function leading(bench: Bench): LeaderReplicaState {
  if (bench.state === null) throw new Error("the script uses a leader before it became one");
  return bench.state;
}

function contextOf({ now, log, profile, input }: Bench): IsrContext {
  const replicaLagTimeMax = input.lagMaxMs * MICROSECONDS_PER_MS;
  const rules = rulesOf(profile);
  return { now, log, profile, rules, minInsyncReplicas: input.minIsr, replicaLagTimeMax, isAlive: () => true };
}

/** What the script asks about, and only that. */
function observed(bench: Bench, facts: Record<string, unknown>): Record<string, unknown> {
  const { state } = bench;
  const context = contextOf(bench);
  const values: Record<string, unknown> = {
    hw: bench.log.highWatermark,
    leo: bench.log.logEndOffset,
    expands: bench.expands,
    shrinks: bench.shrinks,
    failedUpdates: bench.failedUpdates,
    produce: Object.fromEntries(Object.entries(bench.answers).map(([id, { answer }]) => [id, answer])),
  };
  if (state !== null) {
    values.isr = state.isr;
    values.maximalIsr = maximalIsr(state, context);
    values.inflight = state.pending !== null;
    values.pendingIsr = state.pending?.isr;
    values.partitionEpoch = state.partitionEpoch;
    values.outOfSync = outOfSyncReplicas(state, context);
    values.underReplicated = isUnderReplicated(state);
    values.underMinIsr = isUnderMinIsr(state, context);
    values.atMinIsr = isAtMinIsr(state, context);
  }
  const own = statedFields(facts, values);
  if ("replica" in facts) own.replica = observedReplicas(state, facts.replica as Record<string, object>);
  if ("produce" in facts) own.produce = statedFields(facts.produce as object, values.produce as object);
  return own;
}

function observedReplicas(state: LeaderReplicaState | null, asked: Record<string, object>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(asked).map(([replica, fields]) => {
      const remote = state?.remotes[Number(replica)];
      const values = {
        leo: remote?.logEndOffset,
        lastCaughtUpMs: (remote?.lastCaughtUp ?? 0) / MICROSECONDS_PER_MS,
        lastFetchMs: (remote?.lastFetch ?? 0) / MICROSECONDS_PER_MS,
        lastFetchLeaderLeo: remote?.lastFetchLeaderLogEndOffset,
      };
      return [replica, statedFields(fields, values)];
    }),
  );
}
