/**
 * Committed offsets: OffsetCommit, OffsetFetch, and what goes when a topic goes.
 *
 * In Kafka     GroupCoordinator.handleCommitOffsets, handleFetchOffsets, handleDeletedPartitions; GroupMetadataManager.
 * Left out     transactional commits; expiry by offsets.retention.minutes.
 *
 * An offset is visible once its record is replicated, not before: a failover must not take back what a reader has seen.
 */
import { type Message, MILLISECOND } from "../../engine/types.ts";
import type { RpcRequest } from "../protocol/api.ts";
import type { ErrorName } from "../protocol/errors.ts";
import type { OffsetCommitResponse, OffsetFetchResponse } from "../protocol/groups.ts";
import { partitionOf, type TopicPartition, topicOf } from "../protocol/ids.ts";
import type { LogRecord } from "../protocol/records.ts";
import { respond, type Then } from "../rpc.ts";
import type { KafkaCtx } from "../types.ts";
import { offsetRecord } from "./groupRecords.ts";
import { changeState, forgetPending, heardOf, note } from "./members.ts";
import type { Appended, GroupPorts } from "./ports.ts";
import { decideCommit, deleteError, groupStatusError } from "./requests.ts";
import {
  brokerConfigOf,
  createGroup,
  type Group,
  groupSection,
  offsetsPartitionOf,
  type StoredOffset,
} from "./state.ts";
import { appendRecords, offsetsAppendError } from "./store.ts";

type Commit = RpcRequest<"OffsetCommit">["data"];

export interface OffsetsAppended extends Then {
  readonly kind: "group-offsets-appended";
  readonly request: Message;
  readonly offsets: Readonly<Record<string, StoredOffset>>;
  /** Errors of the partitions that were not written, by topic partition. */
  readonly refused: Readonly<Record<string, ErrorName>>;
}

export function onOffsetCommit(
  ctx: KafkaCtx,
  ports: GroupPorts,
  { data }: RpcRequest<"OffsetCommit">,
  request: Message,
): void {
  const { groupId, memberId } = data;
  const { profile, rules } = brokerConfigOf(ctx);
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const known = section.groups[groupId] ?? null;
  const statusError = groupStatusError("OffsetCommit", groupId, partition, profile);
  const verdict =
    statusError === "NONE"
      ? decideCommit(known, data, { profile, rules })
      : { errorCode: statusError, restartsSession: false };
  const member = known?.members[memberId];
  if (verdict.restartsSession && known !== null && member !== undefined) heardOf(ctx, known, member);
  if (verdict.errorCode !== "NONE") {
    noteRefused(ctx, request, known, verdict.errorCode);
    respond(ctx, request, "OffsetCommit", commitResponse(data, {}, verdict.errorCode));
    return;
  }
  section.groups[groupId] ??= createGroup(groupId);
  storeOffsets(ctx, ports, data, request);
}

function storeOffsets(ctx: KafkaCtx, ports: GroupPorts, data: Commit, request: Message): void {
  const { profile, broker } = brokerConfigOf(ctx);
  const commitTimestamp = Math.floor(ctx.now / MILLISECOND);
  const offsets: Record<string, StoredOffset> = {};
  const refused: Record<string, ErrorName> = {};
  const records: LogRecord[] = [];
  for (const { topicPartition, committedOffset, committedLeaderEpoch, committedMetadata } of data.offsets) {
    const count = ports.partitionCountOf(ctx, topicOf(topicPartition)) ?? 0;
    if (partitionOf(topicPartition) >= count) refused[topicPartition] = "UNKNOWN_TOPIC_OR_PARTITION";
    else if (committedMetadata.length > broker.offsetMetadataMaxBytes) {
      refused[topicPartition] = "OFFSET_METADATA_TOO_LARGE";
    } else {
      const offset: StoredOffset = { committedOffset, committedLeaderEpoch, committedMetadata, commitTimestamp };
      offsets[topicPartition] = offset;
      records.push(offsetRecord(data.groupId, topicPartition, offset, commitTimestamp, profile));
    }
  }
  if (records.length === 0) {
    respond(ctx, request, "OffsetCommit", commitResponse(data, refused, "NONE"));
    return;
  }
  const then: OffsetsAppended = { kind: "group-offsets-appended", request, offsets, refused };
  appendRecords(ctx, ports, data.groupId, records, then);
}

