/**
 * Wrong scenario files: each with the place and the words of every problem it must produce.
 * Method: one text of a small valid file is replaced by another (test/scenario/base.ts). Problems are written
 * `line:column-endLine:endColumn path: message`; the end is exclusive.
 */
import { describe, expect, test } from "vitest";
import { BASE, changed, problemsOf } from "./base.ts";

test("the file that the others are made of has no problem", () => {
  expect(problemsOf(BASE)).toEqual([]);
});

describe("acts", () => {
  test.each<[string, string, string[]]>([
    ["kill: b1", "kil: b1", ['19:22-19:25 acts[0].kil: unknown act key "kil", did you mean "kill"?']],
    [
      "kill: b1",
      "kill: b9",
      [
        '19:28-19:30 acts[0].kill: no broker, server or client is called "b9"; there is b1, b2, b3, z1, z2, z3, p1, c1, did you mean "b1"?',
      ],
    ],
    [
      "kill: b1",
      "kill: [b1, b2, x]",
      [
        '19:37-19:38 acts[0].kill[2]: no broker, server or client is called "x"; there is b1, b2, b3, z1, z2, z3, p1, c1',
      ],
    ],
    [
      "kill: b1",
      "kill: b1, stop: b2",
      ['19:32-19:36 acts[0].stop: one act says one thing: both "kill" and "stop" are given'],
    ],
    [
      ", kill: b1",
      "",
      [
        "19:6-19:8 acts[0]: acts[0] says no act; it needs one of kill, stop, start, pause, resume, power-loss, crash-client, add-broker, cut, heal, slow-link, lossy-link, …",
      ],
    ],
    [
      "at: 4s",
      "at: 4",
      ["19:18-19:19 acts[0].at: at must be a time such as 200ms, 4s or 1.5min, not 4; it needs a unit: 4s or 4ms"],
    ],
    ["at: 4s", "at: 4sec", ['19:18-19:22 acts[0].at: at must be a time such as 200ms, 4s or 1.5min, not "4sec"']],
    ["at: 4s", "at: 30s", ["19:18-19:21 acts[0].at: 30s is after the horizon of 20s"]],
    ["at: 4s, ", "", ['19:6-19:8 acts[0]: acts[0] needs "at" or "when"']],
    ["at: 4s", "at: 4s, when: {fact: x}", ['19:22-19:26 acts[0].when: give "at" or "when", not both']],
    ["at: 4s", "att: 4s", ['19:14-19:17 acts[0].att: unknown act key "att", did you mean "at"?']],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, pause: b1, for: long}",
      ['19:38-19:42 acts[0].for: for must be a time such as 200ms, 4s or 1.5min, not "long"'],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, cut: {from: b1, to: [b2, q3]}}",
      [
        '19:47-19:49 acts[0].cut.to[1]: no broker, server, client, host or site is called "q3"; there is b1, b2, b3, z1, z2, z3, p1, c1, did you mean "b3"?',
      ],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, cut: {from: b1}}",
      ['19:28-19:32 acts[0].cut: cut "to" is missing'],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, break-connection: {api: Produse, before: request arrives}}",
      [
        '19:46-19:53 acts[0].break-connection.api: api must be one of Produce, Fetch, ListOffsets, Metadata, LeaderAndIsr, StopReplica, UpdateMetadata, ControlledShutdown, OffsetCommit, OffsetFetch, FindCoordinator, JoinGroup, …, not "Produse", did you mean "Produce"?',
      ],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, lossy-link: {from: b1, to: b2, percent: 130}}",
      ["19:62-19:65 acts[0].lossy-link.percent: percent must be a whole number from 0 to 100, not 130"],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, heal: a7}",
      ['19:28-19:30 acts[0].heal: no act is called "a7"; there is a1, did you mean "a1"?'],
    ],
    ["{id: a1, at: 4s, kill: b1}", "- a1", ["19:5-20:1 acts[0]: acts[0] must be a group of keys: an act, not a list"]],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, set-config: {topic: orders, config: {min.insync.replica: 2}}}",
      [
        '19:59-19:77 acts[0].set-config.config["min.insync.replica"]: unknown topic setting "min.insync.replica", did you mean "min.insync.replicas"?',
      ],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, set-config: {client: c1, config: {acks: all}}}",
      ['19:56-19:60 acts[0].set-config.config.acks: unknown consumer setting "acks"; it is a producer setting'],
    ],
    ["at: 4s", "when: {fact: 3}", ["19:27-19:28 acts[0].when.fact: fact must be a name, not 3 (put it in quotes)"]],
    [
      "at: 4s",
      "when: {holds: {isr: orders-0, contians: b1}}",
      ['19:44-19:52 acts[0].when.holds.contians: unknown condition key "contians", did you mean "contains"?'],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, send: {producer: c1, key: k}}",
      ['19:39-19:41 acts[0].send.producer: no producer is called "c1"; there is p1, did you mean "p1"?'],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, move-controller: false}",
      ["19:39-19:44 acts[0].move-controller: move-controller must be true"],
    ],
    [
      "{id: a1, at: 4s, kill: b1}",
      "{id: a1, at: 4s, kill: b1}\n  - {id: a1, at: 5s, start: b1}",
      ['20:10-20:12 acts[1].id: a second act is called "a1"'],
    ],
  ])("%j → %j", (from, to, problems) => {
    expect(problemsOf(changed(from, to))).toEqual(problems);
  });
});

