/** Messages on their way as the canvas shows them: family, words, place between the two ends. Pure. */
import type { MessageNow, World } from "../../../sim/index.ts";
import type { Family } from "../../theme/shapes.ts";
import type { MessageView } from "./model.ts";

const groupApis = [
  "FindCoordinator",
  "JoinGroup",
  "SyncGroup",
  "Heartbeat",
  "LeaveGroup",
  "OffsetCommit",
  "OffsetFetch",
];
/** What says only "I am here". Votes and ticks inside the ensemble count too. */
const heartbeats = ["ZkPing", "ZkPingResponse", "Heartbeat", "HeartbeatResponse", "ApiVersions", "ApiVersionsResponse"];

const words: Readonly<Record<string, string>> = {
  Metadata: "who leads?",
  FindCoordinator: "who coordinates?",
  JoinGroup: "join",
  SyncGroup: "sync",
  LeaveGroup: "leave",
  LeaderAndIsr: "lead or follow",
  UpdateMetadata: "metadata",
  StopReplica: "stop replica",
  AlterPartition: "ISR change",
  ControlledShutdown: "may I stop?",
  OffsetsForLeaderEpoch: "epoch end?",
  InitProducerId: "producer id?",
};

/** The messages at `time`, in the order of arrival. */
export function messageViews(messages: readonly MessageNow[], world: World, time: number): MessageView[] {
  return messages.map(({ id, message, isResponse, sentAt, arrivesAt, held }) => {
    const { from, to, body } = message;
    const api = body.kind.replace(/Response$/, "");
    const label = labelOf(api, isResponse, body);
    const isInside = world.actors[from]?.kind === "zookeeper" && world.actors[to]?.kind === "zookeeper";
    return {
      id,
      family: familyOf(api, isResponse ? to : from, world),
      from,
      to,
      response: isResponse,
      error: isResponse && hasError(body),
      heartbeat: isInside || heartbeats.includes(body.kind) || isIdleFetch(api, isResponse, body),
      progress: held === "cut" ? 0.5 : progressAt(time, sentAt, arrivesAt),
      ...(label === null ? {} : { label }),
      ...(held === "cut" ? { atCut: true } : {}),
      ...(held === null ? {} : { held: held === "cut" ? "the link is cut" : `${to} is paused` }),
    };
  });
}

/** (time − sentAt) / (arrivesAt − sentAt), kept within 0..1. */
function progressAt(time: number, sentAt: number, arrivesAt: number | null): number {
  if (arrivesAt === null || arrivesAt <= sentAt) return 1;
  return Math.min(1, Math.max(0, (time - sentAt) / (arrivesAt - sentAt)));
}

/** `asker` is who sent the request. */
function familyOf(api: string, asker: string, world: World): Family {
  const kind = world.actors[asker]?.kind;
  if (api === "Produce") return "produce";
  if (api === "Fetch" || api === "ListOffsets") return kind === "broker" ? "replica" : "fetch";
  if (api === "OffsetsForLeaderEpoch") return "replica";
  if (groupApis.includes(api)) return "group";
  return api.startsWith("Zk") || kind === "zookeeper" ? "ensemble" : "control";
}

/** The fields of request and response bodies that are shown; every API has some of them. */
interface Loose {
  readonly data?: {
    readonly errorCode?: string;
    readonly error?: string;
    readonly responses?: readonly { readonly errorCode?: string; readonly records?: readonly LooseBatch[] }[];
    readonly partitionData?: readonly { readonly records?: LooseBatch }[];
    readonly offsets?: readonly { readonly committedOffset?: number }[];
  };
}

interface LooseBatch {
  readonly records?: readonly { readonly tag: string | null }[];
}

function hasError(body: unknown): boolean {
  const data = (body as Loose).data;
  const codes = [data?.errorCode, data?.error, ...(data?.responses ?? []).map(({ errorCode }) => errorCode)];
  return codes.some((code) => code !== undefined && code !== "NONE" && code !== "OK");
}

/** The answer to a fetch that brings nothing. */
function isIdleFetch(api: string, isResponse: boolean, body: unknown): boolean {
  return api === "Fetch" && isResponse && tagsIn(body).length === 0 && !hasError(body);
}

/** Names of the records in a message: `r20`. */
function tagsIn(body: unknown): string[] {
  const data = (body as Loose).data;
  const batches = [
    ...(data?.responses ?? []).flatMap(({ records }) => records ?? []),
    ...(data?.partitionData ?? []).map(({ records }) => records),
  ];
  const records = batches.flatMap((batch) => batch?.records ?? []);
  return records.flatMap(({ tag }) => (tag === null ? [] : [recordName(tag)]));
}

/** `p1:20` → `r20`. */
export function recordName(tag: string): string {
  return `r${tag.slice(tag.lastIndexOf(":") + 1)}`;
}

function labelOf(api: string, isResponse: boolean, body: unknown): string | null {
  const tags = tagsIn(body);
  const [first, last] = [tags[0], tags.at(-1)];
  if (first !== undefined) return first === last ? first : `${first}–${last}`;
  if (isResponse) return null;
  if (api === "OffsetCommit") {
    const offset = (body as Loose).data?.offsets?.[0]?.committedOffset;
    return offset === undefined ? "commit" : `commit ${offset}`;
  }
  return words[api] ?? null;
}
