/**
 * An admin client: operations run beside each other, each until it is answered or its time is over.
 *
 * In Kafka     KafkaAdminClient.
 * Left out     everything but creating topics, electing leaders and describing a group; the others answer "unsupported".
 */
import { type ActorId, type ActorModel, MILLISECOND, type SimTime } from "../../engine/types.ts";
import type { ProducerConfig } from "../profiles/config.ts";
import { defaultsOf } from "../profiles/config.ts";
import type { CreateTopicsResponse, ElectLeadersResponse } from "../protocol/control-plane.ts";
import type { ErrorName } from "../protocol/errors.ts";
import { RETRIABLE } from "../protocol/errors.ts";
import type { DescribeGroupsResponse, FindCoordinatorResponse } from "../protocol/groups.ts";
import { type BrokerId, brokerActor, NO_LEADER, topicPartition } from "../protocol/ids.ts";
import { joinRoles, type Role, sectionOf } from "../roles.ts";
import type { Outcome, Then } from "../rpc.ts";
import type { AdminActorConfig, KafkaCtx } from "../types.ts";
import {
  anyReadyNode,
  ask,
  type Client,
  type ClientState,
  clientParts,
  earlier,
  keepMetadataFresh,
  newClientState,
  nodeReady,
  noteLost,
} from "./client.ts";
import { exceptionOf } from "./exceptions.ts";
import { requestUpdate } from "./metadata.ts";

export const ADMIN_ROLE = "admin";
const CHANNEL = "admin";
/** default.api.timeout.ms of the admin client. */
const TIMEOUT_MS = 60_000;

type AdminCommand = { readonly kind: string; readonly tag?: string; readonly [field: string]: unknown };

interface Job {
  readonly id: number;
  readonly command: AdminCommand;
  readonly deadline: SimTime;
  /** Node that answers for a group; null: not looked up, or not needed. */
  coordinatorId: BrokerId | null;
  isInFlight: boolean;
  retryAt: SimTime;
}

interface AdminState extends ClientState {
  jobs: Job[];
  nextId: number;
}

interface JobThen extends Then {
  readonly id: number;
  readonly node: ActorId;
}

type AdminCtx = KafkaCtx<unknown, AdminActorConfig>;

const COMMANDS = ["admin.createTopic", "admin.describeGroup", "admin.electLeaders"];
const UNSUPPORTED = ["admin.createPartitions", "admin.deleteRecords", "admin.deleteTopic", "admin.groupOffsets"];

/** The role of an admin client; it can stand alone or beside another client. */
export function adminRole(): Role {
  const typed = (ctx: KafkaCtx): AdminCtx => ctx as unknown as AdminCtx;
  const parts = clientParts(
    ADMIN_ROLE,
    (ctx) => clientOf(typed(ctx)),
    (channel) => channel === CHANNEL,
    (ctx) => pump(typed(ctx)),
  );

  function pump(ctx: AdminCtx): void {
    const state = sectionOf<AdminState>(ctx.self, ADMIN_ROLE);
    if (state.jobs.length === 0) {
      ctx.cancelTimer(ADMIN_ROLE);
      return;
    }
    let next = parts.checkConnections(ctx as unknown as KafkaCtx);
    for (const job of [...state.jobs]) next = earlier(next, stepJob(ctx, state, job));
    next = earlier(next, keepMetadataFresh(ctx, clientOf(ctx)));
    if (next !== null) ctx.setTimer(ADMIN_ROLE, Math.max(0, next - ctx.now));
  }

  return {
    name: ADMIN_ROLE,
    init: (): AdminState => ({ ...newClientState(), jobs: [], nextId: 1 }),
    then: {
      ...parts.then,
      "admin:answered": (ctx: KafkaCtx, then: JobThen, outcome: Outcome) => {
        const own = typed(ctx);
        onAnswer(own, sectionOf<AdminState>(own.self, ADMIN_ROLE), then, outcome);
        pump(own);
      },
    },
    timers: { [ADMIN_ROLE]: (ctx: KafkaCtx) => pump(typed(ctx)) },
    commands: {
      ...Object.fromEntries(
        COMMANDS.map((kind) => [
          kind,
          (ctx: KafkaCtx, command: AdminCommand) => {
            const own = typed(ctx);
            const state = sectionOf<AdminState>(own.self, ADMIN_ROLE);
            const timeout = Number(command.timeoutMs ?? TIMEOUT_MS) * MILLISECOND;
            const job = { command, deadline: ctx.now + timeout, coordinatorId: null, isInFlight: false, retryAt: 0 };
            state.jobs.push({ id: state.nextId, ...job });
            state.nextId += 1;
            requestUpdate(state.metadata);
            pump(own);
          },
        ]),
      ),
      ...Object.fromEntries(
        UNSUPPORTED.map((kind) => [
          kind,
          (ctx: KafkaCtx, command: AdminCommand) =>
            answer(typed(ctx), command, null, "unsupported", `${command.kind} is not part of this model`),
        ]),
      ),
    },
    onConnected: parts.onConnected,
    onDisconnected: parts.onDisconnected,
  };
}