describe("the whole file, cluster and topics", () => {
  test.each<[string, string, string[]]>([
    ["profile: 2.1", "profile: 2.2", ["3:10-3:13 profile: profile must be one of 0.10, 2.1, 3.9, not 2.2"]],
    ["profile: 2.1", "profil: 2.1", ['3:1-3:7 profil: unknown scenario key "profil", did you mean "profile"?']],
    ["seed: 1\n", "", ['1:1-1:3 : the scenario "seed" is missing']],
    ["seed: 1", "seed: -1", ["4:7-4:9 seed: seed must be a whole number from 0 to 4294967295, not -1"]],
    ["seed: 1", "seed: one", ['4:7-4:10 seed: seed must be a whole number from 0 to 4294967295, not "one"']],
    ["horizon: 20s", "horizon: 2h", ["5:10-5:12 horizon: horizon must be at most 1h of simulated time"]],
    ["title: A small scenario", "title: 7", ["2:8-2:9 title: title must be a text, not 7 (put it in quotes)"]],
    ["id: base", "id: other", ['1:5-1:10 id: id must be the name of the file, "base", not "other"']],
    ["brokers: 3", "brokers: 10", ["7:12-7:14 cluster.brokers: brokers must be a whole number from 1 to 9, not 10"]],
    ["brokers: 3", "brokers: three", ['7:12-7:17 cluster.brokers: brokers must be a number or a list, not "three"']],
    [
      "brokers: 3",
      "brokers: [{id: b1}, {id: b1}]",
      [
        '7:28-7:30 cluster.brokers[1].id: a second broker is called "b1"',
        "9:54-9:55 topics[0].replicationFactor: replicationFactor 3 is larger than the number of brokers, 1",
      ],
    ],
    [
      "brokers: 3",
      "brokers: 2",
      ["9:54-9:55 topics[0].replicationFactor: replicationFactor 3 is larger than the number of brokers, 2"],
    ],
    [
      "brokers: 3",
      "brokers: 3\n  config: {replica.lag.time.max.ms: soon, nonsense: 1}",
      [
        '8:37-8:41 cluster.config["replica.lag.time.max.ms"]: replica.lag.time.max.ms must be a whole number (ms), not "soon"',
        '8:43-8:51 cluster.config.nonsense: unknown broker setting "nonsense"',
      ],
    ],
    [
      "brokers: 3",
      "brokers: 3\n  zookeeper: {servers: 3, config: {ticktime: 500}}",
      ['8:36-8:44 cluster.zookeeper.config.ticktime: unknown zookeeper setting "ticktime", did you mean "tickTime"?'],
    ],
    [
      "partitions: 1, replicationFactor: 3",
      "replicas: [[b1, b1]]",
      ["9:31-9:39 topics[0].replicas[0]: a broker cannot hold two copies of one partition"],
    ],
    [
      "partitions: 1, replicationFactor: 3",
      "partitions: 1, replicas: [[b1, b2]]",
      ['9:20-9:30 topics[0].partitions: "partitions" follows from "replicas"; give one of them'],
    ],
    [
      "title: A small scenario",
      "title: [unclosed",
      ["3:1-3:2 : not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ],
    [
      "title: A small scenario",
      "title: a: b",
      ["2:8-2:9 : not valid YAML: Nested mappings are not allowed in compact mappings"],
    ],
    ["seed: 1", "seed: 1\nseed: 2", ['5:1-5:5 : "seed" is given twice']],
    ["seed: 1", "seed: &s 1", ["4:10-4:11 : anchors (&name) are not used in scenario files; write the value out"]],
    ["seed: 1", "seed: *s", ["4:7-4:9 : aliases (*name) are not used in scenario files; write the value out"]],
    [
      "cluster:",
      "cluster: !!js/function x\nclustr:",
      ["6:10-6:23 : not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function"],
    ],
    ["seed: 1", "seed: 1\n__proto__: {a: 1}", ['5:1-5:10 : the key "__proto__" is not allowed']],
    [
      "id: base",
      "---\nid: base\n---\nid: base",
      ["3:1-3:2 : a file holds one scenario; a second document starts here"],
    ],
    [
      "brokers: 3",
      "brokers: 3\n  links: {delay: 5}",
      [
        "8:18-8:19 cluster.links.delay: delay must be a time such as 200ms, 4s or 1.5min, not 5; it needs a unit: 5s or 5ms",
      ],
    ],
    [
      "brokers: 3",
      "brokers: 3\n  controller: b4",
      ['8:15-8:17 cluster.controller: no broker is called "b4"; there is b1, b2, b3, did you mean "b1"?'],
    ],
    [
      "brokers: 3",
      "brokers: 3\n  sites: {west: [b1, b8]}",
      [
        '8:22-8:24 cluster.sites.west[1]: no broker, server or client is called "b8"; there is b1, b2, b3, z1, z2, z3, p1, c1, west, did you mean "b1"?',
      ],
    ],
  ])("%j → %j", (from, to, problems) => {
    expect(problemsOf(changed(from, to))).toEqual(problems);
  });
});

describe("clients", () => {
  test.each<[string, string, string[]]>([
    [
      "topics: [orders]",
      "topics: [order]",
      ['17:14-17:19 clients[1].topics[0]: no topic is called "order"; there is orders, did you mean "orders"?'],
    ],
    [
      "    topics: [orders]",
      "    topics: orders",
      ['17:13-17:19 clients[1].topics: topics must be a list, not "orders"'],
    ],
    ["    group: g1\n", "", ['15:5-15:13 clients[1]: consumer c1 subscribes to topics and needs "group"']],
    ["    topic: orders\n", "", ['11:5-11:13 clients[0]: producer p1 sends and needs "topic"']],
    ["acks: all", "acks: most", ['13:20-13:24 clients[0].config.acks: acks must be one of 0, 1, all, -1, not "most"']],
    [
      "acks: all",
      "ack: all",
      ['13:14-13:17 clients[0].config.ack: unknown producer setting "ack", did you mean "acks"?'],
    ],
    [
      "acks: all",
      "acks: 1, enable.idempotence: true",
      ["13:20-13:21 clients[0].config.acks: enable.idempotence=true needs acks=all"],
    ],
    [
      "acks: all",
      "group.instance.id: x",
      [
        '13:14-13:31 clients[0].config["group.instance.id"]: unknown producer setting "group.instance.id"; it is a consumer setting',
      ],
    ],
    [
      "acks: all",
      "linger.ms: 5ms",
      ['13:25-13:28 clients[0].config["linger.ms"]: linger.ms is written in milliseconds, as in Kafka: 5'],
    ],
    [
      "every: 200ms",
      "every: 200ms, keys: k9..k0",
      ['14:33-14:39 clients[0].sends.keys: keys must be none, a range such as k0..k9, or a list, not "k9..k0"'],
    ],
    [
      "every: 200ms",
      "every: 1us",
      ["10:1-10:8 clients: the producers would send 20000000 records, at most 50000 are allowed"],
    ],
    ["producer: p1", "producer: b1", ['11:15-11:17 clients[0].producer: "b1" is already a broker or ZooKeeper server']],
    ["- consumer: c1", "- consumer: p1", ['15:15-15:17 clients[1].consumer: a second client is called "p1"']],
  ])("%j → %j", (from, to, problems) => {
    expect(problemsOf(changed(from, to))).toEqual(problems);
  });
});

describe("expectations and variants", () => {
  test.each<[string, string, string[]]>([
    [
      "end: {count: lost, is: 0}",
      "end: {count: lost}",
      [
        "25:11-25:16 expectations[0].end: end compares with nothing; it needs one of is, isNot, atLeast, atMost, moreThan, lessThan, contains, within",
      ],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {count: lost, is: 0, atMost: 1}",
      ['25:31-25:37 expectations[0].end.atMost: compares twice: "is" and "atMost"'],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {count: lsot, is: 0}",
      [
        '25:18-25:22 expectations[0].end.count: count must be one of sent, acked, assumed, failed, unknown, committed, consumed, lost, duplicated, reordered, reprocessed, skipped, …, not "lsot", did you mean "lost"?',
      ],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {leder: orders-0, is: b1}",
      ['25:11-25:16 expectations[0].end.leder: unknown condition key "leder", did you mean "leader"?'],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {leader: orders-1, is: b1}",
      [
        '25:19-25:27 expectations[0].end.leader: no partition is called "orders-1"; there is orders-0, did you mean "orders-0"?',
      ],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {count: {both: [acked]}, is: 0}",
      ["25:25-25:32 expectations[0].end.count.both: both needs at least 2 items"],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {lag: orders-0, is: 0}",
      ['25:11-25:14 expectations[0].end: end "of" is missing'],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {lag: orders-0, of: g7, is: 0}",
      ['25:30-25:32 expectations[0].end.of: no group is called "g7"; there is g1, did you mean "g1"?'],
    ],
    [
      "end: {count: lost, is: 0}",
      "never: {epoch: $p, is: 0}",
      ["25:20-25:22 expectations[0].never.epoch: $p is not introduced by forEvery or thereIs"],
    ],
    [
      "end: {count: lost, is: 0}",
      "eventualy: {leader: orders-0, is: b1}",
      ['25:5-25:14 expectations[0].eventualy: unknown expectation key "eventualy", did you mean "eventually"?'],
    ],
    [
      "end: {count: lost, is: 0}",
      "gap: {rate: acks, of: p1}",
      ["25:11-25:15 expectations[0].gap: gap compares with nothing; it needs one of atLeast, atMost"],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {count: lost, is: 0}\n    in: [new]",
      ['26:10-26:13 expectations[0].in[0]: no variant or profile is called "new"; there is base, old, 0.10, 2.1, 3.9'],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {count: lost, is: 0}\n    end: {count: lost, is: 1}",
      ['26:5-26:8 : "end" is given twice'],
    ],
    [
      "title: Old,",
      "title: Old, set: {clients/p9/config/acks: 1},",
      [
        '21:33-21:55 variants[0].set["clients/p9/config/acks"]: "clients/p9/config/acks" leads nowhere: no "p9"; there is p1, c1, did you mean "p1"?',
      ],
    ],
    [
      "title: Old,",
      "title: Old, set: {clients/p1/config/acks: many},",
      [
        '21:57-21:61 variants[0].set["clients/p1/config/acks"]: with this variant, clients[0].config.acks: acks must be one of 0, 1, all, -1, not "many"',
      ],
    ],
    [
      "title: Old,",
      "title: Old, set: {producers/p1: 1},",
      [
        '21:33-21:45 variants[0].set["producers/p1"]: "producers/p1" must start with one of cluster, topics, clients, acts, then "/"',
      ],
    ],
    [
      "title: Old,",
      "title: Old, drop: [a2],",
      ['21:34-21:36 variants[0].drop[0]: no act is called "a2"; there is a1, did you mean "a1"?'],
    ],
    [
      "title: Old,",
      "title: Old, horizon: 3s,",
      ["21:5-21:54 variants[0]: with this variant, acts[0].at: 4s is after the horizon of 3s"],
    ],
    [
      "title: Old,",
      "title: Old, acts: [{at: 1s, kill: b7}],",
      [
        '21:49-21:51 variants[0].acts[0].kill: no broker, server or client is called "b7"; there is b1, b2, b3, z1, z2, z3, p1, c1, did you mean "b1"?',
      ],
    ],
    [
      "expectations:",
      "breaks: [S9]\nexpectations:",
      ['22:10-22:12 breaks[0]: breaks[0] must be one of S1, S2, S3, S4, S5, S6, S7, S8, not "S9", did you mean "S1"?'],
    ],
    [
      "expectations:",
      "withoutFault: {drop: [a1], falls: [e2]}\nexpectations:",
      ['22:36-22:38 withoutFault.falls[0]: no expectation is called "e2"; there is e1, did you mean "e1"?'],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {forEvery: {name: p, partitionOf: orders}, holds: {leader: $q, isNot: none}}",
      ["25:69-25:71 expectations[0].end.holds.leader: $q is not introduced by forEvery or thereIs"],
    ],
    [
      "end: {count: lost, is: 0}",
      "end: {the: contoller, is: b1}",
      [
        '25:16-25:25 expectations[0].end.the: the must be one of controller, controllerEpoch, zkQuorum, zkLeader, not "contoller", did you mean "controller"?',
      ],
    ],
    [
      "end: {count: lost, is: 0}",
      "leadsTo: {when: {fact: x}, then: {leader: orders-0, is: b2}}",
      ['25:15-25:19 expectations[0].leadsTo: leadsTo "within" is missing'],
    ],
    [
      "end: {count: lost, is: 0}",
      "count: {fact: x, where: {a: {b: c}}, is: 1}",
      ["25:33-25:39 expectations[0].count.where.a: a must be a value or a list of values"],
    ],
    [
      "title: Old,",
      "title: Old, set: {clients/p1/sends/evry: 1s},",
      [
        '21:56-21:58 variants[0].set["clients/p1/sends/evry"]: with this variant, clients[0].sends.evry: unknown sends key "evry", did you mean "every"?',
      ],
    ],
    [
      "title: Old,",
      "title: Old, set: {acts/a1/at: 4},",
      [
        '21:45-21:46 variants[0].set["acts/a1/at"]: with this variant, acts[0].at: at must be a time such as 200ms, 4s or 1.5min, not 4; it needs a unit: 4s or 4ms',
      ],
    ],
  ])("%j → %j", (from, to, problems) => {
    expect(problemsOf(changed(from, to))).toEqual(problems);
  });
});

describe("texts that are no scenario at all", () => {
  test.each([
    ["", "1:1-1:1 : the file is empty"],
    ["# only a remark", "1:1-1:1 : the file is empty"],
    ["just words", "1:1-1:11 : the scenario must be a group of keys"],
    ["- a list", "1:1-1:9 : the scenario must be a group of keys"],
    ["\t\tx", "1:1-1:3 : not valid YAML: Tabs are not allowed as indentation"],
  ])("%j", (text, problem) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});

test("all mistakes of a file are reported, in the order of the text", () => {
  const text = changed("seed: 1", "seed: x").replace("kill: b1", "kil: b1").replace("acks: all", "ack: all, retrys: 1");
  expect(problemsOf(text).map((problem) => problem.split(" ")[1])).toEqual([
    "seed:",
    "clients[0].config.ack:",
    "clients[0].config.retrys:",
    "acts[0].kil:",
  ]);
});
