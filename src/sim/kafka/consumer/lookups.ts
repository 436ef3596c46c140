/**
 * Questions that block the application's thread: position(), committed(), beginningOffsets(), endOffsets().
 *
 * In Kafka     the methods of KafkaConsumer, each up to default.api.timeout.ms; 0.10.2 waits without limit.
 */
import { clientException } from "../client/exceptions.ts";
import { leaderOf, requestUpdate } from "../client/metadata.ts";
import { brokerActor, partitionOf, topicOf } from "../protocol/ids.ts";
import { fails, value } from "./answers.ts";
import { noGroup } from "./commits.ts";
import { listOffsets, type OffsetsThen, stepPositions } from "./positions.ts";
import { coordinatorOf, findCoordinator, sendWhenReady } from "./requests.ts";
import {
  COORDINATOR,
  type ConsumerCtx,
  type ConsumerState,
  groupIdOf,
  isNewConsumer,
  type LookupTask,
} from "./state.ts";

/** One step of a question that blocks the thread. True if it is over. */
export function stepLookup(ctx: ConsumerCtx, state: ConsumerState, task: LookupTask): boolean {
  if (task.result !== null) return true;
  if (task.deadline !== null && task.deadline <= ctx.now) {
    const ms = ctx.self.config.consumer.defaultApiTimeoutMs;
    const what =
      task.command.kind === "consumer.position"
        ? `the position for partition ${task.topicPartition} could be determined`
        : `successfully answering ${task.command.kind}`;
    task.result = clientException("TimeoutException", `Timeout of ${ms}ms expired before ${what}`);
    return true;
  }
  if (task.isInFlight || task.retryAt > ctx.now) return false;
  const { topicPartition } = task;
  switch (task.command.kind) {
    case "consumer.position": {
      const place = state.positions[topicPartition];
      if (place === undefined) {
        const type = isNewConsumer(ctx) ? "IllegalStateException" : "IllegalArgumentException";
        task.result = clientException(
          type,
          "You can only check the position for partitions assigned to this consumer.",
        );
        return true;
      }
      if (place.position !== null) {
        task.result = { value: place.position, metadata: "" };
        return true;
      }
      const step = stepPositions(ctx, state);
      const failure = typeof step === "string" ? state.positionFailure : step;
      state.positionFailure = null;
      task.result = failure;
      return failure !== null;
    }
    case "consumer.committed": {
      if (groupIdOf(ctx) === null) {
        task.result = noGroup();
        return true;
      }
      const node = coordinatorOf(ctx, state);
      if (node === null) {
        findCoordinator(ctx, state);
        return false;
      }
      task.isInFlight = true;
      const partitions = [topicPartition];
      const data = { groupId: groupIdOf(ctx) ?? "", partitions, requireStable: isNewConsumer(ctx) };
      const then: OffsetsThen = { kind: "consumer:offsets", partitions, isQuestion: true };
      sendWhenReady(ctx, state, node, COORDINATOR, "OffsetFetch", data, then);
      return false;
    }
    default: {
      const topic = topicOf(topicPartition);
      if (!state.asked.includes(topic)) {
        state.asked.push(topic);
        requestUpdate(state.metadata);
      }
      const leader = leaderOf(state.metadata, topic, partitionOf(topicPartition));
      if (leader === null) {
        requestUpdate(state.metadata);
        return false;
      }
      task.isInFlight = true;
      const to = task.command.kind === "consumer.beginningOffset" ? "earliest" : "latest";
      listOffsets(ctx, state, brokerActor(leader.leaderId), [{ topicPartition, to }], true);
      return false;
    }
  }
}

/** Tells the application what its question came to. */
export function noteLookup(ctx: ConsumerCtx, task: LookupTask): void {
  const { command, result } = task;
  if (result === null) return;
  if ("exception" in result) {
    fails(ctx, command, result.exception, result.message);
    return;
  }
  const found = result.value;
  const shown = command.metadata === true && found !== null ? `${found}:${result.metadata}` : found;
  value(ctx, command, shown);
}
