/**
 * The player: owns the timelines and is the only place where wall time meets simulated time. It moves a cursor along a
 * run, computes the run ahead in slices of 8 ms, takes acts, and keeps the tree of futures.
 *
 * The frame is not a clock: a frame chooses which moment is shown, and what happens in the run never depends on it.
 */
import { createStore } from "zustand/vanilla";
import { type Act, type Body, freeze, type Input, SECOND, type SimTime } from "../../sim/index.ts";
import { nothing, type Player, type StepUnit } from "./api.ts";
import {
  branchOff,
  ChangeStack,
  type Cursor,
  currentNode,
  firstDifference,
  type Node,
  rootTree,
  START,
  type Tree,
  withNode,
} from "./branches.ts";
import { browserClock, frameLoop } from "./clock.ts";
import { advance, advanceSlice, progressOf, runInput } from "./computing.ts";
import { nextSpeed, paceAt } from "./pace.ts";
import { entriesAfter, entriesBefore, isDelivery, placeCursor } from "./steps.ts";
import type { Place, PlayableRun, PlayerClock, PlayerState } from "./types.ts";

/** Further horizon that is computed when the cursor, or an act, comes near the end. */
const extension = 30 * SECOND;
const nearHorizon = 10 * SECOND;
const NO_HOLDS: ReadonlyMap<string, number> = new Map();

