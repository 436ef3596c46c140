/**
 * admin.resetOffsets: what kafka-consumer-groups --reset-offsets --execute does, request by request.
 *
 * In Kafka     ConsumerGroupCommand.resetOffsets (0.11+): the group's state, its offsets, the logs' bounds, then a commit from outside
 *              the group. 2.1 commits through a consumer of that group, 3.9 through AdminClient.alterConsumerGroupOffsets: both send an
 *              OffsetCommit without member and generation, which a coordinator takes only while the group is empty.
 * Simplified   bounds are asked for partition by partition.
 *
 *   state -> committed -> bounds (each partition) -> commit -> done
 *   state -> failed          the group has members
 *   commit -> failed         somebody joined meanwhile
 */
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP, type ListOffsetsResponse } from "../protocol/data-plane.ts";
import type { DescribeGroupsResponse, OffsetCommitResponse, OffsetFetchResponse } from "../protocol/groups.ts";
import { type TopicPartition, topicOf, topicPartition } from "../protocol/ids.ts";
import { type AdminCommand, type AdminJob, endOf, type Job, type JobEnd, RETRY, request } from "./adminJobs.ts";
import { type ResetSpec, resetRefusal, resetTarget } from "./resetPlan.ts";

/** How far a reset has come. */
export interface ResetProgress {
  readonly state: string | null;
  /** Offsets of the group, -1: none; null: not asked yet. */
  readonly committed: Readonly<Record<string, number>> | null;
  /** Log start and log end by partition. */
  readonly bounds: Readonly<Record<string, readonly [logStart: number, logEnd: number]>>;
}

const BEGUN: ResetProgress = Object.freeze({ state: null, committed: null, bounds: Object.freeze({}) });

function progressOf(job: Job): ResetProgress {
  return job.reset ?? BEGUN;
}

/** Partitions that the command names, or whose topic it names, of which `count` are known; else all with a committed offset. */
function partitionsOf(job: Job, count: number | null): TopicPartition[] {
  const { topic, partitions } = job.command;
  if (Array.isArray(partitions)) return partitions.map((name) => String(name) as TopicPartition);
  if (topic !== undefined)
    return Array.from({ length: count ?? 0 }, (_, index) => topicPartition(String(topic), index));
  const { committed } = progressOf(job);
  const all = Object.entries(committed ?? {}).filter(([, offset]) => offset >= 0);
  return all.map(([name]) => name as TopicPartition).sort();
}

/** The topics whose partitions and leaders the reset has to know. */
export function topicsOfReset(job: Job): string[] {
  const { topic } = job.command;
  if (topic !== undefined) return [String(topic)];
  return [...new Set(partitionsOf(job, null).map(topicOf))];
}

function specOf({ to }: AdminCommand): ResetSpec {
  if (to === "earliest" || to === "latest") return { mode: `to-${to}` };
  return { mode: "to-offset", value: Number(to) };
}

/** The request that a reset sends next; null while the partitions of its topic are not known: `count`, null. */
export function resetStep(job: Job, count: number | null): AdminJob | null {
  const { state, committed, bounds } = progressOf(job);
  if (state === null) return ASK_STATE;
  if (committed === null) return ASK_COMMITTED;
  if (job.command.topic !== undefined && count === null) return null;
  const partitions = partitionsOf(job, count);
  const left = partitions.find((name) => bounds[name] === undefined);
  return left === undefined ? commitStep(partitions) : boundsStep(left);
}

const groupOf = (command: AdminCommand): string => String(command.group);

const ASK_STATE: AdminJob = {
  to: "coordinator",
  request: (command) => request("DescribeGroups", { groups: [groupOf(command)] }),
  read(answer, job) {
    const group = (answer.data as DescribeGroupsResponse).groups[0];
    if (group === undefined) return RETRY;
    if (group.errorCode !== "NONE") return endOf(group.errorCode, null);
    const refusal = resetRefusal(groupOf(job.command), group.groupState);
    if (refusal !== null) return { kind: "failed", error: "NON_EMPTY_GROUP", message: refusal };
    return goOn(job, { state: group.groupState });
  },
};

const ASK_COMMITTED: AdminJob = {
  to: "coordinator",
  request: (command) => request("OffsetFetch", { groupId: groupOf(command), partitions: null, requireStable: false }),
  read(answer, job) {
    const { errorCode, offsets } = answer.data as OffsetFetchResponse;
    if (errorCode !== "NONE") return endOf(errorCode, null);
    return goOn(job, {
      committed: Object.fromEntries(offsets.map((one) => [one.topicPartition, one.committedOffset])),
    });
  },
};

function boundsStep(name: TopicPartition): AdminJob {
  return {
    to: "leader",
    partition: name,
    request: () =>
      request("ListOffsets", {
        replicaId: -1,
        isolationLevel: "read_uncommitted",
        partitions: [EARLIEST_TIMESTAMP, LATEST_TIMESTAMP].map((timestamp) => ({
          topicPartition: name,
          currentLeaderEpoch: -1,
          timestamp,
        })),
      }),
    read(answer, job) {
      const { partitions } = answer.data as ListOffsetsResponse;
      const [earliest, latest] = partitions;
      const failed = partitions.find((one) => one.errorCode !== "NONE");
      if (failed !== undefined) return endOf(failed.errorCode, null);
      if (earliest === undefined || latest === undefined) return RETRY;
      return goOn(job, { bounds: { ...progressOf(job).bounds, [name]: [earliest.offset, latest.offset] } });
    },
  };
}

function commitStep(partitions: readonly TopicPartition[]): AdminJob {
  return {
    to: "coordinator",
    request: (command, _timeoutMs, job) =>
      request("OffsetCommit", {
        groupId: groupOf(command),
        generationId: -1,
        memberId: "",
        groupInstanceId: null,
        offsets: Object.entries(targetsOf(command, job, partitions)).map(([name, committedOffset]) => ({
          topicPartition: name as TopicPartition,
          committedOffset,
          committedLeaderEpoch: -1,
          committedMetadata: "",
        })),
      }),
    read(answer, job) {
      const { errors } = answer.data as OffsetCommitResponse;
      const failed = errors.find((one) => one.errorCode !== "NONE");
      return endOf(failed?.errorCode ?? "NONE", targetsOf(job.command, job, partitions));
    },
  };
}

function targetsOf(command: AdminCommand, job: Job, partitions: readonly TopicPartition[]): Record<string, number> {
  const { bounds, committed } = progressOf(job);
  const targets: Record<string, number> = {};
  for (const name of partitions) {
    const [logStart, logEnd] = bounds[name] ?? [0, 0];
    const stored = committed?.[name] ?? -1;
    const target = resetTarget(specOf(command), name, { logStart, logEnd, committed: stored < 0 ? null : stored });
    if (target.kind === "offset") targets[name] = target.offset;
  }
  return targets;
}

function goOn(job: Job, found: Partial<ResetProgress>): JobEnd {
  job.reset = { ...progressOf(job), ...found };
  return { kind: "next" };
}
