/** How an operation by hand is answered: done, a value, or what it threw. */
import { clientException } from "../client/exceptions.ts";
import type { ConsumerCommand, ConsumerCtx } from "./state.ts";

export function tagOf(command: ConsumerCommand): { tag?: string } {
  return command.tag === undefined ? {} : { tag: command.tag };
}

export function done(ctx: ConsumerCtx, command: ConsumerCommand): void {
  ctx.note({ kind: "client-done", op: command.kind, ...tagOf(command) });
}

export function value(ctx: ConsumerCtx, command: ConsumerCommand, found: unknown): void {
  ctx.note({ kind: "client-value", op: command.kind, ...tagOf(command), value: found });
}

export function fails(ctx: ConsumerCtx, command: ConsumerCommand, exception: string, message: string): void {
  ctx.note({ kind: "client-error", op: command.kind, ...tagOf(command), exception, message });
}

/** A consumer that closed or was abandoned carries nothing out any more. */
export function refuse(ctx: ConsumerCtx, command: ConsumerCommand): void {
  const { exception, message } = clientException(
    "IllegalStateException",
    `${ctx.self.id} is closed, abandoned or was never opened`,
  );
  fails(ctx, command, exception, message);
}
