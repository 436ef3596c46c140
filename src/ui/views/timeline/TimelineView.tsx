/**
 * The timeline: density, tracks, axis and playhead. Click goes, drag scrubs, Shift and drag zooms to a range, the wheel zooms
 * around the pointer; w a s d zoom and pan, comma and full stop step within the track that has the focus.
 */
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { isStory, narrate, verdictsAt, weightOf } from "../../../sim/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { useProgress } from "../../state/progress.ts";
import { useSelection } from "../../state/selection.ts";
import { seconds } from "../../widgets/seconds.ts";
import { Axis } from "../Axis.tsx";
import { decidedPredictions } from "../decided.ts";
import { contextOf, tracksOf } from "../indexes.ts";
import { useMoments } from "../moments.ts";
import { ownersOf } from "../owners.ts";
import { Past } from "../Past.tsx";
import { timeScale } from "../scale.ts";
import { TrackRows } from "../TrackRows.tsx";
import { clampDomain, shownEntries, shownUntil, useDomain } from "../time.ts";
import shared from "../tracks.module.css";
import { type MarkView, tracksView } from "../tracks.ts";
import type { ViewProps } from "../view.ts";
import { Density, Futures, Playhead, Tip } from "./drawing.tsx";
import { FaultMarkMenu } from "./FaultMarkMenu.tsx";
import { densityOf, factNear, futuresOf, stepIn, stopsOf } from "./project.ts";
import styles from "./timeline.module.css";

const rowHeight = 22;
const densityHeight = 30;
const futureHeight = 18;
const axisHeight = 26;
const top = 8;

interface Drag {
  readonly x: number;
  readonly zooms: boolean;
  moved: boolean;
}

