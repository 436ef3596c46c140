/**
 * close() and unsubscribe(): last commit, callback, LeaveGroup.
 *
 * In Kafka     ConsumerCoordinator.close, AbstractCoordinator.onLeavePrepare and maybeLeaveGroup.
 */
import { MILLISECOND } from "../../engine/types.ts";
import { done } from "./answers.ts";
import { newCommitTask, runCommitCallbacks } from "./commits.ts";
import { leaveGroup } from "./heartbeat.ts";
import { giveUpPartitions, runCallback } from "./membership.ts";
import {
  type ConsumerCommand,
  type ConsumerCtx,
  type ConsumerState,
  commitsByItself,
  consumedOffsets,
  isNewConsumer,
  type LeaveTask,
} from "./state.ts";

const CLOSE_TIMEOUT_MS = 30_000;

/** Begins close() or unsubscribe(); `command` null: the process was asked to stop. */
export function startLeaving(
  ctx: ConsumerCtx,
  state: ConsumerState,
  command: ConsumerCommand | null,
  closes: boolean,
): void {
  const timeoutMs = Number(command?.timeoutMs ?? CLOSE_TIMEOUT_MS);
  const deadline = ctx.now + timeoutMs * MILLISECOND;
  state.thread.stack.push({ kind: "leave", command, closes, deadline, stage: "commit" });
}

/** One step of close() or unsubscribe(); true if something changed. */
export function stepLeaving(ctx: ConsumerCtx, state: ConsumerState, task: LeaveTask): boolean {
  const { group, thread } = state;
  switch (task.stage) {
    case "commit":
      task.stage = "callback";
      // Only close() commits; unsubscribe() does not.
      if (task.closes && commitsByItself(ctx) && state.subscription.kind !== "none")
        thread.stack.push(newCommitTask(consumedOffsets(state), { how: "auto", reason: "close" }, task.deadline));
      return true;
    case "callback":
      task.stage = "leave";
      // Before 2.4 nobody is told.
      if (isNewConsumer(ctx) && state.subscription.kind === "group" && state.order.length > 0)
        runCallback(ctx, state, group.generationId < 0 ? "lost" : "revoked", state.order);
      return true;
    case "leave":
      task.stage = "wait";
      if (state.subscription.kind === "group") leaveGroup(ctx, state, task.closes ? "close" : "unsubscribe");
      state.subscription = { kind: "none" };
      giveUpPartitions(state);
      Object.assign(group, {
        shown: { generationId: -1, memberId: "" },
        preparing: "no",
        joinedTopics: null,
        groupTopics: [],
        countsAtAssignment: null,
        isRejoinNeeded: true,
        failure: null,
      });
      thread.isStarted = false;
      return true;
    case "wait": {
      const isPending = task.closes && (state.leaving > 0 || state.asyncCommits.some((one) => one.result === null));
      if (isPending && ctx.now < task.deadline) return false;
      runCommitCallbacks(ctx, state);
      task.stage = "end";
      return true;
    }
    case "end":
      thread.stack.pop();
      if (task.closes) {
        thread.isClosed = true;
        for (const key of Object.keys(state.network)) {
          const hash = key.indexOf("#");
          ctx.disconnect(key.slice(0, hash), key.slice(hash + 1));
        }
        state.network = {};
        state.unsent = [];
        ctx.note({ kind: "client-closed", client: ctx.self.id });
      }
      if (task.command !== null) done(ctx, task.command);
      if (task.closes) ctx.exit("stopped");
      return true;
  }
}
