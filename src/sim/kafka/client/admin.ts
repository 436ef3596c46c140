/**
 * An admin client: operations run beside each other, each until it is answered or its time is over.
 *
 * In Kafka     KafkaAdminClient.
 * Left out     operations that adminJobs.ts does not list: they answer "unsupported".
 */
import type { ActorModel } from "../../engine/types.ts";
import { MILLISECOND, type SimTime } from "../../engine/types.ts";
import { defaultsOf } from "../profiles/config.ts";
import type { FindCoordinatorResponse } from "../protocol/groups.ts";
import { brokerActor, NO_LEADER, partitionOf, topicOf } from "../protocol/ids.ts";
import { joinRoles, type Role, sectionOf } from "../roles.ts";
import type { Outcome, Then } from "../rpc.ts";
import type { AdminActorConfig, KafkaCtx } from "../types.ts";
import {
  ADMIN_JOBS,
  type AdminCommand,
  type AdminJob,
  type Job,
  type JobEnd,
  partitionOfJob,
  RETRY,
} from "./adminJobs.ts";
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
import { leaderOf, partitionCount, requestUpdate } from "./metadata.ts";
import { resetStep, topicsOfReset } from "./resetOffsets.ts";

export const ADMIN_ROLE = "admin";
const CHANNEL = "admin";
/** default.api.timeout.ms of the admin client. */
const TIMEOUT_MS = 60_000;
const RETRY_BACKOFF = 100 * MILLISECOND;

interface AdminState extends ClientState {
  jobs: Job[];
  nextId: number;
}

interface JobThen extends Then {
  readonly id: number;
  readonly node: string;
}

type AdminCtx = KafkaCtx<unknown, AdminActorConfig>;

const RESET_OFFSETS = "admin.resetOffsets";
const UNSUPPORTED = ["admin.deleteTopic", "admin.groupOffsets"];

/** The role of an admin client; it can stand alone or beside another client. */
export function adminRole(): Role {
  const typed = (ctx: KafkaCtx): AdminCtx => ctx as unknown as AdminCtx;
  const stateOf = (ctx: AdminCtx): AdminState => sectionOf<AdminState>(ctx.self, ADMIN_ROLE);
  const parts = clientParts(
    ADMIN_ROLE,
    (ctx) => clientOf(typed(ctx)),
    (channel) => channel === CHANNEL,
    (ctx) => pump(typed(ctx)),
  );

  function pump(ctx: AdminCtx): void {
    const state = stateOf(ctx);
    if (state.jobs.length === 0) {
      ctx.cancelTimer(ADMIN_ROLE);
      return;
    }
    let next = parts.checkConnections(ctx as unknown as KafkaCtx);
    for (const job of [...state.jobs]) next = earlier(next, stepJob(ctx, state, job));
    next = earlier(next, keepMetadataFresh(ctx, clientOf(ctx)));
    if (next !== null) ctx.setTimer(ADMIN_ROLE, Math.max(0, next - ctx.now));
  }

  function begin(ctx: KafkaCtx, command: AdminCommand): void {
    const own = typed(ctx);
    const state = stateOf(own);
    const deadline = ctx.now + Number(command.timeoutMs ?? TIMEOUT_MS) * MILLISECOND;
    state.jobs.push({
      id: state.nextId,
      command,
      deadline,
      coordinatorId: null,
      isInFlight: false,
      retryAt: 0,
      reset: null,
    });
    state.nextId += 1;
    requestUpdate(state.metadata);
    pump(own);
  }

  /** The tool of 0.10 knows no --reset-offsets: it came with 0.11. */
  function beginReset(ctx: KafkaCtx, command: AdminCommand): void {
    if (ctx.self.config.profile !== "0.10") begin(ctx, command);
    else answer(typed(ctx), command, null, "unsupported", "reset-offsets is not a recognized option");
  }

  const refuse = (ctx: KafkaCtx, command: AdminCommand): void =>
    answer(typed(ctx), command, null, "unsupported", `${command.kind} is not part of this model`);

  return {
    name: ADMIN_ROLE,
    init: (): AdminState => ({ ...newClientState(), jobs: [], nextId: 1 }),
    then: {
      ...parts.then,
      "admin:answered": (ctx: KafkaCtx, then: JobThen, outcome: Outcome) => {
        onAnswer(typed(ctx), stateOf(typed(ctx)), then, outcome);
        pump(typed(ctx));
      },
    },
    timers: { [ADMIN_ROLE]: (ctx: KafkaCtx) => pump(typed(ctx)) },
    commands: {
      ...Object.fromEntries(Object.keys(ADMIN_JOBS).map((kind) => [kind, begin])),
      [RESET_OFFSETS]: beginReset,
      ...Object.fromEntries(UNSUPPORTED.map((kind) => [kind, refuse])),
    },
    onConnected: parts.onConnected,
    onDisconnected: parts.onDisconnected,
  };
}

