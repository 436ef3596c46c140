/**
 * What no single entry can say: ids that clash, times past the horizon, copies without brokers, too many records.
 *
 * Reads unchecked data, as names.ts does, and looks only at what has the right shape.
 */

import { isMap } from "../engine/plain.ts";
import { cannotWaitFor } from "./cannot-wait.ts";
import { LIMITS } from "./limits.ts";
import { mapsOf, namesOf } from "./names.ts";
import type { Finding, Step } from "./problem.ts";
import { microsOf } from "./time.ts";
import { idOf } from "./variant.ts";

export function checkTogether(data: unknown): Finding[] {
  if (!isMap(data)) return [];
  const findings: Finding[] = [];
  const complain = (steps: Step[], message: string, part: Finding["part"] = "value") => {
    findings.push({ steps, part, message, allowed: null, nearest: null });
  };
  checkIds(data, complain);
  checkTimes(data, complain);
  checkPlacement(data, complain);
  checkClients(data, complain);
  checkBudget(data, complain);
  checkWaits(data, complain);
  return findings;
}

type Complain = (steps: Step[], message: string, part?: Finding["part"]) => void;

function checkIds(data: Record<string, unknown>, complain: Complain): void {
  const lists: [string, unknown, Step[]][] = [
    ["broker", isMap(data.cluster) ? data.cluster.brokers : null, ["cluster", "brokers"]],
    ["topic", data.topics, ["topics"]],
    ["client", data.clients, ["clients"]],
    ["act", data.acts, ["acts"]],
    ["variant", data.variants, ["variants"]],
    ["expectation", data.expectations, ["expectations"]],
  ];
  const names = namesOf(data);
  const processes = new Set(names.zookeeper);
  for (const [what, list, steps] of lists) {
    const seen = new Set<string>();
    if (!Array.isArray(list)) continue;
    list.forEach((member: unknown, index) => {
      const id = what === "act" ? (isMap(member) && typeof member.id === "string" ? member.id : null) : idOf(member);
      if (id === null) return;
      const key =
        ["id", "name", "producer", "consumer"].find((candidate) => isMap(member) && member[candidate] === id) ?? "id";
      if (seen.has(id)) complain([...steps, index, key], `a second ${what} is called "${id}"`);
      else if (what === "client" && (processes.has(id) || names.brokers.includes(id))) {
        complain([...steps, index, key], `"${id}" is already a broker or ZooKeeper server`);
      }
      seen.add(id);
    });
  }
}

function checkTimes(data: Record<string, unknown>, complain: Complain): void {
  const horizon = typeof data.horizon === "string" ? microsOf(data.horizon) : null;
  if (horizon === null) return;
  if (horizon > LIMITS.horizonUs) complain(["horizon"], "horizon must be at most 1h of simulated time");
  if (horizon === 0) complain(["horizon"], "horizon must be longer than nothing");
  const late = (steps: Step[], written: unknown) => {
    const time = typeof written === "string" ? microsOf(written) : null;
    if (time !== null && time > horizon)
      complain(steps, `${String(written)} is after the horizon of ${String(data.horizon)}`);
  };
  for (const list of ["acts", "captions", "expectations"]) {
    const members = data[list];
    if (!Array.isArray(members)) continue;
    members.forEach((member: unknown, index) => {
      if (isMap(member)) late([list, index, "at"], member.at);
    });
  }
  if (Array.isArray(data.clients)) {
    data.clients.forEach((client: unknown, index) => {
      if (!isMap(client)) return;
      late(["clients", index, "starts"], client.starts);
      if (!Array.isArray(client.sends)) return;
      client.sends.forEach((send: unknown, place) => {
        if (isMap(send)) late(["clients", index, "sends", place, "at"], send.at);
      });
    });
  }
}

function checkPlacement(data: Record<string, unknown>, complain: Complain): void {
  const brokers = namesOf({ cluster: data.cluster }).brokers;
  let partitions = 0;
  const topics: unknown[] = Array.isArray(data.topics) ? data.topics : [];
  topics.forEach((topic, index) => {
    if (!isMap(topic)) return;
    const copies = topic.replicationFactor;
    if (typeof copies === "number" && brokers.length > 0 && copies > brokers.length) {
      const message = `replicationFactor ${copies} is larger than the number of brokers, ${brokers.length}`;
      complain(["topics", index, "replicationFactor"], message);
    }
    const explicit: unknown[] = Array.isArray(topic.replicas) ? topic.replicas : [];
    explicit.forEach((list, place) => {
      if (Array.isArray(list) && new Set(list).size < list.length) {
        complain(["topics", index, "replicas", place], "a broker cannot hold two copies of one partition");
      }
    });
    partitions += explicit.length > 0 ? explicit.length : typeof topic.partitions === "number" ? topic.partitions : 1;
  });
  if (partitions > LIMITS.partitions) {
    complain(
      ["topics"],
      `the topics have ${partitions} partitions together, at most ${LIMITS.partitions} are allowed`,
      "key",
    );
  }
}

