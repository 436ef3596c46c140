/**
 * The smallest world a coordinator can live in: brokers that are only coordinator and log (what one appends is copied to the
 * others), and members that join, sync and send heartbeats as a consumer does.
 */
import { Timeline } from "../../../src/sim/engine/timeline.ts";
import { type Body, type Input, MILLISECOND, type SimTime } from "../../../src/sim/engine/types.ts";
import { createWorld } from "../../../src/sim/engine/world.ts";
import { createEnvironmentModel } from "../../../src/sim/environment/environment.ts";
import { createEnvironment } from "../../../src/sim/environment/types.ts";
import { assignRange } from "../../../src/sim/kafka/client/assignors.ts";
import { forgetOffsetsOf, groupCoordinator, onLeadershipChange } from "../../../src/sim/kafka/group/coordinator.ts";
import { partitionFor } from "../../../src/sim/kafka/group/partitionFor.ts";
import type { GroupPorts, NewTopic } from "../../../src/sim/kafka/group/ports.ts";
import { type Group, groupsAt, OFFSETS_TOPIC } from "../../../src/sim/kafka/group/state.ts";
import { defaultsOf } from "../../../src/sim/kafka/profiles/config.ts";
import type { Profile } from "../../../src/sim/kafka/profiles/profile.ts";
import type { Apis } from "../../../src/sim/kafka/protocol/api.ts";
import type { ErrorName } from "../../../src/sim/kafka/protocol/errors.ts";
import { type TopicPartition, topicPartition } from "../../../src/sim/kafka/protocol/ids.ts";
import type { RecordBatch, UnplacedBatch } from "../../../src/sim/kafka/protocol/records.ts";
import { joinRoles, type Role, sectionOf } from "../../../src/sim/kafka/roles.ts";
import { call, type Outcome, resume, type Then } from "../../../src/sim/kafka/rpc.ts";
import { type RuleName, rulesOf } from "../../../src/sim/kafka/rules.ts";
import type { KafkaCtx } from "../../../src/sim/kafka/types.ts";
import { testActs } from "../../engine/acts.ts";

export const SECOND = 1_000_000;
export const GROUP = "g";
export const PARTITIONS = 3;
export const HOME = topicPartition(OFFSETS_TOPIC, partitionFor(GROUP, PARTITIONS));
/** One way over the network. */
export const LINK = 1_000;
const REPLICATION = 2 * MILLISECOND;

interface Disk {
  log: RecordBatch[];
}
interface Door {
  leader: number | null;
  hasTopic: boolean;
  alive: number[];
  created: NewTopic[];
  /** Appends come back with this error; null: they succeed. */
  failing: ErrorName | null;
  /** Appends that wait for the other copies, by a number of their own. */
  waiting: Record<string, { then: Then; batch: UnplacedBatch }>;
  next: number;
}

const doorOf = (ctx: KafkaCtx): Door => sectionOf<Door>(ctx.self, "door");
const diskOf = (ctx: KafkaCtx): Disk => ctx.self.disk as Disk;

function place(log: RecordBatch[], batch: UnplacedBatch): RecordBatch {
  const baseOffset = (log.at(-1)?.lastOffset ?? -1) + 1;
  return { ...batch, baseOffset, lastOffset: baseOffset + batch.records.length - 1, partitionLeaderEpoch: 0 };
}

const ports: GroupPorts = {
  append(ctx, _name, batch, _acks, _timeout, then) {
    const door = doorOf(ctx);
    if (door.failing !== null) {
      resume(ctx, then, { kind: "appended", errorCode: door.failing, baseOffset: -1 } as Then);
      return;
    }
    door.waiting[door.next] = { then, batch };
    ctx.setTimer(`replicated:${door.next}`, REPLICATION, door.next);
    door.next += 1;
  },
  readAll: (ctx) => diskOf(ctx).log,
  leaderOf: (ctx) => doorOf(ctx).leader,
  partitionCountOf: (ctx, topic) => (topic === OFFSETS_TOPIC ? (doorOf(ctx).hasTopic ? PARTITIONS : null) : 4),
  aliveBrokers: (ctx) => doorOf(ctx).alive,
  createTopic(ctx, topic, then) {
    doorOf(ctx).created.push(topic);
    resume(ctx, then, { kind: "topic-created", errorCode: "NONE" } as Then);
  },
};

