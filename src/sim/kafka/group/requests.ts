/**
 * What a coordinator answers to one request, given the group as it is: the error, or what to do. Nothing is changed here.
 *
 * In Kafka     GroupCoordinator: validateGroupStatus, validateCurrentMember, the order of checks in doNewMemberJoinGroup,
 *              doCurrentMemberJoinGroup, doSyncGroup, handleHeartbeat, validateOffsetCommit, handleLeaveGroup, deleteGroups.
 * Simplified   0.10 and 2.1 differ from each other only in what they answer while a partition is loading.
 *
 * A group is null if its coordinator has never heard of it.
 */
import { assertNever } from "../../engine/assert.ts";
import type { Profile } from "../profiles/profile.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { Rules } from "../rules.ts";
import type { Group, MemberProtocols, OwnedPartition } from "./state.ts";

/** What the answers depend on besides the group. */
export interface Version {
  readonly profile: Profile;
  readonly rules: Rules;
}

export type GroupApi =
  | "JoinGroup"
  | "SyncGroup"
  | "Heartbeat"
  | "LeaveGroup"
  | "OffsetCommit"
  | "OffsetFetch"
  | "DescribeGroups"
  | "DeleteGroups";

interface Refusal {
  readonly kind: "refuse";
  readonly errorCode: ErrorName;
}
const refuse = (errorCode: ErrorName): Refusal => ({ kind: "refuse", errorCode });

/** Whether this broker may look at the group at all: NONE, or the error. `partition` is null if it does not lead it. */
export function groupStatusError(
  api: GroupApi,
  groupId: string,
  partition: OwnedPartition | null,
  profile: Profile,
): ErrorName {
  const takesEmptyId = api === "OffsetCommit" || api === "OffsetFetch" || api === "DescribeGroups";
  if (groupId === "" && !takesEmptyId && api !== "DeleteGroups") return "INVALID_GROUP_ID";
  if (partition === null) return "NOT_COORDINATOR";
  if (partition.status === "loading") {
    // A group that was loaded yesterday has no rebalance in progress, so members can go on.
    if (api === "Heartbeat") return "NONE";
    if (api === "SyncGroup") return profile === "0.10" ? "NOT_COORDINATOR" : "REBALANCE_IN_PROGRESS";
    return "COORDINATOR_LOAD_IN_PROGRESS";
  }
  return "NONE";
}

/** What a Dead group answers: since 2.2 the member keeps its id and looks for the new coordinator. */
function deadError(profile: Profile): ErrorName {
  return profile === "3.9" ? "COORDINATOR_NOT_AVAILABLE" : "UNKNOWN_MEMBER_ID";
}

export interface Claim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  /** -1: none. */
  readonly generationId: number;
}

/** Whether the group has this member under this id: NONE, UNKNOWN_MEMBER_ID or FENCED_INSTANCE_ID. */
export function memberError(group: Group, claim: Omit<Claim, "generationId">): ErrorName {
  if (claim.groupInstanceId !== null) {
    const current = group.staticMembers[claim.groupInstanceId];
    if (current === undefined) return "UNKNOWN_MEMBER_ID";
    if (current !== claim.memberId) return "FENCED_INSTANCE_ID";
  }
  return group.members[claim.memberId] === undefined ? "UNKNOWN_MEMBER_ID" : "NONE";
}

/**
 * Whether this is a member of the current generation. With the rule `fencesGenerations` off, whoever comes from an older
 * one passes, also a member that has been removed since: a zombie goes on as if nothing had happened.
 */
export function fenceError(group: Group, claim: Claim, rules: Rules): ErrorName {
  const isOld = claim.generationId >= 0 && claim.generationId < group.generationId;
  if (!rules.fencesGenerations && isOld) return "NONE";
  const error = memberError(group, claim);
  if (error !== "NONE") return error;
  return claim.generationId === group.generationId ? "NONE" : "ILLEGAL_GENERATION";
}

export interface JoinClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocols: MemberProtocols;
  readonly sessionTimeoutMs: number;
  /** The request's version lets the broker hand out the id first (JoinGroup v4+, broker 2.2+). */
  readonly requiresKnownMemberId: boolean;
}

export interface JoinLimits {
  readonly groupMinSessionTimeoutMs: number;
  readonly groupMaxSessionTimeoutMs: number;
  readonly groupMaxSize: number;
}