export function createPlayer(clock: PlayerClock = browserClock()): Player {
  const store = createStore<PlayerState>(() => nothing);
  const state = () => store.getState();
  let run: PlayableRun | null = null;
  let tree: Tree | null = null;
  const changes = new ChangeStack();
  let versions = 0;
  let isSlicing = false;
  /** Where somebody waits to go; null when it is not known or not computed yet. */
  let pending: (() => Place | null) | null = null;
  /** On the way to the moment a link shows: no hold keeps that back. */
  let isArriving = false;
  const holds = new Map<string, number>();

  const here = (): Node => {
    if (tree === null) throw new Error("no run is open");
    return currentNode(tree);
  };

  // --- the cursor --------------------------------------------------------------------------------------------------

  /** Moves the cursor, kept within what is computed and before the nearest hold. */
  function show(entries: number, time: SimTime, more: Partial<PlayerState> = {}): void {
    const { timeline, marks } = here();
    const before = state();
    const {
      entries: to,
      time: at,
      heldBy,
    } = placeCursor(timeline.trace, { entries, time }, isArriving ? NO_HOLDS : holds, before.entries);
    const isFurther = to > before.seenEntries || (to === before.seenEntries && at > before.seenUntil);
    const pace = paceAt(before.speed, at, marks.last(to), marks.next(to), before);
    store.setState({
      entries: to,
      time: at,
      pace,
      heldBy,
      ...(isFurther ? { seenEntries: to, seenUntil: Math.max(at, before.seenUntil) } : {}),
      ...more,
    });
    if (heldBy !== null && state().isPlaying) pause();
    if (run?.isOpenEnded && at > state().horizon - nearHorizon) extendTo(at + extension);
  }

  function goTo(place: Place): boolean {
    const { timeline } = here();
    const { isComputed, computedUntil } = state();
    if ("entries" in place) {
      if (place.entries > timeline.length && !isComputed) return false;
      const entries = Math.max(0, Math.min(place.entries, timeline.length));
      show(entries, place.time ?? (entries === 0 ? 0 : timeline.trace.at(entries - 1)));
      return true;
    }
    if (place.time >= computedUntil && !isComputed) return false;
    const time = Math.max(0, isComputed ? Math.min(place.time, lastMoment()) : place.time);
    show(timeline.entriesAt(time), time);
    return true;
  }

  function lastMoment(): SimTime {
    const { failure, horizon } = state();
    return failure === null ? horizon : failure.at;
  }

  function seek(place: Place): void {
    if (tree === null) return;
    seekWhen(() => place);
  }

  /** Goes there as soon as it is known and computed. */
  function seekWhen(find: () => Place | null, arrives = false): void {
    pending = null;
    isArriving = arrives;
    const place = find();
    if (place !== null && goTo(place)) isArriving = false;
    else {
      pending = find;
      compute();
    }
  }

  function step(unit: StepUnit, direction: 1 | -1): void {
    if (tree === null) return;
    pause();
    const { entries } = state();
    const delivers = run?.isDelivery ?? isDelivery;
    if (direction === -1) seek({ entries: entriesBefore(unit, here(), entries, delivers) });
    else {
      if (unit === "event") computeSteps(entries + 1);
      seekWhen(() => orEnd(entriesAfter(unit, here(), entries, delivers)));
    }
  }

  function orEnd(entries: number | null): Place | null {
    if (entries !== null) return { entries };
    return state().isComputed ? { time: lastMoment() } : null;
  }

  // --- playing -----------------------------------------------------------------------------------------------------

  const frames = frameLoop(clock, (passedMs) => {
    if (tree === null) return;
    const { time, entries, pace, computedUntil, isComputed } = state();
    const until = Math.min(Math.round(time + passedMs * 1000 * pace), isComputed ? lastMoment() : computedUntil);
    if (until > time) show(Math.max(here().timeline.entriesAt(until), entries), until);
    if (state().isComputed && state().time >= lastMoment()) pause();
  });

  function play(): void {
    if (tree === null || state().isPlaying) return;
    const { isComputed, time, heldBy } = state();
    if (heldBy !== null) return;
    if (isComputed && time >= lastMoment()) {
      if (!run?.isOpenEnded) return;
      extendTo(time + extension);
    }
    store.setState({ isPlaying: true });
    frames.start();
  }

  function pause(): void {
    frames.stop();
    if (state().isPlaying) store.setState({ isPlaying: false });
  }

  function setSpeed(speed: number): void {
    store.setState({ speed, pace: speed });
  }

  // --- computing ---------------------------------------------------------------------------------------------------

  function extendTo(horizon: SimTime): void {
    if (horizon <= state().horizon || state().failure !== null) return;
    store.setState({ horizon, isComputed: false });
    compute();
  }

  function compute(): void {
    if (isSlicing || tree === null || state().isComputed) return;
    isSlicing = true;
    clock.soon(slice);
  }

  function slice(): void {
    isSlicing = false;
    if (tree === null || state().isComputed) return;
    publish(advanceSlice(here().timeline, state().horizon, clock, state().isPlaying));
    compute();
  }

  /** Computes on until the run has `entries` steps, at once; false when it ends before. */
  function computeSteps(entries: number): boolean {
    const { timeline } = here();
    if (timeline.length >= entries) return true;
    if (state().isComputed) return false;
    publish(advance(timeline, state().horizon, entries - timeline.length));
    return timeline.length >= entries;
  }

  /** Tells the page how far the run is computed, and goes where somebody waits to go. */
  function publish(isDone: boolean): void {
    const { timeline, marks } = here();
    marks.extend(timeline.trace, (from) => run?.marksSince?.(timeline.head, from) ?? []);
    store.setState(progressOf(timeline, isDone, state().horizon));
    if (pending !== null) seekWhen(pending, isArriving);
  }

  // --- acts and branches -------------------------------------------------------------------------------------------

  /** The tree with the cursor and the fog of the current branch written back. */
  function saved(): Tree {
    const { entries, time, seenEntries, seenUntil } = state();
    const node = here();
    const seen = { entries: seenEntries, time: seenUntil };
    return withNode(tree as Tree, { ...node, cursor: { entries, time }, seen });
  }

  /** Makes a tree current. `cursor` is where to stand in it; by default where its branch was left. */
  function enter(next: Tree, cursor?: Cursor): void {
    tree = next;
    const node = currentNode(next);
    const { horizon } = state();
    const to = cursor ?? node.cursor;
    node.marks.extend(node.timeline.trace, (from) => run?.marksSince?.(node.timeline.head, from) ?? []);
    const isDone = node.timeline.failure !== null || (node.timeline.nextDue() ?? horizon + 1) > horizon;
    store.setState({
      isOpen: true,
      version: node.info.version,
      entries: Math.min(to.entries, node.timeline.length),
      time: to.time,
      branch: next.current,
      branches: next.nodes.map(({ info }) => info),
      seenEntries: node.seen.entries,
      seenUntil: node.seen.time,
      ...progressOf(node.timeline, isDone, horizon),
      undoLabel: changes.toUndo?.label ?? null,
      redoLabel: changes.toRedo?.label ?? null,
      heldBy: null,
    });
    seek(to);
    compute();
  }

  function commit(label: string, at: Cursor, after: Tree, cursor: Cursor): void {
    changes.push({ label, before: saved(), after, at, shown: cursor });
    enter(after, cursor);
  }

  function act(what: Act | Body, label: string): boolean {
    if (tree === null) return false;
    const { entries, time, seenEntries, seenUntil, horizon } = state();
    const from = here();
    const at = { entries, time };
    const input: Input = freeze({ ...from.timeline.place(time, entries), act: what });
    const isAtEdge = entries >= seenEntries && time >= seenUntil;
    versions += 1;
    const after = branchOff(saved(), at, [...from.timeline.inputs, input], label, !isAtEdge, versions);
    if (time + extension > horizon) store.setState({ horizon: time + extension });
    commit(label, at, after, at);
    // The answer to a click is visible at once: the moment shown is the one after the act.
    const { timeline } = here();
    runInput(timeline, input, time);
    publish(false);
    show(timeline.length, time);
    changes.showLastAt({ entries: timeline.length, time });
    compute();
    return true;
  }

  function changeInputs(label: string, change: (inputs: readonly Input[]) => readonly Input[]): boolean {
    if (tree === null) return false;
    const from = here();
    const inputs = [...change(from.timeline.inputs)].sort((a, b) => a.at - b.at || a.nth - b.nth);
    const differsAt = firstDifference(from.timeline.inputs, inputs);
    if (differsAt === null) return false;
    const { entries, time, seenEntries, seenUntil } = state();
    const shared = Math.min(from.timeline.entriesAt(differsAt - 1), from.timeline.length);
    const at = { entries: shared, time: Math.max(0, Math.min(differsAt - 1, from.timeline.end)) };
    const isUnseen = shared >= seenEntries && differsAt > seenUntil;
    versions += 1;
    const after = branchOff(saved(), at, inputs, label, !isUnseen, versions);
    commit(label, { entries, time }, after, at);
    if (time > at.time) seek({ time });
    return true;
  }

  function fork(label = ""): void {
    if (tree === null) return;
    const { entries, time } = state();
    versions += 1;
    const at = { entries, time };
    commit("fork", at, branchOff(saved(), at, here().timeline.inputs, label, true, versions), at);
  }

  function switchBranch(id: string): void {
    if (tree === null || id === tree.current || !tree.nodes.some(({ info }) => info.id === id)) return;
    const { time } = state();
    pause();
    enter({ ...saved(), current: id });
    // The same moment of the other future, as far as it was seen.
    seek({ time: Math.min(time, Math.max(here().seen.time, here().info.forkedAt?.time ?? 0, here().cursor.time)) });
  }

  function undo(): boolean {
    if (changes.toUndo === undefined) return false;
    const { entries, time } = state();
    const { before, at } = changes.undo(saved());
    enter(before, time > at.time ? at : { entries: Math.min(entries, at.entries), time });
    return true;
  }

  function redo(): boolean {
    if (changes.toRedo === undefined) return false;
    const { after, shown } = changes.redo(saved());
    enter(after, shown);
    return true;
  }

  function reset(): void {
    if (tree === null || run === null) return;
    pause();
    versions += 1;
    const { entries, time } = state();
    commit("reset", { entries, time }, rootTree(run.base ?? run.timeline, versions), START);
    toStart();
  }

  /** Time 0, with what happens at it: the clients start then. */
  const toStart = () => seek({ time: 0 });

  function open(next: PlayableRun, at: Place = { time: 0 }): void {
    close();
    run = next;
    versions += 1;
    tree = rootTree(next.timeline, versions);
    changes.clear();
    holds.clear();
    const { runKey, speed, hurriesWaits, slowsNearFaults } = state();
    store.setState({
      ...nothing,
      speed,
      pace: speed,
      hurriesWaits,
      slowsNearFaults,
      runKey: runKey + 1,
      horizon: (at.time ?? 0) > next.horizon ? (at.time ?? 0) + extension : next.horizon,
      hasFog: next.hasFog ?? false,
    });
    enter(tree);
    seekWhen(() => at, true);
  }

  function close(): void {
    pause();
    pending = null;
    tree = null;
    run = null;
    if (state().isOpen) store.setState({ isOpen: false });
  }

  return {
    store,
    open,
    get run() {
      return run;
    },
    get timeline() {
      return here().timeline;
    },
    moment: () => here().timeline.at(state().entries),
    get marks() {
      return here().marks;
    },
    timelineOf: (id) => tree?.nodes.find(({ info }) => info.id === id)?.timeline ?? null,
    marksOf: (id) => tree?.nodes.find(({ info }) => info.id === id)?.marks.marks ?? [],
    play,
    pause,
    toggle: () => (state().isPlaying ? pause() : play()),
    setSpeed,
    changeSpeed: (by) => setSpeed(nextSpeed(state().speed, by)),
    setSwitches: (on) => store.setState(on),
    step,
    seek,
    toStart,
    toEnd: () => tree !== null && seek({ time: lastMoment() }),
    setScrubbing: (isScrubbing) => store.setState({ isScrubbing }),
    act,
    changeInputs,
    fork,
    switchBranch,
    undo,
    redo,
    reset,
    hold: (name, entries) => void holds.set(name, entries),
    release: (name) => {
      holds.delete(name);
      if (state().heldBy === name) store.setState({ heldBy: null });
    },
    close,
  };
}