type Command = Body & Readonly<Record<string, unknown>>;

const door: Role = {
  name: "door",
  init: (): Door => ({ leader: 1, hasTopic: true, alive: [1, 2], created: [], failing: null, waiting: {}, next: 0 }),
  messages: {
    copy: (ctx, body) => {
      diskOf(ctx).log.push((body as Body & { batch: RecordBatch }).batch);
    },
  },
  timers: {
    replicated: (ctx: KafkaCtx, n: number) => {
      const door = doorOf(ctx);
      const { then, batch } = door.waiting[n]!;
      delete door.waiting[n];
      if (door.failing !== null) {
        resume(ctx, then, { kind: "appended", errorCode: door.failing, baseOffset: -1 } as Then);
        return;
      }
      const placed = place(diskOf(ctx).log, batch);
      diskOf(ctx).log.push(placed);
      for (const other of ["b1", "b2"]) {
        if (other !== ctx.self.id) ctx.send(other, "copy", { kind: "copy", batch: placed } as Body);
      }
      resume(ctx, then, { kind: "appended", errorCode: "NONE", baseOffset: placed.baseOffset } as Then);
    },
  },
  commands: {
    lead: (ctx: KafkaCtx, { role }: { role: "leader" | "follower" }) => onLeadershipChange(ctx, HOME, role, 0),
    deleted: (ctx: KafkaCtx, { partitions }: { partitions: TopicPartition[] }) =>
      forgetOffsetsOf(ctx, ports, partitions),
    door: (ctx: KafkaCtx, { set }: { set: Partial<Door> }) => void Object.assign(doorOf(ctx), set),
  },
};

/** What a member knows, and what it was told so far. */
export interface MemberMemory {
  memberId: string;
  generationId: number;
  coordinator: string;
  /** Until then its application works, and does not poll. */
  busyUntil: SimTime;
  wantsToJoin: boolean;
  isJoining: boolean;
  answers: { readonly at: SimTime; readonly api: string; readonly errorCode: string; readonly data: unknown }[];
}

export interface MemberConfig {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly groupInstanceId: string | null;
  readonly protocols: readonly string[];
}
const DEFAULT_MEMBER: MemberConfig = {
  sessionTimeoutMs: 6000,
  rebalanceTimeoutMs: 60_000,
  groupInstanceId: null,
  protocols: ["range"],
};
const configOf = (ctx: KafkaCtx): MemberConfig => (ctx.self.config as unknown as { member: MemberConfig }).member;

function send<A extends keyof Apis>(ctx: KafkaCtx, api: A, data: Apis[A]["request"]): void {
  const { coordinator } = memory(ctx);
  call(ctx, coordinator, "coordinator", api, data, { kind: "answered" }, null);
}
const memory = (ctx: KafkaCtx): MemberMemory => sectionOf<MemberMemory>(ctx.self, "member");

function join(ctx: KafkaCtx): void {
  const own = memory(ctx);
  const { protocols, ...config } = configOf(ctx);
  own.isJoining = true;
  own.wantsToJoin = false;
  send(ctx, "JoinGroup", {
    groupId: GROUP,
    memberId: own.memberId,
    protocolType: "consumer",
    ...config,
    protocols: protocols.map((name) => ({
      name,
      metadata: { topics: ["t"], ownedPartitions: [] as TopicPartition[], generationId: -1 },
    })),
  });
}

const claim = (ctx: KafkaCtx) => {
  const { memberId, generationId } = memory(ctx);
  return { groupId: GROUP, memberId, generationId, groupInstanceId: configOf(ctx).groupInstanceId };
};