export function onOffsetsAppended(ctx: KafkaCtx, then: OffsetsAppended, result: Appended): void {
  const { request, offsets, refused } = then;
  const { data } = request.body as RpcRequest<"OffsetCommit">;
  const { groupId, memberId, generationId } = data;
  const group = groupSection(ctx).groups[groupId];
  const errorCode = offsetsAppendError(result.errorCode);
  if (errorCode === "NONE" && group !== undefined) {
    Object.assign(group.offsets, offsets);
    const stored = Object.entries(offsets).map(([name, { committedOffset }]) => [name, committedOffset] as const);
    note(ctx, {
      kind: "offsets-stored",
      group: groupId,
      memberId,
      generationId,
      offsets: Object.fromEntries(stored),
    });
  }
  if (errorCode !== "NONE") noteRefused(ctx, request, group ?? null, errorCode);
  respond(ctx, request, "OffsetCommit", commitResponse(data, refused, errorCode));
}

function noteRefused(ctx: KafkaCtx, request: Message, group: Group | null, errorCode: ErrorName): void {
  const { data, clientId } = request.body as RpcRequest<"OffsetCommit">;
  const { groupId, memberId, generationId } = data;
  note(ctx, {
    kind: "commit-refused",
    group: groupId,
    clientId,
    memberId,
    generationId,
    currentGenerationId: group?.generationId ?? null,
    state: group?.state ?? null,
    errorCode,
  });
}

function commitResponse(
  data: Commit,
  refused: Readonly<Record<string, ErrorName>>,
  errorCode: ErrorName,
): OffsetCommitResponse {
  return {
    errors: data.offsets.map(({ topicPartition }) => ({
      topicPartition,
      errorCode: refused[topicPartition] ?? errorCode,
    })),
  };
}

export function onOffsetFetch(ctx: KafkaCtx, { data }: RpcRequest<"OffsetFetch">, request: Message): void {
  const { groupId, partitions } = data;
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const errorCode = groupStatusError("OffsetFetch", groupId, partition, ctx.self.config.profile);
  const offsets = errorCode === "NONE" ? fetchOffsets(section.groups[groupId], partitions) : [];
  respond(ctx, request, "OffsetFetch", { errorCode, offsets });
}

function fetchOffsets(
  group: Group | undefined,
  partitions: readonly TopicPartition[] | null,
): OffsetFetchResponse["offsets"] {
  const asked = partitions ?? (Object.keys(group?.offsets ?? {}) as TopicPartition[]);
  return asked.map((topicPartition) => {
    const stored = group?.offsets[topicPartition];
    return {
      topicPartition,
      committedOffset: stored?.committedOffset ?? -1,
      committedLeaderEpoch: stored?.committedLeaderEpoch ?? -1,
      committedMetadata: stored?.committedMetadata ?? "",
      errorCode: "NONE",
    };
  });
}

/** Partitions were deleted with their topic: no offset of theirs is kept, also in groups that are at work. */
export function forgetOffsetsOf(ctx: KafkaCtx, ports: GroupPorts, deleted: readonly TopicPartition[]): void {
  for (const group of Object.values(groupSection(ctx).groups)) {
    const gone = deleted.filter((topicPartition) => group.offsets[topicPartition] !== undefined);
    if (gone.length > 0) forgetOffsets(ctx, ports, group, gone);
  }
}

/**
 * Deletes a group with all its offsets if it has no members (DeleteGroups; no request of the model carries it yet).
 * Returns NONE or why not.
 */
export function deleteGroup(ctx: KafkaCtx, ports: GroupPorts, groupId: string): ErrorName {
  const section = groupSection(ctx);
  const partition = section.partitions[offsetsPartitionOf(ctx, groupId)] ?? null;
  const statusError = groupStatusError("DeleteGroups", groupId, partition, ctx.self.config.profile);
  if (statusError !== "NONE") return statusError;
  const group = section.groups[groupId] ?? null;
  const errorCode = deleteError(group);
  if (errorCode === "NONE" && group !== null) {
    forgetOffsets(ctx, ports, group, Object.keys(group.offsets) as TopicPartition[]);
  }
  return errorCode;
}

/** Takes offsets back by tombstones; an empty group that has none left is Dead. */
function forgetOffsets(ctx: KafkaCtx, ports: GroupPorts, group: Group, gone: readonly TopicPartition[]): void {
  const timestamp = Math.floor(ctx.now / MILLISECOND);
  const { groupId } = group;
  const records = gone.map((one) => offsetRecord(groupId, one, null, timestamp, ctx.self.config.profile));
  for (const topicPartition of gone) delete group.offsets[topicPartition];
  if (group.state === "Empty" && Object.keys(group.offsets).length === 0) {
    // The group of a simple consumer has no record of its own to take back.
    if (group.generationId > 0) records.push({ key: `group ${groupId}`, value: null, timestamp, tag: null });
    for (const memberId of Object.keys(group.pendingMembers)) forgetPending(ctx, group, memberId);
    changeState(ctx, group, "Dead", "nothing of it is left");
    delete groupSection(ctx).groups[groupId];
  }
  if (records.length > 0) appendRecords(ctx, ports, groupId, records, { kind: "group-tombstones-appended" });
}
