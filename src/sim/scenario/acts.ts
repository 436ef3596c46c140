/**
 * The acts of a scenario file as inputs of the run: names of sites become processes, times become microseconds, each form becomes
 * the act of one fault.
 *
 * Simplified   an act that waits for a condition (not a fact) is looked for after each event that noted a fact.
 */
import { assert } from "../engine/assert.ts";
import { freeze } from "../engine/snapshot.ts";
import type { Body, Input } from "../engine/types.ts";
import type { Act, Target } from "../faults/fault.ts";
import { readSettings } from "../kafka/profiles/config.ts";
import { OBSERVER, topicWrites } from "./cluster.ts";
import { compileCondition } from "./expectations/compile.ts";
import type { ActOf, ActSpec } from "./format/acts.ts";
import { actName } from "./kinds.ts";
import { listOf, type ResolvedScenario } from "./resolve.ts";
import { microsOf } from "./time.ts";
import { WHEN_HOLDS } from "./waiting.ts";

/** Inputs for all acts of a scenario that is spelled out, in time order. Acts that wait for a fact are armed at 0. */
export function actInputs(plan: ResolvedScenario): Input[] {
  const inputs: Input[] = [];
  for (const producer of plan.clients) {
    if (producer.kind !== "producer") continue;
    producer.sends.forEach((send, index) => {
      for (let n = 0; n < send.times; n += 1) {
        const value = send.value ?? `r${index + n + 1}`;
        const { topic, partition, key } = send;
        const command = sendCommand(topic, partition, key, value);
        inputs.push({ at: send.atUs, nth: 0, act: { kind: "client-command", target: producer.id, command } as Body });
      }
    });
  }
  for (const spec of plan.scenario.acts ?? []) {
    const acts = actsOf(spec, plan);
    const after = spec.after === undefined ? 0 : micros(spec.after);
    if (spec.at !== undefined) {
      for (const act of acts) inputs.push({ at: micros(spec.at) + after, nth: 0, act });
    } else if (spec.when !== undefined && "fact" in spec.when) {
      const { fact, where, nth } = spec.when;
      for (const act of acts)
        inputs.push({
          at: 0,
          nth: 0,
          act: { kind: "when", fact, where: where ?? {}, nth: nth ?? 1, after, act } as Body,
        });
    } else if (spec.when !== undefined && "holds" in spec.when) {
      const condition = compileCondition(spec.when.holds);
      for (const act of acts) inputs.push({ at: 0, nth: 0, act: { kind: WHEN_HOLDS, condition, after, act } as Body });
    }
  }
  return inputs.map(freeze).sort((a, b) => a.at - b.at);
}

/** What one act of a scenario file does, as acts of the engine. */
export function actsOf(spec: ActSpec, plan: ResolvedScenario): Act[] {
  const id = spec.id === undefined ? {} : { id: spec.id };
  return translate(spec, plan).map((act) => ({ ...act, ...id }) as Act);
}

type Loose = Body & Readonly<Record<string, unknown>>;

