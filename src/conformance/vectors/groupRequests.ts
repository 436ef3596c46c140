/**
 * Kind groupRequests: one request (or the end of a session) against a group as given. A coordinator that is alone in the world
 * answers it: its appends succeed at once, its timers never fall due.
 */
import type { ActorState, Body, Ctx, Message } from "../../sim/engine/types.ts";
import { deleteGroup, groupCoordinator } from "../../sim/kafka/group/coordinator.ts";
import type { GroupPorts } from "../../sim/kafka/group/ports.ts";
import { decideCommit } from "../../sim/kafka/group/requests.ts";
import {
  createGroup,
  type Group,
  type GroupMember,
  type GroupSection,
  type MemberProtocols,
} from "../../sim/kafka/group/state.ts";
import type { GroupState } from "../../sim/kafka/group/states.ts";
import { apiVersion } from "../../sim/kafka/profiles/api-versions.ts";
import { defaultsOf } from "../../sim/kafka/profiles/config.ts";
import type { ApiName } from "../../sim/kafka/protocol/api.ts";
import { topicPartition } from "../../sim/kafka/protocol/ids.ts";
import { joinRoles, sectionOf } from "../../sim/kafka/roles.ts";
import { resume, type Then } from "../../sim/kafka/rpc.ts";
import { rulesOf } from "../../sim/kafka/rules.ts";
import type { KafkaCtx } from "../../sim/kafka/types.ts";
import { compared, statedFields, type VectorKind, type VectorProfile } from "./kind.ts";

interface Snapshot {
  readonly state: GroupState;
  readonly generation: number;
  readonly leader: string;
  readonly members: readonly string[];
  /** Member id by instance id. */
  readonly static: Readonly<Record<string, string>>;
  readonly pending: readonly string[];
}
interface Asked {
  readonly type: string;
  readonly memberId?: string;
  readonly generation?: number;
  readonly instanceId?: string;
  readonly protocolsChanged?: boolean;
  readonly assignmentProvided?: boolean;
}

const GROUP_ID = "g";
const ONE_PARTITION = 1;

export const groupRequestsKind: VectorKind = {
  kind: "groupRequests",
  run: ({ input, expected, profile }) => {
    const { group, request } = input as { group: Snapshot | null; request: Asked };
    return compared(expected, statedFields(expected as object, answerOf(group, request, profile)));
  },
};

interface Answer {
  /** Null while the request waits. */
  readonly error: string | null;
  readonly parked: boolean;
  readonly stateAfter: GroupState | "Dead";
  readonly generationAfter: number;
  readonly newPendingMember: boolean;
  /** The member id that a static member had before it got a new one. */
  readonly replaces: string | null;
}

function answerOf(snapshot: Snapshot | null, asked: Asked, profile: VectorProfile): Answer {
  const world = lonelyCoordinator(profile);
  const before = snapshot === null ? null : groupOf(snapshot);
  if (before !== null) world.section.groups[GROUP_ID] = before;
  const error = world.ask(asked);
  const after = world.section.groups[GROUP_ID];
  const replaced = Object.entries(snapshot?.static ?? {}).find(
    ([instance, memberId]) => after?.staticMembers[instance] !== memberId && after?.members[memberId] === undefined,
  );
  return {
    error,
    parked: error === null,
    stateAfter: after?.state ?? "Dead",
    generationAfter: after?.generationId ?? -1,
    newPendingMember: Object.keys(after?.pendingMembers ?? {}).length > (snapshot?.pending.length ?? 0),
    replaces: replaced?.[1] ?? null,
  };
}

