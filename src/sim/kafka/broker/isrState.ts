/**
 * What a leader knows of its followers, and what follows from it: the high watermark, who leaves the ISR, who may enter.
 *
 * In Kafka     Partition, Replica (ReplicaState), PendingExpandIsr and PendingShrinkIsr (KIP-497).
 * Simplified   one log directory; the ISR is a list in stored order.
 * Left out     sending a change and waiting for its answer: that is the broker's work.
 *
 * A partition's ISR on its leader:
 *
 *   committed -> pending expand | pending shrink     the leader proposes (beginIsrChange), one change at a time
 *   pending   -> committed (new)                     accepted
 *   pending   -> committed (old)                     a member was not eligible, or the ZooKeeper version was old (2.1)
 *   pending   -> pending                             retried, or stuck until the next LeaderAndIsr
 *   any       -> committed (as ordered)              LeaderAndIsr (becomeLeader)
 *
 * The functions that apply something change the state in place; the others only read.
 */
import type { SimTime } from "../../engine/types.ts";
import type { Profile } from "../profiles/profile.ts";
import { scalaSetOrder } from "../protocol/hashOrder.ts";
import type { Rules } from "../rules.ts";

export interface LeaderReplicaState {
  readonly brokerId: number;
  readonly replicas: readonly number[];
  readonly leaderEpoch: number;
  /** Version of the state znode. */
  partitionEpoch: number;
  /** Where the current leader epoch begins in the log. */
  readonly epochStartOffset: number;
  /** The committed ISR. */
  isr: readonly number[];
  pending: PendingIsrChange | null;
  /** Every assigned replica but the leader, by broker id. */
  readonly remotes: Record<number, RemoteReplicaState>;
}

/** A change of the ISR that is proposed but not yet known to be written. */
export interface PendingIsrChange {
  readonly kind: "expand" | "shrink";
  /** The ISR as proposed. */
  readonly isr: readonly number[];
  /** Who is added or removed. */
  readonly members: readonly number[];
}

export interface RemoteReplicaState {
  /** Where the follower's log ends, as its last fetch said; -1 before the first one. */
  logEndOffset: number;
  lastFetch: SimTime | null;
  /** The leader's log end when that fetch arrived; -1 before the first one. */
  lastFetchLeaderLogEndOffset: number;
  /** The last moment at which the follower had all there was; null: never, or not known since this leader began. */
  lastCaughtUp: SimTime | null;
}

/** What the rules look at besides the state. Made anew for each event; never kept. */
export interface IsrContext {
  readonly now: SimTime;
  readonly log: { readonly logEndOffset: number; readonly highWatermark: number };
  /** min.insync.replicas of the topic. */
  readonly minInsyncReplicas: number;
  /** replica.lag.time.max.ms, in microseconds. */
  readonly replicaLagTimeMax: SimTime;
  readonly profile: Profile;
  readonly rules: Rules;
  /** Whether the leader's metadata cache knows the broker as alive. */
  readonly isAlive: (brokerId: number) => boolean;
}

