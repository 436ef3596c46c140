/**
 * A recorded run of one story on a real cluster: what was done to it, and all that was seen.
 *
 * In Kafka     the evidence is partition state in ZooKeeper, replica logs, client callbacks, ZooKeeper's transaction log and broker logs.
 * Simplified   broker log lines are not checked field by field: nothing is compared with them.
 * Left out     the story's own checks are kept as they are; they explain a trace and are not part of the comparison.
 */
import { isMap } from "../sim/engine/plain.ts";
import { type ClientEvent, clientEventShapes } from "./client-events.ts";
import { describe, type Shape, shapeProblems, type TraceProblem } from "./shapes.ts";
import { type Step, stepShapes } from "./steps.ts";

/** A partition's state znode; `version` is the znode's. */
export interface PartitionState {
  leader: number;
  leader_epoch: number;
  controller_epoch: number;
  isr: number[];
  version: number;
  /** 3.9 after an unclean election. */
  leader_recovery_state?: number;
}

/** What a replica's directory holds: records as "offset:value", their leader epochs, the epoch cache as [epoch, start offset]. */
export interface ReplicaSnapshot {
  log: string[];
  recordEpochs: (number | null)[];
  epochCache: [number, number][];
  highWatermarkCheckpoint?: number | null;
  batches?: unknown[];
}

/** A look at some partitions. `controller` is {id, epoch}; `registered` the ids under /brokers/ids, null when ZooKeeper did not answer. */
export interface Snapshot {
  t: number;
  label: string;
  controller: { id: number | null; epoch: number | null } | null;
  registered: number[] | null;
  partitions: Record<string, { state: PartitionState | null; replicas: Record<string, ReplicaSnapshot> }>;
}

/** A committed ZooKeeper write, in zxid order. `by` names the session: "b1".. a broker, "other" the observer. `data` is the znode's text. */
export interface ZooKeeperWrite {
  t: number;
  op: "create" | "setData" | "delete" | "createSession" | "closeSession";
  by: string;
  zxid?: string;
  path?: string;
  data?: string | null;
  version?: number;
  ephemeral?: boolean;
}

/** A line of a broker's log that says something: kind, what the line's numbers were, the partition where it names one. */
export interface BrokerLogLine {
  t: number;
  broker: number;
  kind: string;
  values: string[];
  partition?: string;
}

/** What is compared: a simulation of the story gives an object of this form too. */
export interface ComparableTrace {
  kafka: string;
  steps: Step[];
  snapshots: Snapshot[];
  clients: ClientEvent[];
  zookeeper: ZooKeeperWrite[];
}

/** How the cluster was set up: counts, and the settings that the story changed. `perBroker` is keyed by broker id. */
export interface ClusterSpec {
  brokers: number;
  zookeeper: number;
  config: Record<string, string | number>;
  perBroker: Record<string, Record<string, string | number>>;
  zookeeperConfig: Record<string, string | number>;
}

/** One run of one story. `failure` says why the story gave up, else null; `hosts` only where brokers advertise names. */
export interface Trace extends ComparableTrace {
  story: string;
  title: string;
  failure: string | null;
  cluster: ClusterSpec;
  brokers: BrokerLogLine[];
  hosts?: Record<string, string>;
  checks?: { t: number; claim: string; expected: unknown; observed: unknown; ok: boolean }[];
}

/** A trace, with remarks on what the reader does not know and kept; or what is wrong with it. */
export type TraceReading =
  | { ok: true; trace: Trace; remarks: TraceProblem[] }
  | { ok: false; problems: TraceProblem[] };

const topShape = { story: "string", title: "string", kafka: "string", failure: "string?", cluster: "object" } as const;
const clusterShape = {
  brokers: "number",
  zookeeper: "number",
  config: "object",
  perBroker: "object",
  zookeeperConfig: "object",
} as const;
const writeShape = { t: "number", op: "string", by: "string", "path?": "string", "data?": "string?" } as const;
const snapshotShape = { t: "number", label: "string", partitions: "object" } as const;
const replicaShape = { log: "strings", recordEpochs: "any", epochCache: "any" } as const;
const stateShape = {
  leader: "number",
  leader_epoch: "number",
  controller_epoch: "number",
  isr: "numbers",
  version: "number",
} as const;

