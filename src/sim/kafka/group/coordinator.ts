/**
 * The group coordinator, a role of every broker: it serves the groups whose partition of __consumer_offsets it leads.
 *
 * In Kafka     GroupCoordinator (the classic protocol), GroupMetadataManager.
 * Left out     OffsetDelete, ListGroups; expiry of offsets; transactional commits; KIP-848.
 *
 * This file only says who handles what. The broker role tells it of leaderships ({@link onLeadershipChange}) and of
 * deleted topics ({@link forgetOffsetsOf}); model.ts passes the calls on.
 */
import type { Role } from "../roles.ts";
import type { Outcome } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { onDescribeGroups, onFindCoordinator, onOffsetsTopicCreated } from "./find.ts";
import { onHeartbeat, onLeaveGroup, onPendingTimer, onSessionTimer } from "./heartbeat.ts";
import { onJoinGroup, onStaticAppended, type StaticAppended } from "./join.ts";
import { onLoadTimer } from "./loading.ts";
import { type OffsetsAppended, onOffsetCommit, onOffsetFetch, onOffsetsAppended } from "./offsets.ts";
import type { Appended, GroupPorts } from "./ports.ts";
import { onJoinTimer, onSyncTimer } from "./rebalance.ts";
import { createGroupSection, GROUP_ROLE } from "./state.ts";
import { type AssignmentAppended, onAssignmentAppended, onSyncGroup } from "./sync.ts";

export { onLeadershipChange } from "./loading.ts";
export { deleteGroup, forgetOffsetsOf } from "./offsets.ts";

/** The role, on a broker that offers these ports. */
export function groupCoordinator(ports: GroupPorts): Role {
  return {
    name: GROUP_ROLE,
    init: createGroupSection,
    requests: {
      FindCoordinator: (ctx, body, request) => onFindCoordinator(ctx, ports, body, request),
      JoinGroup: (ctx, body, request) => onJoinGroup(ctx, ports, body, request),
      SyncGroup: (ctx, body, request) => onSyncGroup(ctx, ports, body, request),
      Heartbeat: onHeartbeat,
      LeaveGroup: (ctx, body, request) => onLeaveGroup(ctx, ports, body, request),
      OffsetCommit: (ctx, body, request) => onOffsetCommit(ctx, ports, body, request),
      OffsetFetch: onOffsetFetch,
      DescribeGroups: onDescribeGroups,
    },
    then: {
      "group-offsets-appended": (ctx: KafkaCtx, then: OffsetsAppended, result: Outcome) =>
        onOffsetsAppended(ctx, then, appended(result)),
      "group-assignment-appended": (ctx: KafkaCtx, then: AssignmentAppended, result: Outcome) =>
        onAssignmentAppended(ctx, ports, then, appended(result)),
      "group-static-appended": (ctx: KafkaCtx, then: StaticAppended, result: Outcome) =>
        onStaticAppended(ctx, then, appended(result)),
      // Nobody waits for these; if they are lost, the next coordinator finds the group as it was before.
      "group-empty-appended": () => {},
      "group-tombstones-appended": () => {},
      "group-topic-created": onOffsetsTopicCreated,
    },
    timers: {
      "group-session": (ctx, payload) => onSessionTimer(ctx, ports, payload),
      "group-pending": (ctx, payload) => onPendingTimer(ctx, ports, payload),
      "group-join": (ctx, payload) => onJoinTimer(ctx, ports, payload),
      "group-sync": (ctx, payload) => onSyncTimer(ctx, ports, payload),
      "group-load": (ctx, payload) => onLoadTimer(ctx, ports, payload),
    },
  };
}

/** Results of the door come the way of outcomes, with a kind of their own. */
function appended(result: unknown): Appended {
  return result as Appended;
}
