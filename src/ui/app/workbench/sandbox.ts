/** The cluster that the sandbox begins with: three brokers, three ZooKeeper servers, a producer and a consumer in a group. */
import type { Scenario } from "../../../sim/index.ts";

export const sandbox: Scenario = {
  id: "sandbox",
  title: "Sandbox",
  profile: "2.1",
  seed: 42,
  horizon: "600s",
  cluster: { brokers: 3, zookeeper: 3, links: { delay: "5ms" } },
  topics: [{ name: "orders", replicas: [["b1", "b2", "b3"]] }],
  clients: [
    { producer: "p1", topic: "orders", config: { acks: "all" }, sends: { every: "200ms", keys: "k0..k9" } },
    { consumer: "c1", group: "g1", topics: ["orders"], config: { "auto.offset.reset": "earliest" } },
  ],
};
