/**
 * JoinGroup: a consumer wants to be a member, or to be one again.
 *
 * In Kafka     GroupCoordinator.handleJoinGroup, addMemberAndRebalance, updateMemberAndRebalance, updateStaticMemberAndRebalance.
 * Simplified   where a static member's new id could not be written, the old one is not put back.
 * Left out     JoinGroup v0 of 0.10.0 and older.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import { respond, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { groupRecord } from "./groupRecords.ts";
import {
  addMember,
  addPending,
  generateMemberId,
  joinAnswer,
  joinError,
  note,
  parkJoin,
  removeMember,
  replaceStaticMember,
} from "./members.ts";
import type { Appended, GroupPorts } from "./ports.ts";
import { maybePrepareRebalance, tryCompleteJoin } from "./rebalance.ts";
import { decideJoin, groupStatusError } from "./requests.ts";
import {
  brokerConfigOf,
  createGroup,
  type Group,
  type GroupMember,
  groupSection,
  memberOf,
  membersOf,
  offsetsPartitionOf,
} from "./state.ts";
import { selectProtocol } from "./states.ts";
import { appendRecords, groupAppendError } from "./store.ts";

/** JoinGroup from this version on is sent again with the id that MEMBER_ID_REQUIRED gave. */
const KNOWS_MEMBER_ID_REQUIRED = 4;

export interface StaticAppended extends Then {
  readonly kind: "group-static-appended";
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
  /** Whom to name as leader: the former id, so that a leader that came back does not deal the partitions anew. */
  readonly leader: string | null;
}

export function onJoinGroup(ctx: KafkaCtx, ports: GroupPorts, body: RpcRequest<"JoinGroup">, request: Message): void {
  const { data, clientId, apiVersion } = body;
  const { groupId, memberId, groupInstanceId } = data;
  const { profile, rules, broker } = brokerConfigOf(ctx);
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const statusError = groupStatusError("JoinGroup", groupId, partition, profile);
  if (statusError !== "NONE") {
    respond(ctx, request, "JoinGroup", joinError(statusError, memberId));
    return;
  }

  const requiresKnownMemberId = profile === "3.9" && apiVersion >= KNOWS_MEMBER_ID_REQUIRED && groupInstanceId === null;
  const known = section.groups[groupId] ?? null;
  const decision = decideJoin(known, { ...data, requiresKnownMemberId }, broker, { profile, rules });
  if (decision.kind === "refuse") {
    const { errorCode } = decision;
    note(ctx, { kind: "join-refused", group: groupId, clientId, memberId, errorCode });
    const isFull = errorCode === "GROUP_MAX_SIZE_REACHED";
    if (isFull && known?.members[memberId] !== undefined) removeMember(ctx, known, memberId, "group full");
    respond(ctx, request, "JoinGroup", joinError(errorCode, isFull ? "" : memberId));
    if (known !== null) tryCompleteJoin(ctx, ports, known);
    return;
  }

  const group = known ?? createGroup(groupId);
  section.groups[groupId] = group;
  switch (decision.kind) {
    case "require-member-id": {
      const id = generateMemberId(ctx, clientId);
      addPending(ctx, group, id, data.sessionTimeoutMs);
      note(ctx, { kind: "member-id-required", group: groupId, memberId: id, clientId });
      respond(ctx, request, "JoinGroup", joinError("MEMBER_ID_REQUIRED", id));
      break;
    }
    case "add-member": {
      const id = memberId === "" ? generateMemberId(ctx, groupInstanceId ?? clientId) : memberId;
      if (group.state === "PreparingRebalance" && group.generationId === 0) group.newMemberAdded = true;
      addMember(ctx, group, id, request);
      maybePrepareRebalance(ctx, ports, group, `${clientId} joined`);
      break;
    }
    case "replace-static":
      replaceStatic(ctx, ports, group, decision.oldMemberId, request);
      break;
    case "rejoin": {
      const member = memberOf(group, memberId);
      updateMember(ctx, member, request);
      if (decision.reason !== null) maybePrepareRebalance(ctx, ports, group, decision.reason);
      break;
    }
    case "answer-current":
      respond(ctx, request, "JoinGroup", joinAnswer(group, memberOf(group, memberId)));
      break;
  }
  tryCompleteJoin(ctx, ports, group);
}

function updateMember(ctx: KafkaCtx, member: GroupMember, request: Message): void {
  const { data } = request.body as RpcRequest<"JoinGroup">;
  member.protocols = data.protocols;
  if (ctx.self.config.profile === "3.9") {
    member.rebalanceTimeoutMs = data.rebalanceTimeoutMs;
    member.sessionTimeoutMs = data.sessionTimeoutMs;
  }
  parkJoin(ctx, member, request);
}

/** A static member came back: in a Stable group it gets its partitions under the new id, and nobody else notices. */
function replaceStatic(ctx: KafkaCtx, ports: GroupPorts, group: Group, oldMemberId: string, request: Message): void {
  const formerLeader = group.leader;
  const { data } = request.body as RpcRequest<"JoinGroup">;
  const newMemberId = generateMemberId(ctx, data.groupInstanceId ?? "");
  const member = replaceStaticMember(ctx, group, oldMemberId, newMemberId, request);
  if (group.state === "CompletingRebalance") {
    // The leader may already deal partitions to the old id.
    maybePrepareRebalance(ctx, ports, group, `${member.groupInstanceId} came back during the rebalance`);
  } else if (group.state === "Stable") {
    const next = selectProtocol(membersOf(group).map((one) => one.protocols.map(({ name }) => name)));
    if (next !== group.protocolName) {
      maybePrepareRebalance(ctx, ports, group, `${member.groupInstanceId} came back with other protocols`);
      return;
    }
    const assignments = Object.fromEntries(membersOf(group).map((one) => [one.memberId, one.assignment]));
    const record = groupRecord(group, assignments, Math.floor(ctx.now / MILLISECOND), ctx.self.config.profile);
    const then: StaticAppended = {
      kind: "group-static-appended",
      groupId: group.groupId,
      memberId: newMemberId,
      generationId: group.generationId,
      leader: formerLeader,
    };
    appendRecords(ctx, ports, group.groupId, [record], then);
  }
}

export function onStaticAppended(ctx: KafkaCtx, then: StaticAppended, result: Appended): void {
  const group = groupSection(ctx).groups[then.groupId];
  const member = group?.members[then.memberId];
  // A rebalance that began meanwhile answers the member.
  if (group === undefined || member === undefined || member.join === null) return;
  if (group.state !== "Stable" || group.generationId !== then.generationId) return;
  const request = member.join;
  member.join = null;
  const errorCode = groupAppendError(result.errorCode);
  const response =
    errorCode === "NONE" ? joinAnswer(group, member, then.leader) : joinError(errorCode, member.memberId);
  respond(ctx, request, "JoinGroup", response);
}
