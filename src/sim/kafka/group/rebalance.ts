/**
 * Rebalances: from the first reason to the next generation.
 *
 * In Kafka     GroupCoordinator.prepareRebalance, onCompleteJoin, onExpirePendingSync; DelayedJoin, InitialDelayedJoin,
 *              DelayedSync; GroupMetadata.initNextGeneration, maybeElectNewJoinedLeader.
 * Simplified   who becomes leader of the group is the first that joined, where Kafka takes any.
 *
 * The steps, in order:
 *   1. a reason comes up; SyncGroups that wait are answered REBALANCE_IN_PROGRESS, the group is PreparingRebalance;
 *   2. members learn of it by a heartbeat, and join again: their JoinGroup waits;
 *   3. all have joined, or the rebalance timeout is over: those that are missing are taken out (static members stay);
 *   4. the next generation begins, all JoinGroups are answered, the group is CompletingRebalance (sync.ts goes on).
 */
import { MILLISECOND } from "../../engine/types.ts";
import type { KafkaCtx } from "../types.ts";
import { groupRecord } from "./groupRecords.ts";
import { answerJoin, answerSync, changeState, heardOf, note, removeMember, watchesSync } from "./members.ts";
import type { GroupPorts } from "./ports.ts";
import { brokerConfigOf, type Group, groupSection, membersOf, rebalanceTimeoutMs } from "./state.ts";
import { firstInitialDelay, nextInitialDelay, selectProtocol } from "./states.ts";
import { appendRecords } from "./store.ts";

export const JOIN_TIMER = "group-join";
export const SYNC_TIMER = "group-sync";

interface OfGroup {
  readonly groupId: string;
}
interface OfGeneration extends OfGroup {
  readonly generationId: number;
}

/** Starts a rebalance unless one is being prepared already. */
export function maybePrepareRebalance(ctx: KafkaCtx, ports: GroupPorts, group: Group, reason: string): void {
  if (group.state === "Stable" || group.state === "CompletingRebalance" || group.state === "Empty") {
    prepareRebalance(ctx, ports, group, reason);
  }
}

function prepareRebalance(ctx: KafkaCtx, ports: GroupPorts, group: Group, reason: string): void {
  if (group.state === "CompletingRebalance") {
    for (const member of membersOf(group)) {
      member.assignment = [];
      if (answerSync(ctx, member, "REBALANCE_IN_PROGRESS")) heardOf(ctx, group, member);
    }
  }
  group.pendingSyncMembers = [];
  ctx.cancelTimer(`${SYNC_TIMER}:${group.groupId}`);

  const timeoutMs = rebalanceTimeoutMs(group);
  // A group that starts together should not rebalance once per member, so the first one waits a little (KIP-134).
  if (group.state === "Empty" && ctx.self.config.profile !== "0.10") {
    group.initialDelay = firstInitialDelay(brokerConfigOf(ctx).broker.groupInitialRebalanceDelayMs, timeoutMs);
    group.newMemberAdded = false;
  }
  const delay = (group.initialDelay?.delay ?? timeoutMs) * MILLISECOND;
  group.rebalance = { since: ctx.now, reason, deadline: ctx.now + delay };
  changeState(ctx, group, "PreparingRebalance", reason);
  note(ctx, {
    kind: "rebalance-started",
    group: group.groupId,
    reason,
    generationId: group.generationId,
    waitsFor: membersOf(group).flatMap((member) => (member.join === null ? [member.memberId] : [])),
    deadline: ctx.now + delay,
  });
  ctx.setTimer(`${JOIN_TIMER}:${group.groupId}`, delay, { groupId: group.groupId } satisfies OfGroup);
  tryCompleteJoin(ctx, ports, group);
}

/** Begins the next generation if everybody has joined; the initial delay is not cut short by that. */
export function tryCompleteJoin(ctx: KafkaCtx, ports: GroupPorts, group: Group): void {
  if (group.state !== "PreparingRebalance" || group.initialDelay !== null) return;
  if (Object.keys(group.pendingMembers).length > 0) return;
  if (membersOf(group).every((member) => member.join !== null)) completeJoin(ctx, ports, group);
}

