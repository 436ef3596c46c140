/**
 * Work in several steps, as plain data: a task is a stack of procedures, each at some step, waiting for ZooKeeper.
 *
 * In Kafka     the blocking calls of the controller's event thread (KafkaZkClient.retryRequestsUntilConnected), and of the
 *              request handler threads for CreateTopics.
 *
 * A step returns what comes next: operations for ZooKeeper (sent together, the results come to the named step), a call of
 * another procedure (its value comes to the named step), the next step, or the end.
 */
import { must } from "../../engine/assert.ts";
import type { ZkOp, ZkResult, ZkWriteOp } from "../protocol/zookeeper.ts";
import type { Outcome, Then } from "../rpc.ts";
import { type ControllerCtx, type ControllerPorts, controllerOf } from "./state.ts";

/** Name of the task that works off the current event. */
export const EVENT = "event";

/** Data of a procedure between its steps; plain JSON, changed in place. */
// biome-ignore lint/suspicious/noExplicitAny: each procedure states the type of its own locals.
type Locals = any;

export interface Frame {
  readonly procedure: string;
  step: string;
  readonly locals: Record<string, unknown>;
}

export interface Task {
  readonly id: number;
  readonly stack: Frame[];
  /** Operations under way, whose results are gathered in their order. */
  batch: { readonly id: number; readonly fenced: boolean; left: number; results: (ZkResult | null)[] } | null;
}

export type Next =
  | { readonly next: "zk"; readonly ops: readonly ZkOp[]; readonly fenced: boolean; readonly step: string }
  | {
      readonly next: "call";
      readonly procedure: string;
      readonly locals: Record<string, unknown>;
      readonly step: string;
    }
  | { readonly next: "go"; readonly step: string }
  | { readonly next: "done"; readonly value: unknown };

/** Steps by name; the first one is `start`. `input` is what the step before asked for. */
export type Procedure = Readonly<Record<string, (ctx: ControllerCtx, locals: Locals, input: never) => Next>>;

export interface ZkThen extends Then {
  readonly kind: "controller-zk";
  readonly task: string;
  readonly batch: number;
  readonly index: number;
}

/**
 * How a task ended: with a value, because a write found that another controller was elected, or because the session is over, in
 * which nothing can be asked any more.
 */
export type TaskEnd = { readonly how: "done"; readonly value: unknown } | { readonly how: "moved" | "expired" };

export interface Tasks {
  start(ctx: ControllerCtx, name: string, procedure: string, locals: Readonly<Record<string, unknown>>): void;
  onResult(ctx: ControllerCtx, then: ZkThen, outcome: Outcome): void;
}

/** Reads, or writes of anybody. */
export function zk(ops: readonly ZkOp[], step: string): Next {
  return { next: "zk", ops, fenced: false, step };
}

/**
 * Writes of a controller. Since 2.1 each checks that /controller_epoch has not moved on, so that a deposed controller can do no
 * harm; if it has, the task ends.
 */
export function fencedZk(ops: readonly ZkWriteOp[], step: string): Next {
  return { next: "zk", ops, fenced: true, step };
}

export function callTo(procedure: string, locals: Record<string, unknown>, step: string): Next {
  return { next: "call", procedure, locals, step };
}

export function go(step: string): Next {
  return { next: "go", step };
}

export function done(value: unknown = null): Next {
  return { next: "done", value };
}

/** Runs tasks made of `procedures`; `onEnd` is told when one is over. */
export function taskRunner(
  ports: ControllerPorts,
  procedures: Readonly<Record<string, Procedure>>,
  onEnd: (ctx: ControllerCtx, name: string, end: TaskEnd) => void,
): Tasks {
  function run(ctx: ControllerCtx, name: string, task: Task, first: unknown): void {
    const memory = controllerOf(ctx);
    let input = first;
    for (;;) {
      const frame = must(task.stack.at(-1), `frame of task ${name}`);
      const procedure = must(procedures[frame.procedure], `procedure ${frame.procedure}`);
      const step = must(procedure[frame.step], `step ${frame.step} of ${frame.procedure}`);
      const next = step(ctx, frame.locals, input as never);
      // A step that resigned, or stopped the role, has ended its own task.
      if (memory.tasks[name] !== task) return;
      input = null;
      if (next.next === "go") frame.step = next.step;
      else if (next.next === "call") {
        frame.step = next.step;
        task.stack.push({ procedure: next.procedure, step: "start", locals: next.locals });
      } else if (next.next === "zk") {
        frame.step = next.step;
        input = [];
        if (next.ops.length > 0) {
          send(ctx, name, task, next.ops, next.fenced);
          return;
        }
      } else {
        task.stack.pop();
        input = next.value;
        if (task.stack.length === 0) {
          delete memory.tasks[name];
          onEnd(ctx, name, { how: "done", value: next.value });
          return;
        }
      }
    }
  }

  function send(ctx: ControllerCtx, name: string, task: Task, ops: readonly ZkOp[], isWrite: boolean): void {
    const memory = controllerOf(ctx);
    const fenced = isWrite && ctx.self.config.rules.controllerWritesAreFenced;
    const batch = { id: memory.nextId, fenced, left: ops.length, results: ops.map(() => null) };
    memory.nextId += 1;
    task.batch = batch;
    ops.forEach((op, index) => {
      const then: ZkThen = { kind: "controller-zk", task: name, batch: batch.id, index };
      ports.zkRequest(ctx, fenced ? withFence(op as ZkWriteOp, memory.epochZkVersion) : op, then);
    });
  }

  return {
    start(ctx, name, procedure, locals) {
      const memory = controllerOf(ctx);
      const task: Task = {
        id: memory.nextId,
        stack: [{ procedure, step: "start", locals: { ...locals } }],
        batch: null,
      };
      memory.nextId += 1;
      memory.tasks[name] = task;
      run(ctx, name, task, null);
    },
    onResult(ctx, then, outcome) {
      const memory = controllerOf(ctx);
      const task = memory.tasks[then.task];
      // The task it belonged to was given up.
      if (task === undefined || task.batch?.id !== then.batch || outcome.kind !== "answer") return;
      const { batch } = task;
      batch.results[then.index] = outcome.data as ZkResult;
      batch.left -= 1;
      if (batch.left > 0) return;
      task.batch = null;
      const results = batch.results as ZkResult[];
      const how = cutShort(then.task, batch.fenced, results);
      if (how !== null) {
        delete memory.tasks[then.task];
        onEnd(ctx, then.task, { how });
        return;
      }
      run(ctx, then.task, task, batch.fenced ? results.map(withoutFence) : results);
    },
  };
}

function withFence(op: ZkWriteOp, version: number): ZkOp {
  return { op: "multi", ops: [{ op: "check", path: "/controller_epoch", version }, op] };
}

/** Why a task cannot go on after these results; null: it can. A request handler's task hears of the end of a session itself. */
function cutShort(task: string, fenced: boolean, results: readonly ZkResult[]): "moved" | "expired" | null {
  if (task === EVENT && results.some(({ error }) => error === "SESSIONEXPIRED")) return "expired";
  return fenced && results.some(isFenced) ? "moved" : null;
}

/** Whether the check in front of the write failed: another controller has been elected. */
function isFenced(result: ZkResult): boolean {
  const check = result.results?.[0];
  return check !== undefined && check.error !== "OK";
}

/** The result of the write behind its check. */
function withoutFence(result: ZkResult): ZkResult {
  return result.results?.[1] ?? result;
}
