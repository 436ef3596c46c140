/**
 * Three fixed models for tests and for looking at the drawing without an engine: a healthy cluster, one whose leader is
 * down, and a group that rebalances. The numbers are those of one run with acks=1 and 400 ms between fetches, made up by
 * hand; nothing here is simulated.
 */
import type { BrokerView, CanvasModel, CellView, LinkView, ReplicaView, SessionView } from "./model.ts";

const brokers = ["b1", "b2", "b3"];

/** Cells from `from` to `to` (excluded), committed below `highWatermark`; `epochs` are [epoch, first offset]. */
function cells(
  from: number,
  to: number,
  highWatermark: number,
  epochs: readonly (readonly [number, number])[],
): CellView[] {
  return Array.from({ length: to - from }, (_, index) => {
    const offset = from + index;
    const epoch = epochs.findLast(([, start]) => start <= offset)?.[0] ?? 0;
    return { offset, label: String(offset), state: offset < highWatermark ? "committed" : "uncommitted", epoch };
  });
}

function replica(
  name: string,
  over: Partial<ReplicaView> & Pick<ReplicaView, "highWatermark" | "logEnd">,
): ReplicaView {
  return {
    topicPartition: name,
    role: "follower",
    leaderEpoch: 3,
    isr: brokers,
    isrShort: false,
    replicas: brokers,
    logStart: 0,
    cells: cells(0, over.logEnd, over.highWatermark, [
      [2, 0],
      [3, 12],
    ]),
    lagFraction: 0,
    ...over,
  };
}

function session(fractionLeft: number, seconds = 6): SessionView {
  const secondsLeft = fractionLeft * seconds;
  return { fractionLeft, secondsLeft, state: "ok" };
}

function broker(index: number, over: Partial<BrokerView>): BrokerView {
  return {
    id: `b${index}`,
    host: `h${index}`,
    rack: "ABC"[index - 1] ?? "A",
    process: "up",
    controller: index === 3,
    coordinatorOf: index === 2 ? ["g1"] : [],
    session: session([0.95, 0.72, 0.9][index - 1] ?? 1),
    faults: [],
    replicas: [],
    ...over,
  };
}

function link(from: string, to: string, over: Partial<LinkView> = {}): LinkView {
  return { from, to, state: "ok", faults: [], ...over };
}

const links: readonly LinkView[] = [
  link("b1", "b2"),
  link("b1", "b3"),
  link("b2", "b3"),
  link("p1", "b1"),
  link("p1", "b3"),
  link("c1", "b1"),
  link("c1", "b2"),
  link("b1", "z1"),
  link("b2", "z2"),
  link("b3", "z3"),
];

const servers: CanvasModel["servers"] = [
  {
    id: "z1",
    process: "up",
    mode: "following",
    sessions: [{ owner: "b1", fractionLeft: 0.95, seconds: 5.7 }],
    faults: [],
  },
  {
    id: "z2",
    process: "up",
    mode: "leading",
    sessions: [{ owner: "b2", fractionLeft: 0.72, seconds: 4.3 }],
    faults: [],
  },
  {
    id: "z3",
    process: "up",
    mode: "following",
    sessions: [{ owner: "b3", fractionLeft: 0.9, seconds: 5.4 }],
    faults: [],
  },
];

/** The leader has r21, which is on its way to both followers. */
export const healthy: CanvasModel = {
  brokers: [
    broker(1, { replicas: [replica("orders-0", { role: "leader", highWatermark: 21, logEnd: 22 })] }),
    broker(2, { replicas: [replica("orders-0", { highWatermark: 20, logEnd: 21 })] }),
    broker(3, {
      replicas: [replica("orders-0", { highWatermark: 20, logEnd: 21, lagSeconds: 0.2, lagFraction: 0.02 })],
    }),
  ],
  servers,
  clients: [
    { id: "p1", kind: "producer", process: "up", lines: ["acks=all", "acked r20", "awaits r21"], faults: [] },
    {
      id: "c1",
      kind: "consumer",
      process: "up",
      lines: ["group g1", "position 21", "fetch parked"],
      group: "g1",
      faults: [],
    },
  ],
  groups: [],
  messages: [
    message("m1", "replica", "b1", "b2", 0.62, { response: true, label: "r21" }),
    message("m2", "replica", "b1", "b3", 0.62, { response: true, label: "r21" }),
    message("m3", "group", "c1", "b2", 0.4),
    message("m4", "ensemble", "b2", "z2", 0.5, { heartbeat: true }),
  ],
  links,
  selection: null,
  caption: "b1 appended r21. p1 gets its answer when b2 and b3 have it too.",
};

