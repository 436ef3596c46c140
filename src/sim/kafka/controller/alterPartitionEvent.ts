/**
 * AlterPartition: a leader asks for another ISR, and the controller writes it (3.9).
 *
 * In Kafka     KafkaController.processAlterPartition (KIP-497). The checks are in alterPartition.ts.
 */
import { must } from "../../engine/assert.ts";
import type { Message } from "../../engine/types.ts";
import type { AlterPartitionRequest, AlterPartitionResponse } from "../protocol/control-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { brokerActor, type TopicPartition } from "../protocol/ids.ts";
import type { ZkResult } from "../protocol/zookeeper.ts";
import { respond } from "../rpc.ts";
import { type AlterPartitionContext, checkAlterPartition, checkAlterPartitionRequest } from "./alterPartition.ts";
import { say } from "./facts.ts";
import { updateOp } from "./leaderElections.ts";
import type { LeaderAndIsr } from "./partitionStates.ts";
import { sendUpdateMetadata } from "./requestBatch.ts";
import { type ControllerCtx, contextOf, controllerOf, liveOrShuttingDown, markAnswered, partitionIn } from "./state.ts";
import { callTo, done, fencedZk, type Procedure } from "./tasks.ts";

interface AlterLocals {
  readonly message: Message;
  readonly request: AlterPartitionRequest;
  errors: Record<TopicPartition, ErrorName>;
  writes: { topicPartition: TopicPartition; state: LeaderAndIsr }[];
}

export const alterPartition: Procedure = {
  start(ctx, l: AlterLocals) {
    const { request } = l;
    const view = alterContext(ctx);
    l.errors = {};
    l.writes = [];
    const refused = checkAlterPartitionRequest(view, request);
    if (refused !== null) {
      noteRefused(ctx, request, null, refused);
      return answer(ctx, l, refused);
    }
    for (const { topicPartition, ...proposal } of request.partitions) {
      const current = partitionIn(ctx, topicPartition)?.state ?? null;
      const verdict = checkAlterPartition(view, current, proposal);
      if (verdict.kind === "refused") {
        l.errors[topicPartition] = verdict.error;
        noteRefused(ctx, request, topicPartition, verdict.error);
      }
      if (verdict.kind === "write") {
        l.writes.push({ topicPartition, state: { ...verdict.state, controllerEpoch: controllerOf(ctx).epoch } });
      }
    }
    return fencedZk(
      l.writes.map(({ topicPartition, state }) => updateOp(topicPartition, state)),
      "written",
    );
  },
  written(ctx, l: AlterLocals, results: readonly ZkResult[]) {
    const changed: TopicPartition[] = [];
    l.writes.forEach(({ topicPartition, state }, n) => {
      const partition = partitionIn(ctx, topicPartition);
      const { error } = must(results[n], "result of a write");
      if (error !== "OK" || partition === null) {
        l.errors[topicPartition] = error === "BADVERSION" ? "INVALID_UPDATE_VERSION" : "UNKNOWN_SERVER_ERROR";
        noteRefused(ctx, l.request, topicPartition, l.errors[topicPartition]);
        return;
      }
      say(ctx, {
        kind: "isr-change-written",
        topicPartition,
        leader: brokerActor(l.request.brokerId),
        from: (partition.state?.isr ?? []).map(brokerActor),
        to: state.isr.map(brokerActor),
        partitionEpoch: state.partitionEpoch,
      });
      partition.state = state;
      changed.push(topicPartition);
    });
    answer(ctx, l, "NONE");
    if (changed.length > 0) sendUpdateMetadata(ctx, liveOrShuttingDown(ctx), changed);
    return callTo("completeReassignments", { partitions: changed }, "end");
  },
  end: () => done(),
};

function alterContext(ctx: ControllerCtx): AlterPartitionContext {
  const { liveBrokers, shuttingDownBrokers } = contextOf(ctx);
  const brokerEpochs: Record<number, number> = {};
  for (const id of liveOrShuttingDown(ctx)) brokerEpochs[id] = must(liveBrokers[id], "live broker").epoch;
  return { isActiveController: controllerOf(ctx).isActive, brokerEpochs, shuttingDownBrokers };
}

function noteRefused(
  ctx: ControllerCtx,
  request: AlterPartitionRequest,
  topicPartition: TopicPartition | null,
  errorCode: ErrorName,
): void {
  say(ctx, { kind: "isr-change-refused", topicPartition, leader: brokerActor(request.brokerId), errorCode });
}

/** Answers with the state as it is now, which is how a leader learns what it has missed. */
function answer(ctx: ControllerCtx, l: AlterLocals, errorCode: ErrorName) {
  const partitions: AlterPartitionResponse["partitions"][number][] =
    errorCode === "NONE"
      ? l.request.partitions.map(({ topicPartition }) => {
          const state = partitionIn(ctx, topicPartition)?.state ?? null;
          return {
            topicPartition,
            errorCode: l.errors[topicPartition] ?? (state === null ? "UNKNOWN_TOPIC_OR_PARTITION" : "NONE"),
            leaderId: state?.leader ?? -1,
            leaderEpoch: state?.leaderEpoch ?? -1,
            isr: state?.isr ?? [],
            leaderRecoveryState: state?.leaderRecoveryState ?? 0,
            partitionEpoch: state?.partitionEpoch ?? -1,
          };
        })
      : [];
  respond(ctx, l.message, "AlterPartition", { errorCode, partitions });
  markAnswered(ctx);
  return done();
}
