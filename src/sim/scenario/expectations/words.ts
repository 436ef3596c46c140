/** Terms and values of expectations in words, for the evidence of a verdict. */
import type { CountNode, SetNode, TermNode, Value } from "./plan.ts";
import { type Binding, named } from "./sets.ts";

const FORM_WORDS: Readonly<Record<string, string>> = {
  leader: "the leader of",
  isr: "the in-sync set of",
  replicas: "the replicas of",
  epoch: "the leader epoch of",
  role: "the role of",
  leo: "the log end offset of",
  hw: "the high watermark of",
  logStart: "the log start of",
  process: "the process",
  session: "the session of",
  offset: "the committed offset of",
  lag: "the lag on",
  owner: "the owner of",
  position: "the position on",
  assigned: "the assignment of",
  topicExists: "that there is the topic",
  logsEqual: "that the logs are equal of",
  perKeyOrdered: "that reads came in order for each key at",
  ordered: "that reads came in order at",
};

const THE_WORDS: Readonly<Record<string, string>> = {
  controller: "the controller",
  controllerEpoch: "the controller epoch",
  zkQuorum: "that the ensemble has a quorum",
  zkLeader: "the leader of the ensemble",
};

/** "the leader of orders-0", "the number of acked records". */
export function sayTerm(term: TermNode, binding: Binding): string {
  const plus = term.plus === 0 ? "" : term.plus > 0 ? ` + ${term.plus}` : ` - ${-term.plus}`;
  return saying(term, binding) + (term.sample === null ? "" : " before") + plus;
}

function saying(term: TermNode, binding: Binding): string {
  switch (term.kind) {
    case "literal":
      return sayValue(term.value);
    case "records":
      return `the ${saySet(term.set, binding)} records`;
    case "count":
      return `the number of ${sayCount(term.of, binding)}`;
    case "difference":
      return `the difference of ${sayTerm(term.of[0], binding)} and ${sayTerm(term.of[1], binding)}`;
    case "read": {
      const name = named(term.name, binding);
      const by = term.by === null ? "" : named(term.by, binding);
      if (term.form === "the") return THE_WORDS[name] ?? name;
      if (term.form === "group") return `the ${by} of group ${name}`;
      const where =
        by === "" ? "" : ["offset", "lag", "owner", "position"].includes(term.form) ? ` of ${by}` : ` on ${by}`;
      return `${FORM_WORDS[term.form] ?? term.form} ${name}${where}`;
    }
  }
}

function sayCount(count: CountNode, binding: Binding): string {
  if (count.kind === "set") return `${saySet(count.set, binding)} records`;
  if (count.kind === "facts") return "such facts";
  const name = named(count.name, binding);
  const words: Readonly<Record<typeof count.kind, string>> = {
    isr: `members of the in-sync set of ${name}`,
    replicas: `replicas of ${name}`,
    members: `members of group ${name}`,
    assigned: `partitions of ${name}`,
    leadersOn: `leaders on ${name}`,
    live: name === "brokers" ? "brokers that are registered" : "ZooKeeper servers that run",
    partitionsOf: `partitions of key ${name}`,
    readersOf: `readers of record ${name}`,
    copiesOf: `copies of record ${name}`,
    groups: "groups",
  };
  return words[count.kind];
}

function saySet(set: SetNode, binding: Binding): string {
  switch (set.kind) {
    case "named":
      return set.set;
    case "consumedBy":
      return `consumed by ${named(set.consumer, binding)}`;
    case "both":
      return set.of.map((one) => saySet(one, binding)).join(" and ");
    case "either":
      return set.of.map((one) => saySet(one, binding)).join(" or ");
    case "minus":
      return set.of.map((one) => saySet(one, binding)).join(" but not ");
    case "only": {
      const about = [set.producer, set.key, set.partition].filter((one) => one !== null);
      const narrowed = about.length > 0 ? ` (${about.map((one) => named(one, binding)).join(", ")})` : "";
      return `${saySet(set.of, binding)}${narrowed}`;
    }
  }
}

export function sayValue(value: Value): string {
  if (value === null) return "not known";
  if (!Array.isArray(value)) return String(value);
  if (value.length === 0) return "empty";
  const shown = value.slice(0, 8).join(", ");
  return value.length > 8 ? `${shown}, and ${value.length - 8} more` : shown;
}

/** `12.340 s`. */
export function saySeconds(micros: number): string {
  return `${(Math.round(micros / 1000) / 1000).toFixed(3)} s`;
}