function onAnswer(ctx: KafkaCtx, _then: Then, outcome: Outcome): void {
  const own = memory(ctx);
  if (outcome.kind !== "answer") return;
  const data = outcome.data as { errorCode?: string; errors?: { errorCode: string }[] };
  const errorCode = data.errorCode ?? data.errors?.[0]?.errorCode ?? "";
  own.answers.push({ at: ctx.now, api: outcome.api, errorCode, data });
  if (outcome.api === "JoinGroup") onJoined(ctx, outcome.data as Apis["JoinGroup"]["response"]);
  if (outcome.api === "SyncGroup") {
    own.isJoining = false;
    if (errorCode !== "NONE") own.wantsToJoin = true;
  }
  if (outcome.api === "Heartbeat" && errorCode !== "NONE") {
    own.wantsToJoin = true;
    if (errorCode === "UNKNOWN_MEMBER_ID") own.memberId = "";
  }
}

function onJoined(ctx: KafkaCtx, data: Apis["JoinGroup"]["response"]): void {
  const own = memory(ctx);
  if (data.errorCode === "MEMBER_ID_REQUIRED") {
    own.memberId = data.memberId;
    join(ctx);
    return;
  }
  if (data.errorCode !== "NONE") {
    own.isJoining = false;
    return;
  }
  own.memberId = data.memberId;
  own.generationId = data.generationId;
  const dealt =
    data.leader === data.memberId
      ? assignRange({ members: data.members, partitionCounts: { t: 4 }, profile: ctx.self.config.profile })
      : {};
  const assignments = Object.entries(dealt).map(([memberId, assignment]) => ({ memberId, assignment }));
  send(ctx, "SyncGroup", { ...claim(ctx), assignments });
  ctx.setTimer("heartbeat", SECOND);
}

const member: Role = {
  name: "member",
  init: (): MemberMemory => ({
    memberId: "",
    generationId: -1,
    coordinator: "b1",
    busyUntil: 0,
    wantsToJoin: false,
    isJoining: false,
    answers: [],
  }),
  then: { answered: onAnswer },
  timers: {
    heartbeat: (ctx) => {
      if (!memory(ctx).isJoining) send(ctx, "Heartbeat", claim(ctx));
      ctx.setTimer("heartbeat", SECOND);
    },
    poll: (ctx) => {
      const own = memory(ctx);
      if (own.wantsToJoin && !own.isJoining && own.busyUntil <= ctx.now) join(ctx);
      ctx.setTimer("poll", 100 * MILLISECOND);
    },
  },
  commands: {
    join: (ctx) => {
      memory(ctx).wantsToJoin = true;
      join(ctx);
      ctx.setTimer("poll", 100 * MILLISECOND);
    },
    busy: (ctx: KafkaCtx, { until }: { until: SimTime }) => {
      memory(ctx).busyUntil = until;
    },
    silent: (ctx) => {
      ctx.cancelTimer("heartbeat");
      ctx.cancelTimer("poll");
    },
    coordinator: (ctx: KafkaCtx, { to }: { to: string }) => {
      memory(ctx).coordinator = to;
    },
    ask: (ctx: KafkaCtx, { api, data }: { api: "Heartbeat"; data: object }) =>
      send(ctx, api, { ...claim(ctx), ...data }),
  },
};

const model = {
  actors: {
    broker: joinRoles([groupCoordinator(ports), door], { oneRequestAtATime: true }),
    consumer: joinRoles([member], { oneRequestAtATime: false }),
  },
  environment: createEnvironmentModel(testActs),
};

type Act = Body & { who: string; command?: Command };

/** Something done to one actor at a time in seconds. */
export function at(seconds: number, kind: string, who: string): Input {
  return { at: seconds * SECOND, nth: 0, act: { kind, who } as Act };
}
/** A command to an actor at a time in seconds. */
export function tell(seconds: number, who: string, command: Command): Input {
  return { at: seconds * SECOND, nth: 0, act: { kind: "command", who, command } as Act };
}
export function ask(seconds: number, who: string, api: string, data: object = {}): Input {
  return tell(seconds, who, { kind: "ask", api, data });
}
export function joins(seconds: number, who: string): Input {
  return tell(seconds, who, { kind: "join" });
}
/** A commit of `t-0` with what the member believes to be its generation. */
export function commits(seconds: number, who: string, committedOffset: number, data: object = {}): Input {
  const offsets = [
    { topicPartition: topicPartition("t", 0), committedOffset, committedLeaderEpoch: 0, committedMetadata: "" },
  ];
  return ask(seconds, who, "OffsetCommit", { offsets, ...data });
}