/** What LeaderAndIsr orders. */
export interface LeadershipOrder {
  readonly brokerId: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

/** The state under a new leader epoch; `previous` is null if the broker did not lead the partition until now. */
export function becomeLeader(
  previous: LeaderReplicaState | null,
  order: LeadershipOrder,
  context: Pick<IsrContext, "now" | "log" | "profile">,
): LeaderReplicaState {
  const remotes: Record<number, RemoteReplicaState> = {};
  for (const replica of order.replicas.filter((one) => one !== order.brokerId)) {
    const known = previous?.remotes[replica];
    remotes[replica] = remoteUnderNewEpoch(known, order.isr.includes(replica), context);
  }
  const isSameEpoch = previous !== null && previous.leaderEpoch === order.leaderEpoch;
  return {
    ...order,
    epochStartOffset: isSameEpoch ? previous.epochStartOffset : context.log.logEndOffset,
    pending: null,
    remotes,
  };
}

/** ISR members get the benefit of the doubt: they count as caught up now, or a new leader would throw them out at once. */
function remoteUnderNewEpoch(
  known: RemoteReplicaState | undefined,
  isMember: boolean,
  { now, log, profile }: Pick<IsrContext, "now" | "log" | "profile">,
): RemoteReplicaState {
  const lastCaughtUp = isMember ? now : null;
  if (known === undefined) return { logEndOffset: -1, lastFetch: null, lastFetchLeaderLogEndOffset: -1, lastCaughtUp };
  return {
    logEndOffset: known.logEndOffset,
    // Older versions take the moment for a fetch of every replica, member or not.
    lastFetch: isMember || profile !== "3.9" ? now : null,
    lastFetchLeaderLogEndOffset: log.logEndOffset,
    lastCaughtUp,
  };
}

/**
 * Notes a fetch of `replica` at `fetchOffset`, with the leader's log end as read before the fetched data. A fetch that
 * was parked and is read again is not noted. Returns true if the follower's known log end changed.
 */
export function recordFollowerFetch(
  state: LeaderReplicaState,
  replica: number,
  fetch: { readonly fetchOffset: number; readonly leaderLogEndOffset: number; readonly at: SimTime },
): boolean {
  const remote = state.remotes[replica];
  if (remote === undefined) return false;
  if (fetch.fetchOffset >= fetch.leaderLogEndOffset) {
    remote.lastCaughtUp = laterOf(remote.lastCaughtUp, fetch.at);
  } else if (fetch.fetchOffset >= remote.lastFetchLeaderLogEndOffset) {
    // A steady stream of records never lets it reach the end of the moment; it had all there was at its last fetch.
    remote.lastCaughtUp = laterOf(remote.lastCaughtUp, remote.lastFetch);
  }
  const hasMoved = remote.logEndOffset !== fetch.fetchOffset;
  remote.logEndOffset = fetch.fetchOffset;
  remote.lastFetch = fetch.at;
  remote.lastFetchLeaderLogEndOffset = fetch.leaderLogEndOffset;
  return hasMoved;
}

function laterOf(a: SimTime | null, b: SimTime | null): SimTime | null {
  if (a === null) return b;
  return b === null ? a : Math.max(a, b);
}

/**
 * The high watermark as it may be now; never below the one in `context.log`. Since 3.7 it stands still while the ISR is
 * below min.insync.replicas.
 */
export function nextHighWatermark(state: LeaderReplicaState, context: IsrContext): number {
  const { log, rules } = context;
  if (rules.highWatermarkWaitsForMinIsr && isUnderMinIsr(state, context)) return log.highWatermark;
  if (!rules.highWatermarkIsIsrMinimum) return Math.max(log.highWatermark, log.logEndOffset);
  let least = log.logEndOffset;
  for (const replica of state.replicas) {
    if (replica === state.brokerId || !holdsHighWatermarkBack(state, replica, context)) continue;
    least = Math.min(least, state.remotes[replica]?.logEndOffset ?? -1);
  }
  return Math.max(log.highWatermark, least);
}

/**
 * Members count, and so does one that has caught up but is not a member yet: the mark would otherwise run ahead of it
 * for ever, and it could never join.
 */
function holdsHighWatermarkBack(state: LeaderReplicaState, replica: number, context: IsrContext): boolean {
  if (maximalIsr(state, context).includes(replica)) return true;
  return isCaughtUp(state, replica, context) && mayJoin(replica, context);
}

function isCaughtUp(state: LeaderReplicaState, replica: number, context: IsrContext): boolean {
  const remote = state.remotes[replica];
  if (remote === undefined) return false;
  if (context.profile === "3.9" && remote.logEndOffset === context.log.logEndOffset) return true;
  return wasCaughtUpLately(remote, context);
}

function wasCaughtUpLately(remote: RemoteReplicaState, context: IsrContext): boolean {
  return remote.lastCaughtUp !== null && context.now - remote.lastCaughtUp <= context.replicaLagTimeMax;
}

/** 3.9 asks whether the broker is registered (KIP-841); before, one without a ZooKeeper session may join too. */
function mayJoin(replica: number, context: IsrContext): boolean {
  return context.profile !== "3.9" || context.isAlive(replica);
}

/** The committed ISR and, in 3.9 (KIP-497), a member about to join; one about to leave still counts. */
export function maximalIsr(state: LeaderReplicaState, { rules }: Pick<IsrContext, "rules">): readonly number[] {
  return rules.isrChangesByController && state.pending?.kind === "expand" ? state.pending.isr : state.isr;
}

/** The members that are out of sync, in ISR order. Empty while a change is under way. */
export function outOfSyncReplicas(state: LeaderReplicaState, context: IsrContext): number[] {
  if (state.pending !== null) return [];
  return state.isr.filter((member) => {
    const remote = state.remotes[member];
    if (remote === undefined) return false;
    if (context.rules.shrinkSparesCaughtUp && remote.logEndOffset === context.log.logEndOffset) return false;
    return !wasCaughtUpLately(remote, context);
  });
}

/** The members to propose for removal at the periodic check, which comes every half replica.lag.time.max.ms. */
export function isrToShrink(state: LeaderReplicaState, context: IsrContext): number[] {
  return context.rules.shrinksIsr ? outOfSyncReplicas(state, context) : [];
}

/** True if `replica`, which has just fetched, may be proposed as a member. */
export function canExpandIsr(state: LeaderReplicaState, replica: number, context: IsrContext): boolean {
  const remote = state.remotes[replica];
  if (remote === undefined || state.pending !== null || state.isr.includes(replica)) return false;
  if (remote.logEndOffset < context.log.highWatermark) return false;
  if (context.rules.expandNeedsEpochStart && remote.logEndOffset < state.epochStartOffset) return false;
  return mayJoin(replica, context);
}

/** Proposes to add or remove `members`; returns the change as it is to be written. */
export function beginIsrChange(
  state: LeaderReplicaState,
  kind: PendingIsrChange["kind"],
  members: readonly number[],
): PendingIsrChange {
  const isr = kind === "expand" ? [...state.isr, ...members] : state.isr.filter((one) => !members.includes(one));
  state.pending = { kind, isr: scalaSetOrder(isr), members };
  return state.pending;
}

/** What came back for a proposed change: from the controller (3.9), or from the write of the znode (2.1, 0.10). */
export type IsrChangeAnswer =
  | {
      readonly kind: "written";
      readonly leaderEpoch: number;
      readonly partitionEpoch: number;
      readonly isr: readonly number[];
    }
  /** The znode had another version than the leader believed. */
  | { readonly kind: "bad-version" }
  | { readonly kind: "refused"; readonly error: string };

/** `retry`: send it again. `stuck`: pending until the next LeaderAndIsr. `superseded`: the answer came too late. */
export type IsrChangeOutcome = "committed" | "reverted" | "stuck" | "retry" | "superseded";

/** Errors after which only the controller can help: the leader's view of the partition is old. */
const STUCK_ERRORS = [
  "FENCED_LEADER_EPOCH",
  "INVALID_UPDATE_VERSION",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "UNKNOWN_TOPIC_ID",
  "INVALID_REQUEST",
];

/** Applies the answer. After `committed` and `reverted` the high watermark is to be looked at again. */
export function finishIsrChange(state: LeaderReplicaState, answer: IsrChangeAnswer): IsrChangeOutcome {
  if (state.pending === null) return "superseded";
  if (answer.kind === "written") {
    if (answer.leaderEpoch !== state.leaderEpoch || answer.partitionEpoch < state.partitionEpoch) return "superseded";
    state.isr = answer.isr;
    state.partitionEpoch = answer.partitionEpoch;
    state.pending = null;
    return "committed";
  }
  if (answer.kind === "refused" && STUCK_ERRORS.includes(answer.error)) return "stuck";
  const isGivenUp =
    answer.kind === "bad-version" ||
    answer.error === "INELIGIBLE_REPLICA" ||
    answer.error === "OPERATION_NOT_ATTEMPTED";
  if (!isGivenUp) return "retry";
  state.pending = null;
  return "reverted";
}

/** min.insync.replicas as it counts: 3.9 caps it by the replication factor. */
export function effectiveMinIsr(
  state: LeaderReplicaState,
  { minInsyncReplicas, rules }: Pick<IsrContext, "minInsyncReplicas" | "rules">,
): number {
  return rules.minIsrCappedByReplicas ? Math.min(minInsyncReplicas, state.replicas.length) : minInsyncReplicas;
}

/** True if a produce with acks=all is to be refused with NOT_ENOUGH_REPLICAS, before anything is appended. */
export function refusesAcksAll(
  state: LeaderReplicaState,
  context: Pick<IsrContext, "minInsyncReplicas" | "rules">,
): boolean {
  return context.rules.minIsrChecked && isUnderMinIsr(state, context);
}

/** True if the committed ISR is smaller than min.insync.replicas as it counts. */
export function isUnderMinIsr(
  state: LeaderReplicaState,
  context: Pick<IsrContext, "minInsyncReplicas" | "rules">,
): boolean {
  return state.isr.length < effectiveMinIsr(state, context);
}

export function isAtMinIsr(
  state: LeaderReplicaState,
  context: Pick<IsrContext, "minInsyncReplicas" | "rules">,
): boolean {
  return state.isr.length === effectiveMinIsr(state, context);
}

export function isUnderReplicated(state: LeaderReplicaState): boolean {
  return state.isr.length < state.replicas.length;
}

/**
 * Where a produce with acks=all stands that needs the high watermark at `requiredOffset` (its last offset + 1). Losing
 * leadership (NOT_LEADER_OR_FOLLOWER) and the timeout (REQUEST_TIMED_OUT) are the caller's to notice.
 */
export function acksAllStatus(
  state: LeaderReplicaState,
  context: Pick<IsrContext, "log" | "minInsyncReplicas" | "rules">,
  requiredOffset: number,
): "pending" | "NONE" | "NOT_ENOUGH_REPLICAS_AFTER_APPEND" {
  const { log, rules } = context;
  if (rules.acksAllWaitsForIsr && log.highWatermark < requiredOffset) return "pending";
  const isEnough = !rules.minIsrChecked || maximalIsr(state, context).length >= effectiveMinIsr(state, context);
  return isEnough ? "NONE" : "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
}