export default function TimelineView({ width }: ViewProps) {
  const player = usePlayer();
  const version = usePlayerState((state) => state.version);
  const isOpen = usePlayerState((state) => state.isOpen);
  const untilEntry = usePlayerState(shownEntries);
  const until = usePlayerState(shownUntil);
  const horizon = usePlayerState((state) => state.horizon);
  const branches = usePlayerState((state) => state.branches);
  const branch = usePlayerState((state) => state.branch);
  const thing = useSelection((state) => state.thing);
  const { domain, show } = useDomain();
  const [hover, setHover] = useState<number | null>(null);
  const [range, setRange] = useState<readonly [number, number] | null>(null);
  const [menu, setMenu] = useState<{ mark: MarkView; x: number; y: number } | null>(null);
  const [track, setTrack] = useState("faults");
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<Drag | null>(null);
  const frame = useRef(0);
  const clipId = useId();

  const left = width < 700 ? 72 : 96;
  const right = Math.max(left + 100, width - 16);
  const [from, to] = domain ?? [0, Math.max(1, horizon)];
  const scale = useMemo(() => timeScale(from, to, left, right), [from, to, left, right]);
  const x = scale.of;

  // A zoom belongs to its run, and follows the playhead.
  const runKey = usePlayerState((state) => state.runKey);
  const zoomed = useRef(runKey);
  useEffect(() => {
    if (zoomed.current !== runKey) show(null);
    zoomed.current = runKey;
  }, [runKey, show]);
  useEffect(() => {
    if (domain === null) return;
    return player.store.subscribe((state, before) => {
      const { time, isScrubbing } = state;
      if (isScrubbing || time === before.time || (time >= from && time <= to)) return;
      const margin = (to - from) / 10;
      show(clampDomain(time - margin, time - margin + (to - from), state.horizon));
    });
  }, [player, domain, from, to, show]);

  const named = thing !== null && "topicPartition" in thing ? thing.topicPartition : null;
  const moments = useMoments();
  const lab = isOpen ? (player.run?.id ?? "") : "";
  const records = useProgress((state) => state.labs[lab]?.predictions);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and untilEntry name what the indexes hold.
  const tracks = useMemo(() => {
    if (!isOpen) return [];
    const { timeline, run } = player;
    const index = tracksOf(timeline);
    const all = [...index.partitions.keys()];
    const owners = ownersOf(timeline);
    const isShared = [...owners.groups.values()].some(({ consumers }) => consumers.size > 1);
    // Where a group is the story, a partition whose leader never changes gives way to its readers.
    const moved = (name: string) => (index.partitions.get(name)?.leaders[1]?.entry ?? untilEntry) < untilEntry;
    const told = isShared ? all.filter(moved) : all;
    const chosen = named !== null && index.partitions.has(named) ? [named] : told.slice(0, 1);
    const verdicts = run?.run ? verdictsAt(run.run, timeline.head) : [];
    return tracksView({
      tracks: index,
      owners,
      marks: player.marks.marks,
      trace: timeline.trace,
      inputs: timeline.inputs,
      verdicts,
      predictions: run === null || records === undefined ? [] : decidedPredictions(run, records, moments),
      context: contextOf(timeline),
      partitions: chosen,
      ofMany: all.length > 1,
      untilEntry,
      until,
    });
  }, [player, isOpen, version, untilEntry, until, named, records, moments]);
  const bars = Math.max(1, Math.floor((right - left) / 5));
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and untilEntry name what the trace holds.
  const density = useMemo(
    () => (isOpen ? densityOf(player.timeline.trace, from, to, bars, untilEntry) : []),
    [player, isOpen, version, untilEntry, from, to, bars],
  );
  const futures = useMemo(() => (branches.length > 1 ? futuresOf(branches, branch) : []), [branches, branch]);
  const futuresTop = top;
  const densityTop = futuresTop + futures.length * futureHeight;
  const tracksTop = densityTop + densityHeight;
  const axisTop = tracksTop + tracks.length * rowHeight;
  const height = axisTop + axisHeight;

  const timeAt = (clientX: number) => {
    const box = svg.current?.getBoundingClientRect();
    return Math.max(from, Math.min(to, scale.invert(clientX - (box?.left ?? 0))));
  };
  const zoomBy = useCallback(
    (by: number, about: number) => {
      show(clampDomain(about - (about - from) * by, about + (to - about) * by, horizon));
    },
    [show, from, to, horizon],
  );

  // React listens to the wheel passively, and then the page would scroll as well.
  useEffect(() => {
    const element = svg.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const about = scale.invert(event.clientX - element.getBoundingClientRect().left);
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = ((to - from) * event.deltaX) / (right - left);
        show(clampDomain(from + by, to + by, horizon));
      } else zoomBy(event.deltaY > 0 ? 1.25 : 0.8, Math.max(from, Math.min(to, about)));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [scale, zoomBy, show, from, to, left, right, horizon]);

  const scrubTo = (time: number) => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => player.seek({ time: Math.round(time) }));
  };
  const go = useCallback(
    (id: string, entry: number, node: string | null) => {
      setTrack(id);
      const { select, selectEntry } = useSelection.getState();
      if (entry >= 0) selectEntry(entry);
      const partition = /^(?:leader|isr) (.+)$/.exec(id)?.[1];
      const group = /^(?:group|owner) (\S+)/.exec(id)?.[1];
      if (partition !== undefined && entry >= 0) {
        const band = tracksOf(player.timeline)
          .partitions.get(partition)
          ?.leaders.findLast((one) => one.entry <= entry && one.leader !== null);
        if (band?.leader != null) select({ kind: "replica", broker: band.leader, topicPartition: partition });
      } else if (group !== undefined) select({ kind: "group", id: group });
      else if (node !== null) {
        const kind = player.moment().world.actors[node]?.kind;
        select({ kind: kind === "broker" ? "broker" : kind === "zookeeper" ? "server" : "client", id: node });
      }
      player.seek({ entries: entry + 1 });
    },
    [player],
  );
  const openMenu = useCallback((mark: MarkView, atX: number, atY: number) => setMenu({ mark, x: atX, y: atY }), []);

  // As text, so that the tracks are drawn again only when a stop moves.
  const stopsText = usePlayerState((state) => JSON.stringify(stopsOf(tracks, state.entries)));
  const stops = useMemo(() => JSON.parse(stopsText) as Record<string, number>, [stopsText]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const state = player.store.getState();
    const about = state.time >= from && state.time <= to ? state.time : (from + to) / 2;
    const shift = (to - from) / 5;
    const act: Record<string, () => void> = {
      w: () => zoomBy(0.7, about),
      s: () => zoomBy(1 / 0.7, about),
      a: () => show(clampDomain(from - shift, to - shift, horizon)),
      d: () => show(clampDomain(from + shift, to + shift, horizon)),
      ",": () => inTrack(-1),
      ".": () => inTrack(1),
      PageUp: () => player.seek({ time: Math.max(0, state.time - 1_000_000) }),
      PageDown: () => player.seek({ time: state.time + 1_000_000 }),
    };
    const does = act[event.key];
    if (does === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  };
  const inTrack = (direction: 1 | -1) => {
    const focused = document.activeElement?.getAttribute("data-entry");
    const here = focused == null ? player.store.getState().entries - 1 : Number(focused);
    const one = tracks.find(({ id }) => id === track) ?? tracks[0];
    const found = one === undefined ? null : stepIn(one, here, direction);
    if (one === undefined || found === null) return;
    go(one.id, found, null);
    requestAnimationFrame(() => svg.current?.querySelector<SVGGElement>(`[data-entry="${found}"]`)?.focus());
  };

  const near =
    hover === null || !isOpen
      ? null
      : factNear(player.timeline.trace, hover, ((to - from) / (right - left)) * 8, untilEntry, (fact) =>
          isStory(fact) ? 3 : weightOf(fact.fact.kind) === "detail" ? 1 : 0,
        );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from the marks and the playhead inside.
    <div className={styles.root} onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing is no fieldset. */}
      <svg ref={svg} width={width} height={height} aria-label="Timeline" role="group">
        <clipPath id={`${clipId}past`}>
          <Past x={x} height={height} right={right} />
        </clipPath>
        <rect
          className={styles.plot}
          x={left}
          y={0}
          width={right - left}
          height={height}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.clientX, zooms: event.shiftKey, moved: false };
            if (!event.shiftKey) {
              player.setScrubbing(true);
              scrubTo(timeAt(event.clientX));
            }
          }}
          onPointerMove={(event) => {
            const time = timeAt(event.clientX);
            setHover(time);
            const held = drag.current;
            if (held === null) return;
            held.moved ||= Math.abs(event.clientX - held.x) > 3;
            if (held.zooms) setRange([timeAt(held.x), time]);
            else scrubTo(time);
          }}
          onPointerUp={(event) => {
            const held = drag.current;
            drag.current = null;
            setRange(null);
            if (held === null) return;
            if (held.zooms && held.moved) {
              const [a, b] = [timeAt(held.x), timeAt(event.clientX)];
              show(clampDomain(Math.min(a, b), Math.max(a, b), horizon));
            } else player.setScrubbing(false);
          }}
          onPointerLeave={() => setHover(null)}
        />
        <Futures
          futures={futures}
          x={x}
          left={left}
          right={right}
          top={futuresTop}
          height={futureHeight}
          onSwitch={(id) => player.switchBranch(id)}
        />
        <text className={shared.gutter} x={left - 12} y={densityTop + 20} textAnchor="end">
          events
        </text>
        <Density counts={density} left={left} bottom={densityTop + 28} pastClip={`url(#${clipId}past)`} />
        <line className={shared.hair} x1={left} x2={right} y1={densityTop + 28.5} y2={densityTop + 28.5} />
        <TrackRows
          tracks={tracks}
          x={x}
          left={left}
          right={right}
          top={tracksTop}
          rowHeight={rowHeight}
          pastClip={`url(#${clipId}past)`}
          stops={stops}
          onGo={go}
          onMenu={openMenu}
        />
        <Axis scale={scale} y={axisTop + 4} left={left} right={right} />
        {range && (
          <rect
            className={styles.range}
            x={x(Math.min(...range))}
            y={0}
            width={Math.abs(x(range[1]) - x(range[0]))}
            height={axisTop}
          />
        )}
        <Playhead x={x} from={from} to={to} height={axisTop + 4} />
      </svg>
      {hover !== null && near !== null && (
        <Tip x={x(near.at)} width={width} time={seconds(near.at)} text={narrate(near, contextOf(player.timeline))} />
      )}
      <FaultMarkMenu open={menu} onClose={() => setMenu(null)} />
    </div>
  );
}