function clientOf(ctx: AdminCtx): Client {
  const { profile } = ctx.self.config;
  const settings: ProducerConfig = defaultsOf("producer", profile);
  return {
    role: ADMIN_ROLE,
    state: sectionOf<AdminState>(ctx.self, ADMIN_ROLE),
    settings,
    bootstrapServers: ctx.self.config.bootstrapServers,
    channel: CHANNEL,
    maxInFlight: 100,
    topics: [],
    allowAutoTopicCreation: false,
  };
}

function answer(
  ctx: AdminCtx,
  command: AdminCommand,
  result: unknown,
  exception: string | null,
  message: string | null,
): void {
  const tag = command.tag === undefined ? {} : { tag: command.tag };
  ctx.note({ kind: "admin-answered", op: command.kind, ...tag, ok: exception === null, result, exception, message });
}

function finish(
  ctx: AdminCtx,
  state: AdminState,
  job: Job,
  result: unknown,
  error: ErrorName | null,
  text: string | null = null,
): void {
  state.jobs = state.jobs.filter((other) => other.id !== job.id);
  if (error === null) {
    answer(ctx, job.command, result, null, null);
    return;
  }
  const { exception, message } = exceptionOf(error, ctx.self.config.profile);
  answer(ctx, job.command, null, exception, text ?? message);
}

/** One step of a job. Returns when to look again; null: something will happen by itself. */
function stepJob(ctx: AdminCtx, state: AdminState, job: Job): SimTime | null {
  if (job.deadline <= ctx.now) {
    finish(ctx, state, job, null, "REQUEST_TIMED_OUT", "Timed out waiting for a node assignment.");
    return null;
  }
  if (job.isInFlight) return job.deadline;
  if (job.retryAt > ctx.now) return job.retryAt;
  const client = clientOf(ctx);
  const { command } = job;
  if (command.kind === "admin.describeGroup") {
    const group = String(command.group);
    if (job.coordinatorId === null) {
      const node = anyReadyNode(ctx, client);
      if (node === null) return job.deadline;
      send(ctx, client, job, node, "FindCoordinator", { key: group, keyType: "group" });
    } else {
      const node = brokerActor(job.coordinatorId);
      if (!nodeReady(ctx, client, node)) return job.deadline;
      send(ctx, client, job, node, "DescribeGroups", { groups: [group] });
    }
    return job.deadline;
  }
  const { controllerId } = state.metadata;
  if (controllerId === NO_LEADER) {
    requestUpdate(state.metadata);
    return job.deadline;
  }
  const node = brokerActor(controllerId);
  if (!nodeReady(ctx, client, node)) return job.deadline;
  if (command.kind === "admin.electLeaders") {
    const partitions = (command.partitions as readonly { topic: string; partition: number }[]) ?? [];
    send(ctx, client, job, node, "ElectLeaders", {
      electionType: (command.type ?? "preferred") as "preferred" | "unclean",
      topicPartitions: partitions.map((one) => topicPartition(one.topic, one.partition)),
    });
    return job.deadline;
  }
  const lists = command.assignments as Readonly<Record<string, readonly BrokerId[]>> | undefined;
  const assignments = Object.keys(lists ?? {})
    .sort((a, b) => Number(a) - Number(b))
    .map((index) => lists?.[index] ?? []);
  send(ctx, client, job, node, "CreateTopics", {
    topics: [
      {
        name: String(command.topic),
        numPartitions: lists === undefined ? Number(command.partitions ?? 1) : -1,
        replicationFactor: lists === undefined ? Number(command.rf ?? 1) : -1,
        assignments,
        configs: (command.configs ?? {}) as Readonly<Record<string, string>>,
      },
    ],
    timeoutMs: Math.floor((job.deadline - ctx.now) / MILLISECOND),
  });
  return job.deadline;
}

