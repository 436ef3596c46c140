/** The file that `new` writes: a lab in which a broker dies, with a word on each part. */
export function template(slug: string): string {
  return `# yaml-language-server: $schema=../schema/scenario.schema.json
# Every form of every part is shown in docs/scenario-format.md.
id: ${slug}
title: A broker dies
summary: One sentence for the menu.
profile: "2.1" # the Kafka version of everything that does not say its own
seed: 1
horizon: 40s

cluster:
  brokers: 3 # b1, b2, b3
  zookeeper: {servers: 3, config: {tickTime: 2000}} # z1, z2, z3
  controller: b3
  config: {offsets.topic.num.partitions: 1} # for every broker; 50 partitions of offsets would only be in the way

topics:
  - name: orders
    replicas: [[b1, b2, b3]] # partition 0; the first broker is the preferred leader

clients:
  - producer: p1
    topic: orders
    config: {acks: all, retries: 20}
    sends: {every: 200ms, keys: k0..k9}
  - consumer: c1
    assign: [orders-0]
    config: {auto.offset.reset: earliest}

# What goes wrong. With a button, a learner presses it; without a learner it happens at its time.
acts:
  - id: kill-b1
    at: 4s
    kill: b1
    button: Kill the leader
  - id: start-b1
    at: 20s
    start: b1

# The same with some things different.
variants:
  - id: newer
    title: Kafka 3.9
    profile: "3.9"
    horizon: 90s
    set: {acts/start-b1/at: 40s}

captions:
  - at: {act: kill-b1}
    text: b1 is gone. Nobody knows yet.

lesson:
  number: X1
  module: A
  order: 99
  level: 1 # 1 first contact, 2 core, 3 advanced, 4 capstone
  minutes: 5
  tier: 3
  goal: What somebody can do or explain after this lab.
  predictions:
    - question: Who can lead orders-0 next?
      at: {act: kill-b1}
      options:
        - {text: Any live broker, reason: It may lack records.}
        - {text: A live member of the in-sync set, correct: true, reason: It has every committed record.}
  steps:
    - {label: Break, text: Press the button., when: {act: kill-b1}}
  observe: What can be seen.
  whatHappened: What happened, and in which order.
  why: {text: Why it has to be so., rule: The next leader is a live member of the ISR.}
  transfer: {question: The same in another situation?, answer: Then this.}
  myth: What many people believe
  source: Where this is from
  controls: [kill, start]

# What must be true of the run. Each has a sentence for people and a claim for the machine.
expectations:
  - id: somebody-takes-over
    say: A member of the in-sync set takes over
    leadsTo:
      when: {process: b1, is: down}
      then: {leader: orders-0, within: [b2, b3]}
      within: 30s
  - id: nothing-lost
    say: No acknowledged record is lost
    end: {count: {both: [acked, lost]}, is: 0}

# The proof that the fault matters: without these acts, these expectations must fall.
withoutFault:
  drop: [kill-b1, start-b1]
  falls: [somebody-takes-over]
`;
}