function lonelyCoordinator(profile: VectorProfile): {
  section: GroupSection;
  ask: (asked: Asked) => string | null;
} {
  const ports: GroupPorts = {
    append: (ctx, _name, _batch, _acks, _timeout, then) =>
      resume(ctx, then, { kind: "appended", errorCode: "NONE", baseOffset: 0 } as Then),
    readAll: () => [],
    leaderOf: () => 1,
    partitionCountOf: () => ONE_PARTITION,
    aliveBrokers: () => [1],
    createTopic: () => {},
  };
  const role = groupCoordinator(ports);
  const model = joinRoles([role], { oneRequestAtATime: false });
  const rules = rulesOf(profile);
  const broker = { ...defaultsOf("broker", profile), offsetsTopicNumPartitions: ONE_PARTITION };
  const self: ActorState = {
    id: "b1",
    kind: "broker",
    host: "b1",
    config: { profile, rules, brokerId: 1, broker },
    process: "running",
    incarnation: 1,
    disk: null,
    memory: null,
    timers: {},
    held: [],
  };
  self.memory = model.boot(self);
  const section = sectionOf<GroupSection>(self, "group");
  section.partitions[0] = { status: "owned", leaderEpoch: 0 };
  const replies: Body[] = [];
  const nothing = (): void => {};
  const ctx: Ctx = {
    now: 0,
    self,
    send: nothing,
    reply: (_message, body) => void replies.push(body),
    disconnect: nothing,
    hangUp: nothing,
    setTimer: nothing,
    cancelTimer: nothing,
    random: () => 0,
    note: nothing,
    exit: nothing,
  };
  const ask = (asked: Asked): string | null => {
    if (asked.type === "DeleteGroups") return deleteGroup(ctx as unknown as KafkaCtx, ports, GROUP_ID);
    if (asked.type === "TxnOffsetCommit") {
      // No coordinator of the model takes part in transactions yet; the checks are there.
      const group = section.groups[GROUP_ID] ?? null;
      return decideCommit(group, claimOf(asked), { profile, rules }, true).errorCode;
    }
    if (asked.type === "SessionExpired") {
      const payload = { groupId: GROUP_ID, memberId: asked.memberId ?? "" };
      model.handle(ctx, { kind: "timer", timer: `group-session:${GROUP_ID}/${payload.memberId}`, payload });
      return null;
    }
    model.handle(ctx, { kind: "message", message: messageOf(asked, profile) });
    return errorOf(replies[0]);
  };
  return { section, ask };
}

function protocols(isChanged = false): MemberProtocols {
  const topics = isChanged ? ["t", "more"] : ["t"];
  return [{ name: "range", metadata: { topics, ownedPartitions: [], generationId: -1 } }];
}

function groupOf(snapshot: Snapshot): Group {
  const members: Record<string, GroupMember> = {};
  for (const memberId of snapshot.members) {
    const instance = Object.entries(snapshot.static).find(([, id]) => id === memberId);
    members[memberId] = {
      memberId,
      groupInstanceId: instance?.[0] ?? null,
      clientId: memberId,
      actor: memberId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 300_000,
      protocols: protocols(),
      assignment: [],
      isNew: false,
      lastHeartbeatAt: 0,
      sessionDeadline: null,
      join: null,
      sync: null,
    };
  }
  return {
    ...createGroup(GROUP_ID),
    state: snapshot.state,
    generationId: snapshot.generation,
    protocolType: "consumer",
    protocolName: snapshot.members.length > 0 ? "range" : null,
    leader: snapshot.members.length > 0 ? snapshot.leader : null,
    members,
    pendingMembers: Object.fromEntries(snapshot.pending.map((memberId) => [memberId, 0])),
    staticMembers: { ...snapshot.static },
  };
}

function claimOf(asked: Asked): { memberId: string; generationId: number; groupInstanceId: string | null } {
  return {
    memberId: asked.memberId ?? "",
    generationId: asked.generation ?? -1,
    groupInstanceId: asked.instanceId ?? null,
  };
}

function messageOf(asked: Asked, profile: VectorProfile): Message {
  const api = asked.type as ApiName;
  const claim = { groupId: GROUP_ID, ...claimOf(asked) };
  const timeouts = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 300_000 };
  const offsets = [
    { topicPartition: topicPartition("t", 0), committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: "" },
  ];
  const data = {
    ...claim,
    ...timeouts,
    protocolType: "consumer",
    protocols: protocols(asked.protocolsChanged),
    assignments: asked.assignmentProvided === true ? [{ memberId: claim.memberId, assignment: [] }] : [],
    offsets,
  };
  const body = { kind: api, apiVersion: apiVersion(api, profile), correlationId: 1, clientId: "client", data };
  return { from: "client", to: "b1", connection: "client>b1#1", sentAt: 0, body };
}

function errorOf(reply: Body | undefined): string | null {
  if (reply === undefined) return null;
  const { data } = reply as Body & { data: { errorCode?: string; errors?: readonly { errorCode: string }[] } };
  return data.errorCode ?? data.errors?.[0]?.errorCode ?? null;
}
