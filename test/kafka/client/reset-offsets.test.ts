/** kafka-consumer-groups --reset-offsets as an act: what the specification of the tools (clients F.4) says of each version. */
import { describe, expect, test } from "vitest";
import { factsOfScenario } from "../scenario-facts.ts";

const scenario = (profile: string, acts: string): string => `
id: reset
title: A reset
summary: A group of one reads twenty records, and its offsets are moved.
profile: "${profile}"
seed: 1
horizon: 20s
cluster:
  brokers: 3
  config: {offsets.topic.num.partitions: 1}
topics:
  - {name: orders, partitions: 2, replicationFactor: 3}
clients:
  - producer: p1
    topic: orders
    sends: {every: 100ms, count: 20, partition: 0}
  - consumer: c1
    group: billing
    topics: [orders]
    config: {auto.offset.reset: earliest, auto.commit.interval.ms: 500}
acts:
${acts}
`;

function answers(profile: string, acts: string): unknown[] {
  return factsOfScenario("reset", scenario(profile, acts)).flatMap(({ fact }) =>
    fact.kind === "admin-answered" ? [fact.ok ? fact.result : fact.message] : [],
  );
}

const RESET = "  - {at: 12s, reset-offsets: {group: billing, topic: orders, to: ";
const STOP = "  - {at: 8s, stop: c1}\n";

describe.each(["2.1", "3.9"])("in %s", (profile) => {
  test("a group with members is refused", () => {
    expect(answers(profile, `${RESET}earliest}}`)).toEqual([
      "Assignments can only be reset if the group 'billing' is inactive, but the current state is Stable.",
    ]);
  });

  test("an empty group is moved to the start, to the end, or to an offset within the log", () => {
    expect(answers(profile, `${STOP}${RESET}earliest}}`)).toEqual([{ "orders-0": 0, "orders-1": 0 }]);
    expect(answers(profile, `${STOP}${RESET}latest}}`)).toEqual([{ "orders-0": 20, "orders-1": 0 }]);
    expect(answers(profile, `${STOP}${RESET}50}}`)).toEqual([{ "orders-0": 20, "orders-1": 0 }]);
  });

  test("partitions can be named; without a topic those with a committed offset are moved", () => {
    const named = `${STOP}  - {at: 12s, reset-offsets: {group: billing, partition: orders-0, to: 7}}`;
    expect(answers(profile, named)).toEqual([{ "orders-0": 7 }]);
    const all = `${STOP}  - {at: 12s, reset-offsets: {group: billing, to: earliest}}`;
    expect(answers(profile, all)).toMatchObject([{ "orders-0": 0 }]);
  });

  test("a member that comes back begins where the reset says", () => {
    const facts = factsOfScenario("reset", scenario(profile, `${STOP}${RESET}5}}\n  - {at: 14s, start: c1}`));
    const places = facts.filter(
      ({ at, fact }) => at > 14_000_000 && fact.kind === "position-set" && fact.topicPartition === "orders-0",
    );
    expect(places[0]?.fact).toMatchObject({ to: 5, reason: "committed" });
  });
});

test("the tool of 0.10 has no such option", () => {
  expect(answers("0.10", `${STOP}${RESET}earliest}}`)).toEqual(["reset-offsets is not a recognized option"]);
});

test("where the application asks for the start, the fact says so and not that there was no offset", () => {
  const seek = "  - {at: 10s, seek: {consumer: c1, partition: orders-0, to: beginning}}";
  const resets = factsOfScenario("reset", scenario("2.1", seek)).filter(
    ({ fact }) => fact.kind === "offset-reset" && fact.topicPartition === "orders-0",
  );
  expect(resets.map(({ fact }) => fact.reason)).toEqual(["auto.offset.reset", "seek"]);
});
