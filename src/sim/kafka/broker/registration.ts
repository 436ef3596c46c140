/**
 * The broker's znode: /brokers/ids/N, which says that the broker is alive. The transaction that made it is the broker epoch.
 *
 * In Kafka     KafkaZkClient.registerBroker, CheckedEphemeral; ZkUtils.registerBrokerInZk (0.10).
 *
 * A znode that exists already:
 *   of the own session                     the write had succeeded unheard: registered
 *   of another session, first registration the process ends (restarted before its old session expired)
 *   of the own earlier session             3.9 deletes it and tries again; 2.1 and 0.10 stay unregistered
 */
import { type Delay, MILLISECOND } from "../../engine/types.ts";
import type { Profile } from "../profiles/profile.ts";
import type { ZkOp } from "../protocol/zookeeper.ts";
import type { Outcome, Then } from "../rpc.ts";
import { say } from "./facts.ts";
import type { BrokerPorts } from "./ports.ts";
import { reserveAtStart } from "./producerIds.ts";
import { type BrokerCtx, brokerOf, diskOf } from "./state.ts";
import { rereadConfigs } from "./topicConfig.ts";
import { zkResultOf } from "./zk.ts";

const PORT = 9092;
/** How long a process takes to end whose registration was refused. */
const END_AFTER_REFUSAL: Readonly<Record<Profile, Delay>> = {
  "0.10": 2500 * MILLISECOND,
  "2.1": 600 * MILLISECOND,
  "3.9": 600 * MILLISECOND,
};
const REFUSED_TIMER = "registration-refused";

interface RegisterThen extends Then {
  readonly kind: "broker.register";
  readonly step: "create" | "look" | "delete";
  readonly session: number;
}

/** Creates the znode in the current session. */
export function register(ctx: BrokerCtx, ports: BrokerPorts): void {
  const memory = brokerOf(ctx);
  if (memory.phase !== "running" || !memory.hasSession) return;
  const path = pathOf(ctx);
  const { profile } = ctx.self.config;
  const create = { op: "create", path, ephemeral: true, sequential: false } as const;
  const op: ZkOp =
    profile === "3.9"
      ? {
          op: "multi",
          ops: [
            { ...create, data: null },
            { op: "setData", path, data: znodeData(ctx), version: 0 },
          ],
        }
      : { ...create, data: znodeData(ctx) };
  const then: RegisterThen = { kind: "broker.register", step: "create", session: ports.zkSessionId(ctx) };
  ports.zkRequest(ctx, op, then);
}

function pathOf(ctx: BrokerCtx): string {
  return `/brokers/ids/${ctx.self.config.brokerId}`;
}

function znodeData(ctx: BrokerCtx): Record<string, unknown> {
  const { profile, rack } = ctx.self.config;
  const host = ctx.self.id;
  const data: Record<string, unknown> = {
    version: profile === "3.9" ? 5 : 4,
    host,
    port: PORT,
    endpoints: [`PLAINTEXT://${host}:${PORT}`],
    jmx_port: -1,
    timestamp: String(Math.floor(ctx.now / MILLISECOND)),
  };
  if (rack !== null) data.rack = rack;
  if (profile !== "0.10") data.listener_security_protocol_map = { PLAINTEXT: "PLAINTEXT" };
  if (profile === "3.9") data.features = {};
  return data;
}

function onRegister(ctx: BrokerCtx, ports: BrokerPorts, then: RegisterThen, outcome: Outcome): void {
  const memory = brokerOf(ctx);
  const result = zkResultOf(outcome);
  // Another session has begun meanwhile, or none exists: its own registration follows.
  if (memory.phase !== "running" || result.error === "SESSIONEXPIRED" || then.session !== ports.zkSessionId(ctx))
    return;
  switch (then.step) {
    case "create":
      if (result.error === "OK") registered(ctx, ports, then.session, result.zxid);
      else {
        const look: RegisterThen = { ...then, step: "look" };
        ports.zkRequest(ctx, { op: "exists", path: pathOf(ctx), watch: false }, look);
      }
      break;
    case "look": {
      const { stat } = result;
      if (result.error === "NONODE" || stat === undefined) register(ctx, ports);
      else if (stat.ephemeralOwner === then.session) registered(ctx, ports, then.session, stat.czxid);
      else if (ctx.self.config.profile === "3.9" && stat.ephemeralOwner === memory.registeredSession) {
        const remove: RegisterThen = { ...then, step: "delete" };
        ports.zkRequest(ctx, { op: "delete", path: pathOf(ctx), version: -1 }, remove);
      } else refused(ctx);
      break;
    }
    case "delete":
      register(ctx, ports);
      break;
  }
}

function registered(ctx: BrokerCtx, ports: BrokerPorts, session: number, brokerEpoch: number): void {
  const memory = brokerOf(ctx);
  const isFirst = memory.registeredSession === 0;
  memory.registered = true;
  memory.registeredSession = session;
  memory.brokerEpoch = brokerEpoch;
  say(ctx, { kind: "broker-registered", brokerEpoch, reason: isFirst ? "process-started" : "session-expired" });
  if (isFirst) reserveAtStart(ctx, ports);
  else rereadConfigs(ctx, ports);
  if (ctx.self.config.profile !== "0.10") ports.startController(ctx);
}

function refused(ctx: BrokerCtx): void {
  const memory = brokerOf(ctx);
  const exits = memory.registeredSession === 0;
  const reason = "the znode of an earlier session still exists (NodeExists)";
  say(ctx, { kind: "broker-registration-refused", reason, exits });
  if (!exits) return;
  memory.phase = "stopping";
  ctx.setTimer(REFUSED_TIMER, END_AFTER_REFUSAL[ctx.self.config.profile]);
}

/** The logs were loaded and not written to: they are closed cleanly. */
function onRefusedEnd(ctx: BrokerCtx, ports: BrokerPorts): void {
  diskOf(ctx).cleanShutdown = true;
  ports.onShutdown(ctx);
  ports.zkClose(ctx, { kind: "broker.refused-closed" });
}

export function registrationTimers(ports: BrokerPorts) {
  return { [REFUSED_TIMER]: (ctx: BrokerCtx) => onRefusedEnd(ctx, ports) };
}

export function registrationThens(ports: BrokerPorts) {
  return {
    "broker.register": (ctx: BrokerCtx, then: RegisterThen, outcome: Outcome) => onRegister(ctx, ports, then, outcome),
    "broker.refused-closed": (ctx: BrokerCtx) => ctx.exit("its znode exists already"),
  };
}