function send<A extends "FindCoordinator" | "DescribeGroups" | "ElectLeaders" | "CreateTopics">(
  ctx: AdminCtx,
  client: Client,
  job: Job,
  node: ActorId,
  api: A,
  data: Parameters<typeof ask<A>>[5],
): void {
  job.isInFlight = true;
  const then: JobThen = { kind: "admin:answered", id: job.id, node };
  const timeoutMs = Math.max(1, Math.floor((job.deadline - ctx.now) / MILLISECOND));
  ask(ctx, client, node, CHANNEL, api, data, then, timeoutMs);
}

function onAnswer(ctx: AdminCtx, state: AdminState, then: JobThen, outcome: Outcome): void {
  const client = clientOf(ctx);
  if (outcome.kind !== "answer") noteLost(ctx, client, then.node, CHANNEL);
  const job = state.jobs.find((one) => one.id === then.id);
  if (job === undefined) return;
  job.isInFlight = false;
  if (outcome.kind !== "answer") {
    retry(ctx, state, job);
    return;
  }
  switch (outcome.api) {
    case "FindCoordinator": {
      const found = outcome.data as FindCoordinatorResponse;
      if (found.errorCode === "NONE") job.coordinatorId = found.nodeId;
      else retry(ctx, state, job);
      return;
    }
    case "DescribeGroups": {
      const group = (outcome.data as DescribeGroupsResponse).groups[0];
      if (group === undefined || RETRIABLE.has(group.errorCode)) retry(ctx, state, job);
      else if (group.errorCode !== "NONE") finish(ctx, state, job, null, group.errorCode);
      else finish(ctx, state, job, described(group, job.coordinatorId), null);
      return;
    }
    case "CreateTopics": {
      const topic = (outcome.data as CreateTopicsResponse).topics[0];
      const error = topic?.errorCode ?? "UNKNOWN_SERVER_ERROR";
      if (error === "NOT_CONTROLLER") retry(ctx, state, job);
      else finish(ctx, state, job, "created", error === "NONE" ? null : error, topic?.errorMessage ?? null);
      return;
    }
    default: {
      const elected = outcome.data as ElectLeadersResponse;
      if (elected.errorCode === "NOT_CONTROLLER") retry(ctx, state, job);
      else if (elected.errorCode !== "NONE") finish(ctx, state, job, null, elected.errorCode);
      else {
        const items: Record<string, ErrorName> = {};
        for (const one of elected.results) items[one.topicPartition] = one.errorCode;
        finish(ctx, state, job, items, null);
      }
    }
  }
}

function described(group: DescribeGroupsResponse["groups"][number], coordinator: BrokerId | null): unknown {
  return {
    state: group.groupState,
    assignor: group.protocolData,
    coordinator,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      partitions: [...member.assignment].sort(),
    })),
  };
}

function retry(ctx: AdminCtx, state: AdminState, job: Job): void {
  job.coordinatorId = null;
  job.retryAt = ctx.now + 100 * MILLISECOND;
  requestUpdate(state.metadata);
}

/** The actor kind "admin". */
export function adminModel(): ActorModel {
  return joinRoles([adminRole()], { oneRequestAtATime: false });
}
