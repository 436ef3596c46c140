/**
 * Members of a group: their ids, their sessions, coming and going, and the answers they wait for.
 *
 * In Kafka     GroupMetadata.add, remove, replaceStaticMember, generateMemberId; MemberMetadata;
 *              GroupCoordinator.completeAndScheduleNextHeartbeatExpiration, maybeInvokeJoinCallback, maybeInvokeSyncCallback.
 * Simplified   where Kafka takes any member as the new leader of the group, it is the one that joined first.
 */
import { assert } from "../../engine/assert.ts";
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { JoinGroupResponse } from "../protocol/groups.ts";
import { release, respond } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import type { GroupFact, MemberLeft } from "./facts.ts";
import { brokerConfigOf, type Group, type GroupMember, memberOf, membersOf, metadataOf } from "./state.ts";
import { canTransition, type GroupState } from "./states.ts";

/** A member that waits in its first JoinGroup is dropped after this (2.1.1 and newer), so that retries leave no ghosts. */
const NEW_MEMBER_JOIN_TIMEOUT_MS = 300_000;

export const SESSION_TIMER = "group-session";
export const PENDING_TIMER = "group-pending";

export interface OfMember {
  readonly groupId: string;
  readonly memberId: string;
}

export function note(ctx: KafkaCtx, fact: GroupFact): void {
  ctx.note({ ...fact });
}

export function changeState(ctx: KafkaCtx, group: Group, to: GroupState, reason: string): void {
  const from = group.state;
  assert(canTransition(from, to), `group ${group.groupId} may not go from ${from} to ${to}`);
  group.state = to;
  note(ctx, {
    kind: "group-state-changed",
    group: group.groupId,
    from,
    to,
    generationId: group.generationId,
    reason,
  });
}

