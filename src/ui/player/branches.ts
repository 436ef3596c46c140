/**
 * The tree of futures and the stack of changes. An act at the furthest moment seen replaces what nobody has seen; an act
 * before it forks, and the old future stays. Undo puts back the tree as it was; timelines are kept, never computed again.
 */
import type { Input, SimTime, Timeline } from "../../sim/index.ts";
import { MarkIndex } from "./marks.ts";
import type { Branch } from "./types.ts";

/** A branch with its run. Replaced as a whole when its inputs change. */
export interface Node {
  readonly info: Branch;
  readonly timeline: Timeline;
  readonly marks: MarkIndex;
  /** Cursor and fog as they were when the branch was left. */
  readonly cursor: Cursor;
  readonly seen: Cursor;
}

export interface Cursor {
  readonly entries: number;
  readonly time: SimTime;
}

export interface Tree {
  readonly nodes: readonly Node[];
  readonly current: string;
  /** How many forks were made, for their letters. */
  readonly forks: number;
}

/** One change that can be undone. */
export interface Change {
  readonly label: string;
  readonly before: Tree;
  readonly after: Tree;
  /** The moment of the change: undo never leaves the cursor past it. */
  readonly at: Cursor;
  /** Where redo stands: the moment right after it. */
  readonly shown: Cursor;
}

const mostChanges = 50;

/** Changes done, and those undone that can be done again. */
export class ChangeStack {
  private list: Change[] = [];
  private done = 0;

  get toUndo(): Change | undefined {
    return this.list[this.done - 1];
  }

  get toRedo(): Change | undefined {
    return this.list[this.done];
  }

  /** What was undone is forgotten. */
  push(change: Change): void {
    this.list = [...this.list.slice(0, this.done), change].slice(-mostChanges);
    this.done = this.list.length;
  }

  /** Where redo of the last change will stand. */
  showLastAt(shown: Cursor): void {
    const last = this.list[this.done - 1];
    if (last !== undefined) this.list[this.done - 1] = { ...last, shown };
  }

  /** `now` is the tree as it is, so that redo finds what was seen meanwhile. */
  undo(now: Tree): Change {
    const change = { ...(this.list[this.done - 1] as Change), after: now };
    this.done -= 1;
    this.list[this.done] = change;
    return change;
  }

  redo(now: Tree): Change {
    const change = { ...(this.list[this.done] as Change), before: now };
    this.list[this.done] = change;
    this.done += 1;
    return change;
  }

  clear(): void {
    this.list = [];
    this.done = 0;
  }
}

export const START: Cursor = { entries: 0, time: 0 };

export function rootTree(timeline: Timeline, version: number): Tree {
  const info: Branch = { id: "main", label: "main run", parent: null, forkedAt: null, version };
  return {
    nodes: [{ info, timeline, marks: new MarkIndex(), cursor: START, seen: START }],
    current: "main",
    forks: 0,
  };
}

export function currentNode(tree: Tree): Node {
  const node = tree.nodes.find(({ info }) => info.id === tree.current);
  if (node === undefined) throw new Error(`no branch ${tree.current}`);
  return node;
}

/** The tree with one node changed. */
export function withNode(tree: Tree, node: Node): Tree {
  return { ...tree, nodes: tree.nodes.map((other) => (other.info.id === node.info.id ? node : other)) };
}

/**
 * The tree after the current branch got other inputs from `at` on. `keepsOld` makes a fork called after `label`;
 * otherwise the current branch is replaced.
 */
export function branchOff(
  tree: Tree,
  at: Cursor,
  inputs: readonly Input[],
  label: string,
  keepsOld: boolean,
  version: number,
): Tree {
  const from = currentNode(tree);
  const timeline = from.timeline.fork(at.entries, inputs);
  const marks = from.marks.prefix(at.entries, timeline.trace);
  if (!keepsOld) {
    return withNode(tree, { ...from, info: { ...from.info, version }, timeline, marks, cursor: at, seen: at });
  }
  const letter = forkLetter(tree.forks);
  const info: Branch = {
    id: letter,
    label: label === "" ? `fork ${letter}` : `fork ${letter}: ${label}`,
    parent: from.info.id,
    forkedAt: at,
    version,
  };
  return {
    nodes: [...tree.nodes, { info, timeline, marks, cursor: at, seen: at }],
    current: letter,
    forks: tree.forks + 1,
  };
}

/** A, B, ... Z, A2, B2. */
function forkLetter(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? "" : round + 1}`;
}

/** The first place where two lists of inputs, in order, differ; null if they are equal. */
export function firstDifference(before: readonly Input[], after: readonly Input[]): SimTime | null {
  const most = Math.max(before.length, after.length);
  for (let n = 0; n < most; n += 1) {
    const [a, b] = [before[n], after[n]];
    if (a === b) continue;
    if (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b)) continue;
    return Math.min(a?.at ?? Number.POSITIVE_INFINITY, b?.at ?? Number.POSITIVE_INFINITY);
  }
  return null;
}
