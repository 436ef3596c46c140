/**
 * SyncGroup: the leader brings the assignment, the others fetch their part of it.
 *
 * In Kafka     GroupCoordinator.handleSyncGroup, setAndPropagateAssignment, resetAndPropagateAssignmentError.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { TopicPartition } from "../protocol/ids.ts";
import { respond, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { groupRecord } from "./groupRecords.ts";
import { answerSync, changeState, heardOf, note, parkSync } from "./members.ts";
import type { Appended, GroupPorts } from "./ports.ts";
import { maybePrepareRebalance, SYNC_TIMER } from "./rebalance.ts";
import { decideSync, groupStatusError } from "./requests.ts";
import { brokerConfigOf, type Group, groupSection, memberOf, membersOf, offsetsPartitionOf } from "./state.ts";
import { appendRecords, groupAppendError } from "./store.ts";

export interface AssignmentAppended extends Then {
  readonly kind: "group-assignment-appended";
  readonly groupId: string;
  readonly generationId: number;
  /** By member id; every member has an entry. */
  readonly assignments: Readonly<Record<string, readonly TopicPartition[]>>;
}

export function onSyncGroup(
  ctx: KafkaCtx,
  ports: GroupPorts,
  { data }: RpcRequest<"SyncGroup">,
  request: Message,
): void {
  const { groupId, memberId } = data;
  const { profile, rules } = brokerConfigOf(ctx);
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const statusError = groupStatusError("SyncGroup", groupId, partition, profile);
  if (statusError !== "NONE") {
    respond(ctx, request, "SyncGroup", { errorCode: statusError, assignment: [] });
    return;
  }
  const group = section.groups[groupId] ?? null;
  const decision = decideSync(group, data, { profile, rules });
  if (decision.kind === "refuse" || group === null) {
    const errorCode = decision.kind === "refuse" ? decision.errorCode : "UNKNOWN_MEMBER_ID";
    respond(ctx, request, "SyncGroup", { errorCode, assignment: [] });
    return;
  }
  const member = memberOf(group, memberId);
  syncReceived(ctx, group, memberId);
  if (decision.kind === "answer-assignment") {
    respond(ctx, request, "SyncGroup", { errorCode: "NONE", assignment: member.assignment });
    heardOf(ctx, group, member);
    return;
  }
  parkSync(ctx, member, request);
  if (decision.kind === "complete") storeAssignment(ctx, ports, group, data.assignments);
}

/** Once everybody has asked, nobody is late any more. */
function syncReceived(ctx: KafkaCtx, group: Group, memberId: string): void {
  if (group.pendingSyncMembers.length === 0) return;
  group.pendingSyncMembers = group.pendingSyncMembers.filter((id) => id !== memberId);
  if (group.pendingSyncMembers.length === 0) ctx.cancelTimer(`${SYNC_TIMER}:${group.groupId}`);
}

function storeAssignment(
  ctx: KafkaCtx,
  ports: GroupPorts,
  group: Group,
  given: RpcRequest<"SyncGroup">["data"]["assignments"],
): void {
  const assignments = Object.fromEntries(
    membersOf(group).map(({ memberId }) => {
      const own = given.find((one) => one.memberId === memberId);
      return [memberId, own?.assignment ?? []];
    }),
  );
  const record = groupRecord(group, assignments, Math.floor(ctx.now / MILLISECOND), ctx.self.config.profile);
  const then: AssignmentAppended = {
    kind: "group-assignment-appended",
    groupId: group.groupId,
    generationId: group.generationId,
    assignments,
  };
  appendRecords(ctx, ports, group.groupId, [record], then);
}

/** The generation is written, or not: everybody who waits hears of it. */
export function onAssignmentAppended(
  ctx: KafkaCtx,
  ports: GroupPorts,
  then: AssignmentAppended,
  result: Appended,
): void {
  const { groupId, generationId, assignments } = then;
  const group = groupSection(ctx).groups[groupId];
  // Another rebalance may have begun while the record was on its way to the followers.
  if (group === undefined || group.state !== "CompletingRebalance" || group.generationId !== generationId) return;
  const errorCode = groupAppendError(result.errorCode);
  for (const member of membersOf(group)) {
    member.assignment = errorCode === "NONE" ? (assignments[member.memberId] ?? []) : [];
    if (answerSync(ctx, member, errorCode)) heardOf(ctx, group, member);
  }
  if (errorCode !== "NONE") {
    note(ctx, { kind: "assignment-not-stored", group: groupId, generationId, errorCode: result.errorCode });
    maybePrepareRebalance(ctx, ports, group, "the assignment could not be written");
    return;
  }
  changeState(ctx, group, "Stable", "the leader's assignment was written");
  note(ctx, { kind: "group-assignment", group: groupId, generationId, assignments });
}
