/**
 * Staying in a group and leaving it: Heartbeat, LeaveGroup, the end of a session.
 *
 * In Kafka     GroupCoordinator.handleHeartbeat, handleLeaveGroup, onExpireHeartbeat, removeMemberAndUpdateGroup.
 * Left out     LeaveGroup of several members, or by instance id (admin client).
 */
import type { Message } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { respond } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import type { MemberLeft } from "./facts.ts";
import { forgetPending, heardOf, type OfMember, removeMember } from "./members.ts";
import type { GroupPorts } from "./ports.ts";
import { maybePrepareRebalance, tryCompleteJoin } from "./rebalance.ts";
import { decideHeartbeat, decideLeave, groupStatusError } from "./requests.ts";
import { brokerConfigOf, type Group, groupSection, memberOf, offsetsPartitionOf } from "./state.ts";

export function onHeartbeat(ctx: KafkaCtx, { data }: RpcRequest<"Heartbeat">, request: Message): void {
  const { groupId, memberId } = data;
  const { profile, rules } = brokerConfigOf(ctx);
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const statusError = groupStatusError("Heartbeat", groupId, partition, profile);
  if (statusError !== "NONE" || partition?.status === "loading") {
    respond(ctx, request, "Heartbeat", { errorCode: statusError });
    return;
  }
  const group = section.groups[groupId] ?? null;
  const { errorCode, restartsSession } = decideHeartbeat(group, data, { profile, rules });
  const member = group?.members[memberId];
  if (restartsSession && group !== null && member !== undefined) heardOf(ctx, group, member);
  respond(ctx, request, "Heartbeat", { errorCode });
}

export function onLeaveGroup(
  ctx: KafkaCtx,
  ports: GroupPorts,
  { data }: RpcRequest<"LeaveGroup">,
  request: Message,
): void {
  const answer = (errorCode: ErrorName): void => respond(ctx, request, "LeaveGroup", { errorCode });
  const { groupId, memberId } = data;
  const { profile, rules } = brokerConfigOf(ctx);
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const statusError = groupStatusError("LeaveGroup", groupId, partition, profile);
  if (statusError !== "NONE") {
    answer(statusError);
    return;
  }
  const group = section.groups[groupId] ?? null;
  const decision = decideLeave(group, memberId, { profile, rules });
  if (decision.kind === "refuse" || group === null) {
    answer(decision.kind === "refuse" ? decision.errorCode : "UNKNOWN_MEMBER_ID");
    return;
  }
  answer("NONE");
  if (decision.kind === "forget-pending") {
    forgetPending(ctx, group, memberId);
    tryCompleteJoin(ctx, ports, group);
  } else removeAndRebalance(ctx, ports, group, memberId, "left");
}

/** The session of a member is over, unless it waits for an answer of this coordinator: then it cannot speak. */
export function onSessionTimer(ctx: KafkaCtx, ports: GroupPorts, { groupId, memberId }: OfMember): void {
  const group = groupSection(ctx).groups[groupId];
  const member = group?.members[memberId];
  if (group === undefined || member === undefined) return;
  member.sessionDeadline = null;
  const isWaiting = member.join !== null || member.sync !== null;
  if (isWaiting && !member.isNew) return;
  removeAndRebalance(ctx, ports, group, memberId, member.isNew ? "join timeout" : "session expired");
}

/** An id that was handed out has not come back. */
export function onPendingTimer(ctx: KafkaCtx, ports: GroupPorts, { groupId, memberId }: OfMember): void {
  const group = groupSection(ctx).groups[groupId];
  if (group === undefined) return;
  forgetPending(ctx, group, memberId);
  tryCompleteJoin(ctx, ports, group);
}

function removeAndRebalance(
  ctx: KafkaCtx,
  ports: GroupPorts,
  group: Group,
  memberId: string,
  reason: MemberLeft["reason"],
): void {
  const { clientId } = memberOf(group, memberId);
  removeMember(ctx, group, memberId, reason);
  const told = reason === "left" ? `${clientId} left` : `${clientId} was not heard of`;
  if (group.state === "PreparingRebalance") tryCompleteJoin(ctx, ports, group);
  else maybePrepareRebalance(ctx, ports, group, told);
}