export interface Options {
  readonly profile?: Profile;
  readonly without?: readonly RuleName[];
  /** Milliseconds; 0 unless a test is about it. */
  readonly initialDelay?: number;
  readonly maxSize?: number;
  readonly members?: Readonly<Record<string, Partial<MemberConfig>>>;
  /** Whether b1 leads the group's partition from the start. */
  readonly leads?: boolean;
}

/** A run with brokers b1 (coordinator, ready at 1 s) and b2, and members m1, m2, m3, until `seconds`. */
export function play(seconds: number, inputs: readonly Input[], options: Options = {}): Played {
  const { profile = "2.1", without = [], initialDelay = 0, members = {}, leads = true } = options;
  const broker = { ...defaultsOf("broker", profile), offsetsTopicNumPartitions: PARTITIONS };
  broker.groupInitialRebalanceDelayMs = initialDelay;
  broker.groupMaxSize = options.maxSize ?? broker.groupMaxSize;
  const rules = rulesOf(profile, without);
  const brokers = ["b1", "b2"].map((id, index) => ({
    id,
    kind: "broker",
    host: id,
    config: { profile, rules, brokerId: index + 1, broker },
    disk: { log: [] } satisfies Disk,
  }));
  const consumers = ["m1", "m2", "m3"].map((id) => ({
    id,
    kind: "consumer",
    host: id,
    config: { profile, rules, member: { ...DEFAULT_MEMBER, ...members[id] } },
    disk: {},
  }));
  const world = createWorld(
    "seed",
    [...brokers, ...consumers],
    createEnvironment({ delay: LINK, jitter: 0, lossPerMille: 0 }),
  );
  const starts = ["b1", "b2", "m1", "m2", "m3"].map((id) => at(0, "start", id));
  const lead = leads ? [tell(0.5, "b1", { kind: "lead", role: "leader" })] : [];
  const timeline = new Timeline(model, world, [...starts, ...lead, ...inputs], []);
  timeline.advance(seconds * SECOND);
  if (timeline.failure !== null) throw new Error(timeline.failure.message);
  return new Played(timeline);
}

/** What came of a run, and ways to ask. */
export class Played {
  readonly timeline: Timeline;
  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }
  /** Facts of that kind, with their times in seconds. */
  facts(kind: string): (Record<string, unknown> & { at: number; actor: string })[] {
    return [...this.timeline.trace.facts]
      .filter((entry) => entry.fact.kind === kind)
      .map(({ at: when, actor, fact }) => ({ ...fact, at: when / SECOND, actor }));
  }
  member(id: string): MemberMemory {
    return sectionOf<MemberMemory>(this.timeline.head.world.actors[id]!, "member");
  }
  /** Error codes that a member was answered to requests of one kind, in order. */
  errors(id: string, api: string): string[] {
    return this.member(id)
      .answers.filter((answer) => answer.api === api)
      .map((answer) => answer.errorCode);
  }
  /** Times in seconds at which a member's JoinGroups were answered with a generation. */
  joinedAt(id: string): number[] {
    return this.member(id)
      .answers.filter((answer) => answer.api === "JoinGroup" && answer.errorCode === "NONE")
      .map((answer) => answer.at / SECOND);
  }
  group(broker = "b1"): Group | undefined {
    return groupsAt(this.timeline.head.world.actors[broker]!)[GROUP];
  }
  door(broker = "b1"): Door {
    return sectionOf<Door>(this.timeline.head.world.actors[broker]!, "door");
  }
  log(broker = "b1"): RecordBatch[] {
    return (this.timeline.head.world.actors[broker]!.disk as Disk).log;
  }
  /** Partitions by client id, as the coordinator has them. */
  assignment(broker = "b1"): Record<string, readonly string[]> {
    return Object.fromEntries(
      Object.values(this.group(broker)?.members ?? {}).map((one) => [one.clientId, one.assignment]),
    );
  }
}
