/** Every fact of a broker has a sentence that begins with its actor and says what the fact carries. */
import { expect, test } from "vitest";
import { facts } from "../../../src/sim/kafka/broker/facts.ts";
import { MiniCluster, type Order } from "./mini-cluster.ts";

const first: Order = { leader: 1, leaderEpoch: 0, isr: [1, 2], replicas: [1, 2] };

test("the sentences of a shrink, a refused produce and a truncation", () => {
  const options = { topicConfig: { "min.insync.replicas": "2" }, config: { "replica.lag.time.max.ms": 4000 } };
  const cluster = new MiniCluster("2.1", options).boot(first);
  cluster.act("kill", { who: "b2" });
  cluster.run(20);
  cluster.produce(1, ["a"]);
  cluster.run(8000);
  cluster.produce(1, ["b"]);
  cluster.run(20);

  const sentences = cluster.facts.flatMap((fact) => {
    const kind = facts[fact.kind as keyof typeof facts] as { says(f: unknown, actor: string, at: number): string };
    return kind === undefined ? [] : kind.says(fact, fact.actor, fact.at * 1000);
  });
  for (const sentence of sentences) expect(sentence).toMatch(/^b\d [a-z].*\.$/);
  expect(sentences.find((one) => one.includes("took b2 out"))).toMatch(
    /^b1 took b2 out of the in-sync set of t-0: last caught up \d(\.\d)? s ago, limit 4 s\.$/,
  );
  expect(sentences).toContain("b1 refused one record for t-0: NOT_ENOUGH_REPLICAS.");
});