export type JoinDecision =
  | Refusal
  /** Answer MEMBER_ID_REQUIRED with a new id, and remember it. */
  | { readonly kind: "require-member-id" }
  /** Add a member (under the id it brings, or a new one) and rebalance; it waits. */
  | { readonly kind: "add-member" }
  /** A static member starts again: give it a new id in place of `oldMemberId`. */
  | { readonly kind: "replace-static"; readonly oldMemberId: string }
  /** Take its new protocols, rebalance if `reason` is given, and let it wait. */
  | { readonly kind: "rejoin"; readonly reason: string | null }
  /** Tell it the generation it is in. */
  | { readonly kind: "answer-current" };

/** What becomes of a JoinGroup. */
export function decideJoin(
  group: Group | null,
  claim: JoinClaim,
  limits: JoinLimits,
  { profile }: Version,
): JoinDecision {
  const { memberId, sessionTimeoutMs } = claim;
  const isLegal =
    sessionTimeoutMs >= limits.groupMinSessionTimeoutMs && sessionTimeoutMs <= limits.groupMaxSessionTimeoutMs;
  if (!isLegal) return refuse("INVALID_SESSION_TIMEOUT");
  if (group === null && memberId !== "") return refuse("UNKNOWN_MEMBER_ID");
  if (group === null) return decideNewMember(null, claim);
  if (profile === "3.9" && isFull(group, memberId, limits.groupMaxSize)) return refuse("GROUP_MAX_SIZE_REACHED");
  if (group.state === "Dead") return refuse(deadError(profile));
  if (!supportsProtocols(group, claim.protocols)) return refuse("INCONSISTENT_GROUP_PROTOCOL");
  return memberId === "" ? decideNewMember(group, claim) : decideKnownMember(group, claim);
}

function decideNewMember(group: Group | null, claim: JoinClaim): JoinDecision {
  if (claim.groupInstanceId !== null) {
    const oldMemberId = group?.staticMembers[claim.groupInstanceId];
    return oldMemberId === undefined ? { kind: "add-member" } : { kind: "replace-static", oldMemberId };
  }
  return claim.requiresKnownMemberId ? { kind: "require-member-id" } : { kind: "add-member" };
}

function decideKnownMember(group: Group, claim: JoinClaim): JoinDecision {
  if (group.pendingMembers[claim.memberId] !== undefined) return { kind: "add-member" };
  const error = memberError(group, claim);
  if (error !== "NONE") return refuse(error);
  const isUnchanged = JSON.stringify(group.members[claim.memberId]?.protocols) === JSON.stringify(claim.protocols);
  const changed = "member changed its protocols";
  switch (group.state) {
    case "PreparingRebalance":
      return { kind: "rejoin", reason: null };
    case "CompletingRebalance":
      // It may not have received the answer to its first JoinGroup.
      return isUnchanged ? { kind: "answer-current" } : { kind: "rejoin", reason: changed };
    case "Stable":
      // The leader joins again to have the partitions dealt anew, for example when a topic has grown.
      if (group.leader === claim.memberId) return { kind: "rejoin", reason: "leader joined again" };
      return isUnchanged ? { kind: "answer-current" } : { kind: "rejoin", reason: changed };
    case "Empty":
    case "Dead":
      return refuse("UNKNOWN_MEMBER_ID");
    default:
      return assertNever(group.state);
  }
}

/** Whether group.max.size keeps this one out. While members come back, those count that have. */
function isFull(group: Group, memberId: string, maxSize: number): boolean {
  const member = group.members[memberId];
  const members = Object.values(group.members);
  switch (group.state) {
    case "Empty":
    case "Dead":
      return false;
    case "PreparingRebalance":
      return (member?.join ?? null) === null && members.filter((one) => one.join !== null).length >= maxSize;
    case "CompletingRebalance":
    case "Stable":
      return member === undefined && members.length >= maxSize;
    default:
      return assertNever(group.state);
  }
}

/** Whether the newcomer and all members have a protocol in common. */
function supportsProtocols(group: Group, protocols: MemberProtocols): boolean {
  if (group.state === "Empty") return protocols.length > 0;
  const members = Object.values(group.members);
  return protocols.some(({ name }) => members.every((member) => member.protocols.some((one) => one.name === name)));
}

export type SyncDecision =
  | Refusal
  /** Wait for the leader's assignment. */
  | { readonly kind: "wait" }
  /** The leader: write its assignment, then answer everybody. */
  | { readonly kind: "complete" }
  /** Stable: tell the member its assignment again. */
  | { readonly kind: "answer-assignment" };

