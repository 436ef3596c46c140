/**
 * poll(): membership, auto commit, positions, then records; each step tried again whenever something happened, until there
 * are records or the time is over.
 *
 * In Kafka     KafkaConsumer.poll, ConsumerCoordinator.poll (ClassicKafkaConsumer in 3.9).
 *
 * What waits for what differs: 0.10.2 returns only once the coordinator is found and the member has joined, whatever its
 * timeout; 2.1 returns nothing until then; 3.9 goes on reading while there is no coordinator.
 */
import { MILLISECOND } from "../../engine/types.ts";
import { type ClientException, clientException } from "../client/exceptions.ts";
import { requestUpdate } from "../client/metadata.ts";
import { maybeAutoCommit, runCommitCallbacks } from "./commits.ts";
import { collect, sendFetches } from "./fetcher.ts";
import { needsJoin, stepJoin } from "./membership.ts";
import { stepPositions } from "./positions.ts";
import { coordinatorOf, findCoordinator } from "./requests.ts";
import {
  type ConsumerCtx,
  type ConsumerState,
  groupIdOf,
  isNewConsumer,
  type PolledRecord,
  type PollTask,
} from "./state.ts";

const POLL_TIMEOUT_MS = 100;
const ERROR_PAUSE_MS = 500;

export interface PollEnd {
  readonly records: readonly PolledRecord[];
}

export function newPoll(ctx: ConsumerCtx): PollTask {
  const { loop } = ctx.self.config;
  return { kind: "poll", deadline: ctx.now + (loop?.pollTimeoutMs ?? POLL_TIMEOUT_MS) * MILLISECOND };
}

/** One step of poll(). `busy`: look again at once; `waiting`; or it returned. */
export function stepPoll(ctx: ConsumerCtx, state: ConsumerState, task: PollTask): "busy" | "waiting" | PollEnd {
  const { group, thread } = state;
  const isOver = task.deadline <= ctx.now;
  if (thread.isWokenUp) {
    thread.isWokenUp = false;
    return threw(ctx, state, clientException("WakeupException", ""), {});
  }
  runCommitCallbacks(ctx, state);
  const membership = stepMembership(ctx, state);
  if (membership === "busy") return "busy";
  if (group.failure !== null) {
    const { failure } = group;
    group.failure = null;
    return threw(ctx, state, failure, {});
  }
  if (membership === "ready") maybeAutoCommit(ctx, state);
  const readsOn = isNewConsumer(ctx);
  const isLastWord = isOver && ctx.self.config.profile !== "0.10";
  if (membership === "waiting" && !readsOn) return isLastWord ? { records: [] } : "waiting";
  if (membership === "ready") {
    const positions = stepPositions(ctx, state);
    const failure = typeof positions === "string" ? state.positionFailure : positions;
    state.positionFailure = null;
    if (failure !== null) return threw(ctx, state, failure, { partitions: failure.partitions ?? [] });
    if (positions === "waiting" && !readsOn) return isLastWord ? { records: [] } : "waiting";
  }
  const { records, thrown } = collect(ctx, state);
  if (thrown !== null) {
    const { partitions, offsets } = thrown;
    return threw(ctx, state, thrown, offsets === null ? { partitions } : { partitions, offsets });
  }
  // The next fetches leave before the application works on what this one brought.
  sendFetches(ctx, state);
  if (records.length > 0 || isOver) return { records };
  return "waiting";
}

/** The coordinator's part: find it, join if needed. */
function stepMembership(ctx: ConsumerCtx, state: ConsumerState): "ready" | "waiting" | "busy" {
  const { group } = state;
  if (state.subscription.kind !== "group") return "ready";
  group.lastPollAt = ctx.now;
  matchPattern(state);
  if (coordinatorOf(ctx, state) === null) {
    findCoordinator(ctx, state);
    return "waiting";
  }
  if (!needsJoin(state)) return "ready";
  const { pattern } = state.subscription;
  if (pattern !== null && (state.metadata.isUpdateRequested || state.metadata.isInProgress)) return "waiting";
  const step = stepJoin(ctx, state);
  return step === "done" ? "ready" : step;
}

/** A pattern is matched anew with every metadata answer; a change makes the member join again. */
export function matchPattern(state: ConsumerState): void {
  const { subscription, metadata } = state;
  if (subscription.kind !== "group" || subscription.pattern === null) return;
  if (state.matchedVersion === metadata.version) return;
  state.matchedVersion = metadata.version;
  const pattern = new RegExp(`^(?:${subscription.pattern})$`);
  const topics = Object.keys(metadata.topics)
    .filter((topic) => pattern.test(topic) && !topic.startsWith("__"))
    .sort();
  state.subscription = { ...subscription, topics };
}

/** poll() threw: the loop pauses, or ends if it takes errors for fatal. */
function threw(
  ctx: ConsumerCtx,
  state: ConsumerState,
  exception: ClientException,
  details: { partitions?: readonly string[]; offsets?: Readonly<Record<string, number>> },
): PollEnd {
  const { thread } = state;
  const { loop } = ctx.self.config;
  const isWakeup = exception.exception === "WakeupException";
  const isFatal = loop?.isFatal === true && !isWakeup;
  if (isFatal) thread.isPolling = false;
  if (!isWakeup) thread.notBefore = ctx.now + (loop?.errorPauseMs ?? ERROR_PAUSE_MS) * MILLISECOND;
  if (exception.exception === "IllegalStateException") thread.isStarted = false;
  if (thread.hand !== null) thread.hand.got = -1;
  ctx.note({
    kind: "poll-error",
    consumer: ctx.self.id,
    group: groupIdOf(ctx),
    exception: exception.exception,
    message: exception.message,
    fatal: isFatal,
    ...details,
  });
  requestUpdateOnUnknown(state, exception);
  return { records: [] };
}

function requestUpdateOnUnknown(state: ConsumerState, exception: ClientException): void {
  if (exception.errorCode === "UNKNOWN_TOPIC_OR_PARTITION") requestUpdate(state.metadata);
}
