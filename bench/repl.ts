/**
 * *repl*: five servers replicate a log with timers and heartbeats, tiny handlers. The engine's own benchmark model: the
 * leader appends on a timer and sends to four followers, which append and answer; heartbeats run beside it.
 */
import type {
  ActorModel,
  ActorState,
  Body,
  Ctx,
  Environment,
  Kernel,
  Message,
  Model,
  World,
} from "../src/sim/engine/types.ts";
import { createWorld } from "../src/sim/engine/world.ts";

interface Append extends Body {
  readonly kind: "append" | "appended" | "heartbeat";
  readonly offset: number;
}
interface Disk {
  log: number[];
  acked: Record<string, number>;
  committed: number;
}

const SERVERS = ["s1", "s2", "s3", "s4", "s5"];

const server: ActorModel = {
  boot: () => ({}),
  handle(ctx: Ctx, trigger) {
    const disk = ctx.self.disk as Disk;
    if (trigger.kind === "message") {
      const body = trigger.message.body as Append;
      if (body.kind === "append") {
        if (disk.log.length > 64) disk.log.length = 0;
        disk.log.push(body.offset);
        ctx.reply(trigger.message, { kind: "appended", offset: body.offset } as Append);
      } else if (body.kind === "appended") {
        disk.acked[trigger.message.from] = body.offset;
        let behind = 0;
        for (const follower in disk.acked) if ((disk.acked[follower] as number) < body.offset) behind += 1;
        if (behind <= 2 && body.offset > disk.committed) disk.committed = body.offset;
      }
    } else if (trigger.kind === "timer" && trigger.timer === "produce") {
      disk.log.length = 0;
      const offset = disk.committed + 1;
      for (const follower of SERVERS)
        if (follower !== "s1") ctx.send(follower, "", { kind: "append", offset } as Append);
      ctx.setTimer("produce", 400);
    } else {
      if (trigger.kind === "signal" && ctx.self.id === "s1") ctx.setTimer("produce", 400);
      if (ctx.self.id !== "s1") ctx.send("s1", "", { kind: "heartbeat", offset: 0 } as Append);
      ctx.setTimer("heartbeat", 1_000 + ctx.random("heartbeat", 64));
    }
  },
};

function deliver(kernel: Kernel, from: string, to: string, body: Body): void {
  const message: Message = { from, to, connection: "", sentAt: kernel.now, body };
  kernel.schedule(kernel.now + 150, to, { kind: "message", message });
}

const network: Environment = {
  send: (kernel, from, to, _channel, body) => deliver(kernel, from.id, to, body),
  reply: (kernel, from, message, body) => deliver(kernel, from.id, message.from, body),
  disconnect: () => {},
  hangUp: () => {},
  exit: () => {},
  admit: () => "run",
  onEvent: () => {},
  onInput(kernel) {
    for (const id of SERVERS) {
      const actor = kernel.world.actors[id] as ActorState;
      actor.process = "running";
      actor.memory = {};
      kernel.schedule(kernel.now, id, { kind: "signal", signal: "start" });
    }
  },
};

export const repl: Model = { actors: { server }, environment: network };

export function replWorld(): World {
  const spec = (id: string) => ({
    id,
    kind: "server",
    host: id,
    config: null,
    disk: { log: [], acked: {}, committed: 0 },
  });
  return createWorld("bench", SERVERS.map(spec), null);
}

export const START = { at: 0, nth: 0, act: { kind: "start" } };