/** "<story>@<version>", the name under which reports and the list of racy observations know a trace. */
export function traceName(trace: Pick<Trace, "story" | "kafka">): string {
  return `${trace.story}@${trace.kafka}`;
}

/**
 * Reads a trace from the text of its file or from parsed JSON. Never throws: whatever is malformed is listed with its place.
 * Operations and events that are not known are kept, with a remark, so that a newer recording can still be compared in part.
 */
export function readTrace(json: unknown): TraceReading {
  let value = json;
  if (typeof json === "string") {
    try {
      value = JSON.parse(json);
    } catch (error) {
      return { ok: false, problems: [{ path: "", message: `is not JSON: ${(error as Error).message}` }] };
    }
  }
  if (!isMap(value))
    return { ok: false, problems: [{ path: "", message: `is ${describe(value)}; a trace is an object` }] };

  const problems = shapeProblems(value, topShape, "trace");
  const remarks: TraceProblem[] = [];
  if (isMap(value.cluster)) problems.push(...shapeProblems(value.cluster, clusterShape, "cluster"));
  const list = (field: string, check: (item: Record<string, unknown>, path: string) => void) =>
    checkList(value, field, problems, check);

  list("steps", (item, path) => checkKind(item, "op", stepShapes, path, problems, remarks));
  list("clients", (item, path) => {
    if (typeof item.host !== "string")
      problems.push({ path: `${path}.host`, message: `is ${describe(item.host)}; a string is expected` });
    checkKind(item, "event", clientEventShapes, path, problems, remarks);
  });
  list("zookeeper", (item, path) => problems.push(...shapeProblems(item, writeShape, path)));
  list("snapshots", (item, path) => checkSnapshot(item, path, problems));
  list("brokers", () => {});

  return problems.length > 0 ? { ok: false, problems } : { ok: true, trace: value as unknown as Trace, remarks };
}

function checkList(
  value: Record<string, unknown>,
  field: string,
  problems: TraceProblem[],
  check: (item: Record<string, unknown>, path: string) => void,
): void {
  const items = value[field];
  if (!Array.isArray(items)) {
    problems.push({ path: field, message: `is ${describe(items)}; a list is expected` });
    return;
  }
  for (const [index, item] of items.entries()) {
    const path = `${field}[${index}]`;
    if (isMap(item)) check(item, path);
    else problems.push({ path, message: `is ${describe(item)}; an object is expected` });
  }
}

/** A step or an event: `t`, its kind, and the fields which that kind has. */
function checkKind(
  item: Record<string, unknown>,
  field: "op" | "event",
  shapes: Readonly<Record<string, Shape>>,
  path: string,
  problems: TraceProblem[],
  remarks: TraceProblem[],
): void {
  const kind = item[field];
  problems.push(...shapeProblems(item, { t: "number", [field]: "string" }, path));
  if (typeof kind !== "string") return;
  const shape = Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  if (shape) problems.push(...shapeProblems(item, shape, `${path} (${kind})`));
  else remarks.push({ path: `${path}.${field}`, message: `${JSON.stringify(kind)} is not known here` });
}

function checkSnapshot(item: Record<string, unknown>, path: string, problems: TraceProblem[]): void {
  problems.push(...shapeProblems(item, snapshotShape, path));
  if (!isMap(item.partitions)) return;
  for (const [name, partition] of Object.entries(item.partitions)) {
    const where = `${path}.partitions.${name}`;
    if (!isMap(partition) || !isMap(partition.replicas)) {
      problems.push({ path: where, message: "is not {state, replicas}" });
      continue;
    }
    if (isMap(partition.state)) problems.push(...shapeProblems(partition.state, stateShape, `${where}.state`));
    for (const [replica, held] of Object.entries(partition.replicas)) {
      if (isMap(held)) problems.push(...shapeProblems(held, replicaShape, `${where}.replicas.${replica}`));
      else
        problems.push({ path: `${where}.replicas.${replica}`, message: `is ${describe(held)}; an object is expected` });
    }
  }
}
