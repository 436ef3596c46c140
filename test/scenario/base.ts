/** A small valid scenario, and how tests make a wrong one of it. */
import { parseScenario } from "../../src/sim/scenario/parse.ts";
import type { FileProblem } from "../../src/sim/scenario/problem.ts";

export const BASE = `id: base
title: A small scenario
profile: 2.1
seed: 1
horizon: 20s
cluster:
  brokers: 3
topics:
  - {name: orders, partitions: 1, replicationFactor: 3}
clients:
  - producer: p1
    topic: orders
    config: {acks: all}
    sends: {every: 200ms}
  - consumer: c1
    group: g1
    topics: [orders]
acts:
  - {id: a1, at: 4s, kill: b1}
variants:
  - {id: old, title: Old, profile: 0.10}
expectations:
  - id: e1
    say: nothing is lost
    end: {count: lost, is: 0}
`;

/** The base with one text replaced; the text must be there, or the test would prove nothing. */
export function changed(from: string, to: string): string {
  if (!BASE.includes(from)) throw new Error(`the base does not contain ${from}`);
  return BASE.replace(from, to);
}

/** Problems as `line:column-endLine:endColumn path: message`. */
export function problemsOf(text: string): string[] {
  return parseScenario(text, "base.yaml").problems.map(write);
}

export function write(problem: FileProblem): string {
  const { line, column, endLine, endColumn, path, message } = problem;
  return `${line}:${column}-${endLine}:${endColumn} ${path}: ${message}`;
}