/** The wait for members is over. */
export function onJoinTimer(ctx: KafkaCtx, ports: GroupPorts, { groupId }: OfGroup): void {
  const group = groupSection(ctx).groups[groupId];
  if (group === undefined || group.state !== "PreparingRebalance") return;
  if (group.initialDelay !== null) {
    const configured = brokerConfigOf(ctx).broker.groupInitialRebalanceDelayMs;
    const next = nextInitialDelay(group.initialDelay, configured, group.newMemberAdded);
    if (next !== null) {
      group.initialDelay = next;
      group.newMemberAdded = false;
      waitAgain(ctx, group, next.delay);
      return;
    }
  }
  completeJoin(ctx, ports, group);
}

function waitAgain(ctx: KafkaCtx, group: Group, delayMs: number): void {
  const delay = delayMs * MILLISECOND;
  if (group.rebalance !== null) group.rebalance = { ...group.rebalance, deadline: ctx.now + delay };
  ctx.setTimer(`${JOIN_TIMER}:${group.groupId}`, delay, { groupId: group.groupId } satisfies OfGroup);
}

function completeJoin(ctx: KafkaCtx, ports: GroupPorts, group: Group): void {
  const keepsStatic = ctx.self.config.profile === "3.9";
  for (const member of membersOf(group)) {
    const isKept = keepsStatic && member.groupInstanceId !== null;
    if (member.join === null && !isKept) removeMember(ctx, group, member.memberId, "rebalance timeout");
  }
  if (keepsStatic && !electJoinedLeader(group) && membersOf(group).length > 0) {
    // Only static members are left, and none of them has joined: their sessions decide.
    waitAgain(ctx, group, rebalanceTimeoutMs(group));
    return;
  }
  ctx.cancelTimer(`${JOIN_TIMER}:${group.groupId}`);
  beginGeneration(ctx, ports, group);
}

/** Makes sure that the leader of the group is one that has joined; false if nobody has. */
function electJoinedLeader(group: Group): boolean {
  const leader = group.leader === null ? undefined : group.members[group.leader];
  if (leader !== undefined && leader.join !== null) return true;
  const joined = membersOf(group).find((member) => member.join !== null);
  if (joined === undefined) return false;
  group.leader = joined.memberId;
  return true;
}

function beginGeneration(ctx: KafkaCtx, ports: GroupPorts, group: Group): void {
  const members = membersOf(group);
  const since = group.rebalance?.since ?? ctx.now;
  group.generationId += 1;
  group.initialDelay = null;
  group.newMemberAdded = false;
  group.rebalance = null;
  group.protocolName = selectProtocol(members.map((member) => member.protocols.map((one) => one.name)));
  const isEmpty = members.length === 0;
  changeState(ctx, group, isEmpty ? "Empty" : "CompletingRebalance", isEmpty ? "no member is left" : "members joined");
  note(ctx, {
    kind: "rebalance-completed",
    group: group.groupId,
    generationId: group.generationId,
    members: members.map((member) => member.memberId),
    leader: group.leader,
    protocol: group.protocolName,
    took: ctx.now - since,
  });
  if (isEmpty) {
    const record = groupRecord(group, {}, Math.floor(ctx.now / MILLISECOND), ctx.self.config.profile);
    appendRecords(ctx, ports, group.groupId, [record], { kind: "group-empty-appended" });
    return;
  }
  for (const member of members) {
    answerJoin(ctx, group, member, "NONE");
    heardOf(ctx, group, member);
    member.isNew = false;
  }
  if (!watchesSync(ctx)) return;
  group.pendingSyncMembers = members.map((member) => member.memberId);
  const { groupId, generationId } = group;
  const delay = rebalanceTimeoutMs(group) * MILLISECOND;
  ctx.setTimer(`${SYNC_TIMER}:${groupId}`, delay, { groupId, generationId } satisfies OfGeneration);
}

/** 3.9: members that were told of the generation and did not send SyncGroup in time are taken out. */
export function onSyncTimer(ctx: KafkaCtx, ports: GroupPorts, { groupId, generationId }: OfGeneration): void {
  const group = groupSection(ctx).groups[groupId];
  if (group === undefined || group.generationId !== generationId || group.pendingSyncMembers.length === 0) return;
  for (const memberId of group.pendingSyncMembers) removeMember(ctx, group, memberId, "sync timeout");
  maybePrepareRebalance(ctx, ports, group, "a member did not send SyncGroup");
}