/** What becomes of a SyncGroup. */
export function decideSync(group: Group | null, claim: Claim, { profile, rules }: Version): SyncDecision {
  if (group === null) return refuse("UNKNOWN_MEMBER_ID");
  if (group.state === "Dead") return refuse(deadError(profile));
  const error = fenceError(group, claim, rules);
  if (error !== "NONE") return refuse(error);
  if (group.members[claim.memberId] === undefined) return refuse("UNKNOWN_MEMBER_ID");
  switch (group.state) {
    case "Empty":
      return refuse("UNKNOWN_MEMBER_ID");
    case "PreparingRebalance":
      return refuse("REBALANCE_IN_PROGRESS");
    case "CompletingRebalance":
      return { kind: group.leader === claim.memberId ? "complete" : "wait" };
    case "Stable":
      return { kind: "answer-assignment" };
    default:
      return assertNever(group.state);
  }
}

/** The error of an answer, and whether the member counts as heard of. */
export interface Verdict {
  readonly errorCode: ErrorName;
  readonly restartsSession: boolean;
}

/** What becomes of a Heartbeat. */
export function decideHeartbeat(group: Group | null, claim: Claim, { profile, rules }: Version): Verdict {
  if (group === null || group.state === "Empty") return { errorCode: "UNKNOWN_MEMBER_ID", restartsSession: false };
  if (group.state === "Dead") return { errorCode: deadError(profile), restartsSession: false };
  if (group.state === "CompletingRebalance" && profile !== "3.9") {
    // Before 2.2 nobody sends heartbeats between JoinGroup and SyncGroup: who does has missed the rebalance.
    const isMember = group.members[claim.memberId] !== undefined;
    return { errorCode: isMember ? "REBALANCE_IN_PROGRESS" : "UNKNOWN_MEMBER_ID", restartsSession: false };
  }
  const error = fenceError(group, claim, rules);
  if (error !== "NONE") return { errorCode: error, restartsSession: false };
  const errorCode = group.state === "PreparingRebalance" ? "REBALANCE_IN_PROGRESS" : "NONE";
  return { errorCode, restartsSession: true };
}

/** What becomes of an OffsetCommit (or, since 2.5, of a TxnOffsetCommit). */
export function decideCommit(
  group: Group | null,
  claim: Claim,
  { profile, rules }: Version,
  isTransactional = false,
): Verdict {
  const { generationId, memberId } = claim;
  const accepted = { errorCode: "NONE", restartsSession: false } as const;
  const refused = (errorCode: ErrorName): Verdict => ({ errorCode, restartsSession: false });
  if (group === null) return generationId < 0 ? accepted : refused("ILLEGAL_GENERATION");
  if (group.state === "Dead") return refused(deadError(profile));
  if (generationId < 0 && group.state === "Empty") return accepted;
  if (profile !== "3.9") {
    if (isTransactional) return accepted;
    // The old versions look at the state before they ask who it is.
    if (group.state === "CompletingRebalance") return refused("REBALANCE_IN_PROGRESS");
  }
  const isNobody = generationId < 0 && memberId === "" && claim.groupInstanceId === null;
  if (isNobody) return isTransactional ? accepted : refused("UNKNOWN_MEMBER_ID");
  const error = fenceError(group, claim, rules);
  if (error !== "NONE") return refused(error);
  if (isTransactional) return accepted;
  // While a rebalance is prepared, the owner of the old generation may still commit.
  const errorCode = group.state === "CompletingRebalance" ? "REBALANCE_IN_PROGRESS" : "NONE";
  return { errorCode, restartsSession: true };
}

export type LeaveDecision = Refusal | { readonly kind: "remove" } | { readonly kind: "forget-pending" };

/** What becomes of a LeaveGroup. */
export function decideLeave(group: Group | null, memberId: string, { profile }: Version): LeaveDecision {
  if (group === null) return refuse("UNKNOWN_MEMBER_ID");
  if (group.state === "Dead") return refuse(deadError(profile));
  if (group.pendingMembers[memberId] !== undefined) return { kind: "forget-pending" };
  return group.members[memberId] === undefined ? refuse("UNKNOWN_MEMBER_ID") : { kind: "remove" };
}

/** Whether DeleteGroups may delete the group: NONE, or the error. */
export function deleteError(group: Group | null): ErrorName {
  if (group === null || group.state === "Dead") return "GROUP_ID_NOT_FOUND";
  return group.state === "Empty" ? "NONE" : "NON_EMPTY_GROUP";
}