function translate(spec: ActSpec, plan: ResolvedScenario): Loose[] {
  const name = actName(spec);
  const within = "for" in spec && typeof spec.for === "string" ? micros(spec.for) : null;
  const places = (ends: string | string[]): string[] => listOf(ends).flatMap((end) => plan.sites[end] ?? [end]);
  const command = (target: string, body: Loose): Loose => ({ kind: "client-command", target, command: body });
  switch (name) {
    case "kill":
    case "stop":
    case "start":
    case "resume":
    case "power-loss":
      return targetsOf((spec as Record<string, unknown>)[name], plan).map((target) => ({ kind: name, target }));
    case "pause":
      return targetsOf((spec as ActOf<"pause">).pause, plan).map((target) => ({ kind: "pause", target, for: within }));
    case "crash-client":
      return listOf((spec as ActOf<"crash-client">)["crash-client"]).map((target) => ({ kind: name, target }));
    case "cut": {
      const { from, to, oneWay } = (spec as ActOf<"cut">).cut;
      return [{ kind: "cut", from: places(from), to: places(to), oneWay: oneWay ?? false, for: within }];
    }
    case "heal": {
      const what = (spec as ActOf<"heal">).heal;
      if (typeof what === "object")
        return [{ kind: "heal", from: places(what.from), to: places(what.to), oneWay: what.oneWay ?? false }];
      if (what === "all") return [{ kind: "heal" }];
      const healed = (plan.scenario.acts ?? []).find((other) => other.id === what);
      const [cut] = healed === undefined ? [] : translate(healed, plan);
      return cut === undefined
        ? [{ kind: "heal" }]
        : [{ kind: "heal", from: cut.from, to: cut.to, oneWay: cut.oneWay }];
    }
    case "slow-link": {
      const { from, to, delay, jitter, oneWay } = (spec as ActOf<"slow-link">)["slow-link"];
      const times = { delay: micros(delay), jitter: jitter === undefined ? 0 : micros(jitter) };
      return [{ kind: name, from: places(from), to: places(to), oneWay: oneWay ?? false, ...times, for: within }];
    }
    case "lossy-link": {
      const { from, to, percent, oneWay } = (spec as ActOf<"lossy-link">)["lossy-link"];
      return [{ kind: name, from: places(from), to: places(to), oneWay: oneWay ?? false, percent, for: within }];
    }
    case "break-connection": {
      const { api, from, to, next, before } = (spec as ActOf<"break-connection">)["break-connection"];
      return messagesOf(before === "request arrives", api, from, to, places).map((some) => ({
        ...some,
        kind: name,
        next: next ?? 1,
      }));
    }
    case "hold-messages": {
      const { api, from, to, next, what } = (spec as ActOf<"hold-messages">)["hold-messages"];
      return messagesOf(what !== "responses", api, from, to, places).map((some) => ({
        ...some,
        kind: name,
        next: next ?? 1,
        for: within ?? 0,
      }));
    }
    case "slow-follower-fetch": {
      const { broker, delay } = (spec as ActOf<"slow-follower-fetch">)["slow-follower-fetch"];
      return [{ kind: name, target: listOf(broker), delay: micros(delay), for: within }];
    }
    case "expire-session":
      return targetsOf((spec as ActOf<"expire-session">)["expire-session"], plan).map((target) => ({
        kind: name,
        target,
      }));
    case "slow-consumer": {
      const { consumer, perRecord } = (spec as ActOf<"slow-consumer">)["slow-consumer"];
      return [{ kind: name, target: consumer, perRecord: micros(perRecord), for: within }];
    }
    case "set-config":
      return setConfigOf((spec as ActOf<"set-config">)["set-config"], plan);
    case "move-controller":
      return [
        command(OBSERVER, {
          kind: "zk-write",
          ops: [{ op: "delete", path: "/controller", version: -1 }],
          tag: "move-controller",
        }),
      ];
    case "preferred-election": {
      const asked = (spec as ActOf<"preferred-election">)["preferred-election"];
      const all = asked === "all" ? plan.topics.flatMap((topic) => partitionNames(topic)) : listOf(asked);
      const partitions = all.map(placeOf);
      return [znode("/admin/preferred_replica_election", { version: 1, partitions }, "preferred-election")];
    }
    case "create-topic": {
      const topic = (spec as ActOf<"create-topic">)["create-topic"];
      const replicas = topic.replicas?.map((list) => list.map(brokerNumber)) ?? [
        plan.brokers.slice(0, topic.replicationFactor ?? 1).map(({ brokerId }) => brokerId),
      ];
      return [
        command(OBSERVER, {
          kind: "zk-write",
          ops: topicWrites(topic.name, replicas, topic.config ?? {}),
          tag: "create-topic",
        }),
      ];
    }
    case "delete-topic":
      return [znode(`/admin/delete_topics/${(spec as ActOf<"delete-topic">)["delete-topic"]}`, null, "delete-topic")];
    case "send": {
      const { producer, topic, partition, key, value, times } = (spec as ActOf<"send">).send;
      const own = plan.clients.find(({ id }) => id === producer);
      const to = topic ?? (own?.kind === "producer" ? own.topic : null);
      const body = sendCommand(to, partition ?? null, key ?? null, value ?? null);
      return Array.from({ length: times ?? 1 }, () => command(producer, body));
    }
    case "start-sending":
    case "stop-sending":
      return listOf((spec as unknown as Record<string, string | string[]>)[name] as string[]).map((target) =>
        command(target, { kind: name }),
      );
    case "subscribe": {
      const { consumer, topics } = (spec as ActOf<"subscribe">).subscribe;
      return [command(consumer, { kind: "consumer.subscribe", topics })];
    }
    case "assign": {
      const { consumer, partitions } = (spec as ActOf<"assign">).assign;
      return [command(consumer, { kind: "consumer.assign", partitions: listOf(partitions) })];
    }
    case "seek": {
      const { consumer, partition, to } = (spec as ActOf<"seek">).seek;
      if (to === "beginning" || to === "end") {
        return [
          command(consumer, {
            kind: to === "end" ? "consumer.seekToEnd" : "consumer.seekToBeginning",
            partitions: listOf(partition),
          }),
        ];
      }
      return listOf(partition).map((name) =>
        command(consumer, { kind: "consumer.seek", ...placeOf(name), offset: to }),
      );
    }
    case "commit": {
      const { consumer, how, offsets } = (spec as ActOf<"commit">).commit;
      const kind = how === "async" ? "consumer.commitAsync" : "consumer.commitSync";
      if (offsets === undefined) return [command(consumer, { kind })];
      const given = Object.entries(offsets).map(([name, offset]) => ({ ...placeOf(name), offset }));
      return [command(consumer, { kind, offsets: given })];
    }
    case "close":
      return listOf((spec as ActOf<"close">).close).map((target) => {
        const kind = plan.clients.find(({ id }) => id === target)?.kind ?? "consumer";
        return command(target, { kind: `${kind}.close` });
      });
    case "set-group": {
      const { consumer, group } = (spec as ActOf<"set-group">)["set-group"];
      return [command(consumer, { kind: "consumer.setGroup", group })];
    }
    case "reset-offsets": {
      const { group, topic, partition, to } = (spec as ActOf<"reset-offsets">)["reset-offsets"];
      const which = {
        ...(topic === undefined ? {} : { topic }),
        ...(partition === undefined ? {} : { partitions: listOf(partition) }),
      };
      return [command(OBSERVER, { kind: "admin.resetOffsets", group, ...which, to, tag: name })];
    }
    default:
      assert(false, `act ${name} is not modelled yet`);
  }
}