function clientOf(ctx: AdminCtx): Client {
  const state = sectionOf<AdminState>(ctx.self, ADMIN_ROLE);
  return {
    role: ADMIN_ROLE,
    state,
    settings: defaultsOf("producer", ctx.self.config.profile),
    bootstrapServers: ctx.self.config.bootstrapServers,
    channel: CHANNEL,
    maxInFlight: 100,
    topics: () => topicsOf(state),
    allowAutoTopicCreation: false,
  };
}

/** Topics whose leaders a job has to know. */
function topicsOf(state: AdminState): string[] {
  const topics = new Set<string>();
  for (const job of state.jobs) {
    if (job.command.kind === RESET_OFFSETS) for (const topic of topicsOfReset(job)) topics.add(topic);
    else if (ADMIN_JOBS[job.command.kind]?.to === "leader") topics.add(topicOf(partitionOfJob(job.command)));
  }
  return [...topics].sort();
}

/** The request that a job sends next; null while it has to wait for metadata. */
function currentStep(state: AdminState, job: Job): AdminJob | null {
  if (job.command.kind !== RESET_OFFSETS) return ADMIN_JOBS[job.command.kind] ?? null;
  const { topic } = job.command;
  return resetStep(job, topic === undefined ? null : partitionCount(state.metadata, String(topic)));
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

function finish(ctx: AdminCtx, state: AdminState, job: Job, end: Extract<JobEnd, { kind: "done" | "failed" }>): void {
  state.jobs = state.jobs.filter((other) => other.id !== job.id);
  if (end.kind === "done") {
    answer(ctx, job.command, end.result, null, null);
    return;
  }
  const { exception, message } = exceptionOf(end.error, ctx.self.config.profile);
  answer(ctx, job.command, null, exception, end.message ?? message);
}

/** One step of a job. Returns when to look again; null: it is over. */
function stepJob(ctx: AdminCtx, state: AdminState, job: Job): SimTime | null {
  if (job.deadline <= ctx.now) {
    const message = "Timed out waiting for a node assignment.";
    finish(ctx, state, job, { kind: "failed", error: "REQUEST_TIMED_OUT", message });
    return null;
  }
  if (job.isInFlight) return job.deadline;
  if (job.retryAt > ctx.now) return job.retryAt;
  const step = currentStep(state, job);
  if (step === null) {
    requestUpdate(state.metadata);
    return job.deadline;
  }
  const node = nodeOf(ctx, state, job, step);
  if (node === null) return job.deadline;
  const timeoutMs = Math.max(1, Math.floor((job.deadline - ctx.now) / MILLISECOND));
  const isLookup = step.to === "coordinator" && job.coordinatorId === null;
  const request = isLookup
    ? { api: "FindCoordinator" as const, data: { key: String(job.command.group), keyType: "group" as const } }
    : step.request(job.command, timeoutMs, job);
  job.isInFlight = true;
  const then: JobThen = { kind: "admin:answered", id: job.id, node };
  ask(ctx, clientOf(ctx), node, CHANNEL, request.api, request.data as never, then, timeoutMs);
  return job.deadline;
}

/** The node that a job's next request goes to, if it can be sent now. */
function nodeOf(ctx: AdminCtx, state: AdminState, job: Job, { to, partition }: AdminJob): string | null {
  const client = clientOf(ctx);
  if (to === "coordinator" && job.coordinatorId === null) return anyReadyNode(ctx, client);
  let id = state.metadata.controllerId;
  if (to === "coordinator") id = job.coordinatorId ?? NO_LEADER;
  if (to === "leader") {
    const name = partition ?? partitionOfJob(job.command);
    id = leaderOf(state.metadata, topicOf(name), partitionOf(name))?.leaderId ?? NO_LEADER;
  }
  if (id === NO_LEADER) {
    requestUpdate(state.metadata);
    return null;
  }
  const node = brokerActor(id);
  return nodeReady(ctx, client, node) ? node : null;
}

function onAnswer(ctx: AdminCtx, state: AdminState, then: JobThen, outcome: Outcome): void {
  if (outcome.kind !== "answer") noteLost(ctx, clientOf(ctx), then.node, CHANNEL);
  const job = state.jobs.find((one) => one.id === then.id);
  if (job === undefined) return;
  job.isInFlight = false;
  const end = outcome.kind === "answer" ? endOfAnswer(state, job, outcome) : RETRY;
  if (end.kind === "done" || end.kind === "failed") {
    finish(ctx, state, job, end);
    return;
  }
  if (end.kind === "found") {
    job.coordinatorId = end.coordinatorId;
    return;
  }
  if (end.kind === "next") return;
  job.coordinatorId = null;
  job.retryAt = ctx.now + RETRY_BACKOFF;
  requestUpdate(state.metadata);
}

function endOfAnswer(state: AdminState, job: Job, outcome: Extract<Outcome, { kind: "answer" }>): JobEnd {
  if (outcome.api !== "FindCoordinator") return currentStep(state, job)?.read(outcome, job) ?? RETRY;
  const found = outcome.data as FindCoordinatorResponse;
  return found.errorCode === "NONE" ? { kind: "found", coordinatorId: found.nodeId } : RETRY;
}

/** The actor kind "admin". */
export function adminModel(): ActorModel {
  return joinRoles([adminRole()], { oneRequestAtATime: false });
}