/** `<prefix>-<uuid>`, the uuid drawn from the broker's own stream. */
export function generateMemberId(ctx: KafkaCtx, prefix: string): string {
  const word = (): string => ctx.random("member-ids", 0x1_0000_0000).toString(16).padStart(8, "0");
  const [a, b, c, d] = [word(), word(), word(), word()];
  return `${prefix}-${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** Adds a member whose JoinGroup waits; the first one leads the group. */
export function addMember(ctx: KafkaCtx, group: Group, memberId: string, request: Message): GroupMember {
  const { data, clientId } = request.body as RpcRequest<"JoinGroup">;
  const member: GroupMember = {
    memberId,
    groupInstanceId: data.groupInstanceId,
    clientId,
    actor: request.from,
    sessionTimeoutMs: data.sessionTimeoutMs,
    rebalanceTimeoutMs: data.rebalanceTimeoutMs,
    protocols: data.protocols,
    assignment: [],
    isNew: true,
    lastHeartbeatAt: ctx.now,
    sessionDeadline: null,
    join: request,
    sync: null,
  };
  if (membersOf(group).length === 0) group.protocolType = data.protocolType;
  group.members[memberId] = member;
  group.leader ??= memberId;
  if (data.groupInstanceId !== null) group.staticMembers[data.groupInstanceId] = memberId;
  forgetPending(ctx, group, memberId);
  // The member cannot send heartbeats before it has its answer, so its session does not count yet.
  if (ctx.self.config.profile !== "0.10") startSession(ctx, group, member, NEW_MEMBER_JOIN_TIMEOUT_MS);
  noteJoined(ctx, group, member, null);
  return member;
}

/** Takes a member out at once; a request of its own that waits is answered UNKNOWN_MEMBER_ID, so that it may try again. */
export function removeMember(ctx: KafkaCtx, group: Group, memberId: string, reason: MemberLeft["reason"]): void {
  const member = memberOf(group, memberId);
  answerJoin(ctx, group, member, "UNKNOWN_MEMBER_ID");
  answerSync(ctx, member, "UNKNOWN_MEMBER_ID");
  ctx.cancelTimer(sessionTimer(group, memberId));
  delete group.members[memberId];
  if (member.groupInstanceId !== null) delete group.staticMembers[member.groupInstanceId];
  group.pendingSyncMembers = group.pendingSyncMembers.filter((id) => id !== memberId);
  if (group.leader === memberId) group.leader = membersOf(group)[0]?.memberId ?? null;
  note(ctx, {
    kind: "member-left",
    group: group.groupId,
    memberId,
    clientId: member.clientId,
    reason,
    lastHeartbeatAt: member.lastHeartbeatAt,
    sessionTimeoutMs: member.sessionTimeoutMs,
    memberCount: membersOf(group).length,
  });
}

/** Gives a static member that started again its new id; what still waits under the old one is fenced. */
export function replaceStaticMember(
  ctx: KafkaCtx,
  group: Group,
  oldMemberId: string,
  newMemberId: string,
  request: Message,
): GroupMember {
  const old = memberOf(group, oldMemberId);
  const { data, clientId } = request.body as RpcRequest<"JoinGroup">;
  answerJoin(ctx, group, old, "FENCED_INSTANCE_ID");
  answerSync(ctx, old, "FENCED_INSTANCE_ID");
  ctx.cancelTimer(sessionTimer(group, oldMemberId));
  const member: GroupMember = {
    ...old,
    memberId: newMemberId,
    clientId,
    actor: request.from,
    sessionTimeoutMs: data.sessionTimeoutMs,
    rebalanceTimeoutMs: data.rebalanceTimeoutMs,
    protocols: data.protocols,
    join: request,
    sync: null,
  };
  // In its old place, so that the order of joining stays.
  const entries = membersOf(group).map((one) => (one === old ? member : one));
  group.members = Object.fromEntries(entries.map((one) => [one.memberId, one]));
  if (old.groupInstanceId !== null) group.staticMembers[old.groupInstanceId] = newMemberId;
  if (group.leader === oldMemberId) group.leader = newMemberId;
  group.pendingSyncMembers = group.pendingSyncMembers.filter((id) => id !== oldMemberId);
  heardOf(ctx, group, member);
  noteJoined(ctx, group, member, oldMemberId);
  return member;
}

function noteJoined(ctx: KafkaCtx, group: Group, member: GroupMember, replaces: string | null): void {
  const { memberId, groupInstanceId, clientId, sessionTimeoutMs } = member;
  const memberCount = membersOf(group).length;
  note(ctx, {
    kind: "member-joined",
    group: group.groupId,
    memberId,
    groupInstanceId,
    clientId,
    sessionTimeoutMs,
    memberCount,
    replaces,
  });
}

/** The member was heard of: its session begins anew. */
export function heardOf(ctx: KafkaCtx, group: Group, member: GroupMember): void {
  startSession(ctx, group, member, member.sessionTimeoutMs);
}

function startSession(ctx: KafkaCtx, group: Group, member: GroupMember, timeoutMs: number): void {
  const { groupId } = group;
  const { memberId } = member;
  const delay = timeoutMs * MILLISECOND;
  member.lastHeartbeatAt = ctx.now;
  member.sessionDeadline = ctx.now + delay;
  ctx.setTimer(sessionTimer(group, memberId), delay, { groupId, memberId } satisfies OfMember);
}

export function sessionTimer(group: Group, memberId: string): string {
  return `${SESSION_TIMER}:${group.groupId}/${memberId}`;
}

/** Remembers an id that was handed out; it is forgotten if it does not come back within the session timeout. */
export function addPending(ctx: KafkaCtx, group: Group, memberId: string, sessionTimeoutMs: number): void {
  const { groupId } = group;
  const delay = sessionTimeoutMs * MILLISECOND;
  group.pendingMembers[memberId] = ctx.now + delay;
  ctx.setTimer(`${PENDING_TIMER}:${groupId}/${memberId}`, delay, { groupId, memberId } satisfies OfMember);
}

export function forgetPending(ctx: KafkaCtx, group: Group, memberId: string): void {
  if (group.pendingMembers[memberId] === undefined) return;
  delete group.pendingMembers[memberId];
  ctx.cancelTimer(`${PENDING_TIMER}:${group.groupId}/${memberId}`);
}

/** A JoinGroup answer that carries no generation. */
export function joinError(errorCode: ErrorName, memberId: string): JoinGroupResponse {
  return { errorCode, generationId: -1, protocolName: null, leader: "", memberId, members: [] };
}

/** The generation as a member is told it; only the leader gets the others' subscriptions. `leader`: whom to name as leader. */
export function joinAnswer(group: Group, member: GroupMember, leader: string | null = group.leader): JoinGroupResponse {
  const isLeader = leader === member.memberId;
  return {
    errorCode: "NONE",
    generationId: group.generationId,
    protocolName: group.protocolName,
    leader: leader ?? "",
    memberId: member.memberId,
    members: isLeader
      ? membersOf(group).map((one) => ({
          memberId: one.memberId,
          groupInstanceId: one.groupInstanceId,
          metadata: metadataOf(group, one),
        }))
      : [],
  };
}

/** Answers the member's waiting JoinGroup, if there is one. */
export function answerJoin(ctx: KafkaCtx, group: Group, member: GroupMember, errorCode: ErrorName): void {
  const request = member.join;
  if (request === null) return;
  member.join = null;
  const response = errorCode === "NONE" ? joinAnswer(group, member) : joinError(errorCode, member.memberId);
  respond(ctx, request, "JoinGroup", response);
}

/** Answers the member's waiting SyncGroup, if there is one; true if so. */
export function answerSync(ctx: KafkaCtx, member: GroupMember, errorCode: ErrorName): boolean {
  const request = member.sync;
  if (request === null) return false;
  member.sync = null;
  respond(ctx, request, "SyncGroup", { errorCode, assignment: errorCode === "NONE" ? member.assignment : [] });
  return true;
}

/** Lets the member's JoinGroup wait; one that it sent before, on a connection since lost, gets no answer. */
export function parkJoin(ctx: KafkaCtx, member: GroupMember, request: Message): void {
  if (member.join !== null) release(ctx, member.join);
  member.join = request;
}

export function parkSync(ctx: KafkaCtx, member: GroupMember, request: Message): void {
  if (member.sync !== null) release(ctx, member.sync);
  member.sync = request;
}

/** Whether the coordinator keeps a record of sync progress (2.8.1 and newer). */
export function watchesSync(ctx: KafkaCtx): boolean {
  return brokerConfigOf(ctx).profile === "3.9";
}