/** Acts of a scenario file that the model cannot do yet: a message for each, so that nothing is dropped silently. */
export const NOT_MODELLED: readonly string[] = [
  "add-broker",
  "refuse",
  "rewrite-state",
  "add-partitions",
  "reassign",
  "command",
];

function targetsOf(written: unknown, plan: ResolvedScenario): Target[] {
  return listOf(written as string | object).flatMap((one): Target[] => {
    if (one === "controller" || one === "zkLeader") return [{ role: one }];
    if (typeof one === "string") return plan.sites[one] ?? [one];
    if ("inRack" in one)
      return plan.brokers.filter(({ config }) => config.brokerRack === one.inRack).map(({ id }) => id);
    return [one as Target];
  });
}

/** Requests are named by their API; their answers travel the other way under `<Api>Response`. */
function messagesOf(
  requests: boolean,
  api: string | undefined,
  from: string | string[] | undefined,
  to: string | string[] | undefined,
  places: (ends: string | string[]) => string[],
): Loose[] {
  const [sender, receiver] = requests ? [from, to] : [to, from];
  const senders = sender === undefined ? [null] : places(sender);
  const receivers = receiver === undefined ? [null] : places(receiver);
  const kind = api === undefined ? null : requests ? api : `${api}Response`;
  return senders.flatMap((a) => receivers.map((b) => ({ kind: "", api: kind, from: a, to: b })));
}

function setConfigOf(what: ActOf<"set-config">["set-config"], plan: ResolvedScenario): Loose[] {
  if ("broker" in what) {
    return listOf(what.broker).map((id) => {
      const profile = plan.brokers.find((broker) => broker.id === id)?.profile ?? plan.profile;
      return {
        kind: "set-config",
        target: [id],
        section: "broker",
        config: readSettings("broker", profile, what.config),
      };
    });
  }
  if ("client" in what) {
    const client = plan.clients.find(({ id }) => id === what.client);
    const section = client?.kind ?? "producer";
    const config = readSettings(section, client?.profile ?? plan.profile, what.config);
    return [{ kind: "set-config", target: [what.client], section, config }];
  }
  const config = Object.fromEntries(Object.entries(what.config).map(([key, value]) => [key, String(value)]));
  const ops = [{ op: "setData", path: `/config/topics/${what.topic}`, data: { version: 1, config }, version: -1 }];
  return [{ kind: "client-command", target: OBSERVER, command: { kind: "zk-write", ops, tag: "set-config" } }];
}

/** One `send()` by hand. What is left out is chosen by the producer: its next number as the tag, `r<number>` as the value. */
function sendCommand(topic: string | null, partition: number | null, key: string | null, value: string | null): Loose {
  const given = Object.entries({ topic, partition, key, value }).filter(([, one]) => one !== null);
  return { kind: "producer.send", ...Object.fromEntries(given) };
}

function znode(path: string, data: unknown, tag: string): Loose {
  const ops = [{ op: "create", path, data, ephemeral: false, sequential: false }];
  return { kind: "client-command", target: OBSERVER, command: { kind: "zk-write", ops, tag } };
}

function partitionNames(topic: { name: string; partitions?: number; replicas?: unknown[] }): string[] {
  return Array.from(
    { length: topic.replicas?.length ?? topic.partitions ?? 1 },
    (_, index) => `${topic.name}-${index}`,
  );
}

/** `orders-0` as topic and number. */
function placeOf(name: string): { topic: string; partition: number } {
  const cut = name.lastIndexOf("-");
  return { topic: name.slice(0, cut), partition: Number(name.slice(cut + 1)) };
}

function brokerNumber(id: string): number {
  return Number(id.slice(1));
}

function micros(written: string): number {
  return microsOf(written) ?? 0;
}