function checkClients(data: Record<string, unknown>, complain: Complain): void {
  if (!Array.isArray(data.clients)) return;
  data.clients.forEach((client: unknown, index) => {
    if (!isMap(client)) return;
    const steps: Step[] = ["clients", index];
    if (typeof client.consumer === "string") {
      if (client.topics !== undefined && client.assign !== undefined) {
        complain([...steps, "assign"], 'give "topics" or "assign", not both', "key");
      }
      const inGroup = client.group !== undefined || client.freshGroup === true;
      if (client.topics !== undefined && !inGroup) {
        complain(steps, `consumer ${client.consumer} subscribes to topics and needs "group"`, "inside");
      }
      if (client.group !== undefined && client.freshGroup === true) {
        complain([...steps, "freshGroup"], 'give "group" or "freshGroup", not both', "key");
      }
      if (isMap(client.config) && client.config["group.id"] !== undefined) {
        complain([...steps, "config", "group.id"], 'the group is given by "group", not in config', "key");
      }
      if (
        client.commit !== undefined &&
        client.commit !== "auto" &&
        isMap(client.config) &&
        client.config["enable.auto.commit"] === true
      ) {
        complain(
          [...steps, "config", "enable.auto.commit"],
          "enable.auto.commit=true contradicts the commit of this client",
        );
      }
    }
    const needsTopic = isMap(client.sends) || mapsOf(client.sends).some((send) => send.topic === undefined);
    if (typeof client.producer === "string" && needsTopic && client.topic === undefined) {
      complain(steps, `producer ${client.producer} sends and needs "topic"`, "inside");
    }
    if (isMap(client.sends) && typeof client.sends.every === "string" && microsOf(client.sends.every) === 0) {
      complain([...steps, "sends", "every"], "every must be longer than nothing");
    }
    if (isMap(client.sends) && typeof client.sends.keys === "string" && !isKeyRange(client.sends.keys)) {
      complain(
        [...steps, "sends", "keys"],
        `keys must be none, a range such as k0..k9, or a list, not "${client.sends.keys}"`,
      );
    }
  });
}

/** `none`, or `k0..k9`. */
export function isKeyRange(written: string): boolean {
  const match = /^([A-Za-z_-]*)(\d{1,4})\.\.([A-Za-z_-]*)(\d{1,4})$/.exec(written);
  return written === "none" || (match !== null && match[1] === match[3] && Number(match[2]) <= Number(match[4]));
}

function checkBudget(data: Record<string, unknown>, complain: Complain): void {
  const horizon = typeof data.horizon === "string" ? (microsOf(data.horizon) ?? 0) : 0;
  let records = 0;
  for (const client of mapsOf(data.clients)) {
    if (isMap(client.sends)) {
      const every = typeof client.sends.every === "string" ? microsOf(client.sends.every) : null;
      if (every === null || every === 0) continue;
      const from = typeof client.sends.from === "string" ? (microsOf(client.sends.from) ?? 0) : 0;
      const until = typeof client.sends.until === "string" ? (microsOf(client.sends.until) ?? horizon) : horizon;
      const fits = Math.max(0, Math.ceil((Math.min(until, horizon) - from) / every));
      records += typeof client.sends.count === "number" ? Math.min(fits, client.sends.count) : fits;
    }
    for (const send of mapsOf(client.sends)) records += typeof send.times === "number" ? send.times : 1;
  }
  for (const act of mapsOf(data.acts)) {
    if (isMap(act.send)) records += typeof act.send.times === "number" ? act.send.times : 1;
  }
  if (records > LIMITS.records) {
    complain(["clients"], `the producers would send ${records} records, at most ${LIMITS.records} are allowed`, "key");
  }
}

/** An act can wait for what the World shows; what only an observer knows comes too late for it. */
function checkWaits(data: Record<string, unknown>, complain: Complain): void {
  if (!Array.isArray(data.acts)) return;
  data.acts.forEach((act: unknown, index) => {
    if (!isMap(act) || !isMap(act.when)) return;
    const what = cannotWaitFor(act.when.holds);
    if (what !== null)
      complain(["acts", index, "when", "holds"], `an act cannot wait for ${what}; wait for a fact instead`);
  });
}