/** b1 was killed with the only copy of r20; its session still runs. */
export const leaderDown: CanvasModel = {
  brokers: [
    broker(1, {
      process: "down",
      session: { fractionLeft: 0.98, secondsLeft: 5.9, state: "ok" },
      faults: [{ id: "f1", text: "kill b1 at 4.140" }],
      replicas: [
        replica("orders-0", { role: "leader", leaderOnPaper: true, highWatermark: 18, logEnd: 21, endNote: "r20" }),
      ],
    }),
    broker(2, {
      replicas: [replica("orders-0", { highWatermark: 18, logEnd: 20, lagSeconds: 0.1, lagFraction: 0.01 })],
    }),
    broker(3, {
      replicas: [replica("orders-0", { highWatermark: 16, logEnd: 20, lagSeconds: 0.2, lagFraction: 0.02 })],
    }),
  ],
  servers,
  clients: [
    { id: "p1", kind: "producer", process: "up", lines: ["acks=1", "acked r20", "next r21"], faults: [] },
    {
      id: "c1",
      kind: "consumer",
      process: "up",
      lines: ["group g1", "position 18", "fetch lost"],
      group: "g1",
      faults: [],
    },
  ],
  groups: [],
  messages: [message("m1", "group", "c1", "b2", 0.4, { label: "commit 18" })],
  links,
  selection: { kind: "record", broker: "b1", topicPartition: "orders-0", offset: 20 },
  caption: "b1 died. The ensemble ends its session at 10.000, in 5.9 s.",
};

/** c3 joins g1; while the group prepares, nobody reads. A link is cut and another one slow, to show their marks. */
export const groups: CanvasModel = {
  brokers: [1, 2, 3].map((index) => {
    const ends = [25, 24, 24];
    const next = ["next 22, lag 3", "next 22, lag 2", "next 24, lag 0"];
    const others = [0, 1, 2].filter((partition) => partition !== index - 1);
    const leader = replica(`orders-${index - 1}`, {
      role: "leader",
      leaderEpoch: 0,
      highWatermark: ends[index - 1] ?? 0,
      logEnd: ends[index - 1] ?? 0,
      cells: cells(0, ends[index - 1] ?? 0, 99, [[0, 0]]),
      owner: { group: "g1", member: null, text: next[index - 1] ?? "" },
    });
    const followers = others.map((partition) =>
      replica(`orders-${partition}`, { leaderEpoch: 0, highWatermark: 24, logEnd: 24 }),
    );
    return broker(index, {
      replicas: [leader, ...followers].sort((a, b) => (a.topicPartition < b.topicPartition ? -1 : 1)),
    });
  }),
  servers,
  clients: [
    { id: "p1", kind: "producer", process: "up", lines: ["", "acks=all", "next r73"], faults: [] },
    ...(
      [
        ["c1", "owns nothing", "waits to join", 0.5],
        ["c2", "owns nothing", "joins", 0.99],
        ["c3", "new member", "waits to join", 0.77],
      ] as const
    ).map(([id, one, two, left]) => ({
      id,
      kind: "consumer" as const,
      process: "up" as const,
      lines: ["", one, two] as const,
      group: "g1",
      session: session(left, 10),
      faults: [],
    })),
  ],
  groups: [
    {
      id: "g1",
      coordinator: "b2",
      state: "preparing rebalance",
      generation: 5,
      members: ["c1", "c2", "c3"],
      unowned: ["orders-0", "orders-1", "orders-2"],
    },
  ],
  messages: [message("m1", "group", "c2", "b2", 0.45, { label: "join" })],
  links: [
    link("b1", "b2", { state: "cut", faults: [{ id: "f1", text: "cut b1 from b2" }] }),
    link("b1", "b3", { state: "slow", faults: [{ id: "f2", text: "50 ms" }] }),
    link("b2", "b3", { state: "cut-one-way" }),
    ...["b1", "b2", "b3"].map((id) => link("p1", id)),
    link("c1", "b2"),
    link("c2", "b2"),
    link("c3", "b2"),
    link("b1", "z1"),
    link("b2", "z2"),
    link("b3", "z3", { state: "lossy" }),
  ],
  selection: null,
  currentMessage: "m1",
  caption: "c2 gave up orders-2 and asked to join. Nobody reads orders now.",
};

function message(
  id: string,
  family: CanvasModel["messages"][number]["family"],
  from: string,
  to: string,
  progress: number,
  over: Partial<CanvasModel["messages"][number]> = {},
): CanvasModel["messages"][number] {
  return { id, family, from, to, progress, response: false, error: false, heartbeat: false, ...over };
}
