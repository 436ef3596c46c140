// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: words and bars in the drawing take no focus.
// biome-ignore-all lint/a11y/useSemanticElements: a drawing is no fieldset.
// biome-ignore-all lint/a11y/noInteractiveElementToNoninteractiveRole: the rule takes a group of a drawing for a control.
/**
 * Both futures on one axis of time: rows that are the same once, rows that differ one over the other, acknowledgements of each side,
 * and where they differ, with the first difference as a line through all of them.
 */
import { type KeyboardEvent, type PointerEvent, useCallback, useId, useMemo, useRef } from "react";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { seconds } from "../../widgets/seconds.ts";
import { Axis } from "../Axis.tsx";
import { barsPath, barWidth } from "../bars.ts";
import { Past } from "../Past.tsx";
import { timeScale } from "../scale.ts";
import { useScrub } from "../scrub.ts";
import { TrackRows } from "../TrackRows.tsx";
import { spanOf, useDomain } from "../time.ts";
import styles from "./compare.module.css";
import type { Difference } from "./differences.ts";
import type { Outcome } from "./project.ts";
import { countsOf, pairedTracks, type TrackSide } from "./tracks.ts";

export interface TracksProps {
  readonly left: TrackSide & { readonly outcome: Outcome };
  readonly right: TrackSide & { readonly outcome: Outcome };
  readonly differences: readonly Difference[];
  /** Up to here both may be shown, µs. */
  readonly until: number;
  readonly width: number;
}

const rowHeight = 22;
const gutter = 112;

export function Tracks({ left, right, differences, until, width }: TracksProps) {
  const player = usePlayer();
  const horizon = usePlayerState((state) => state.horizon);
  const { domain } = useDomain();
  const [from, to] = domain ?? [0, Math.max(1, horizon)];
  const end = Math.max(gutter + 100, width - 8);
  const svg = useRef<SVGSVGElement>(null);
  const clip = useId();
  const scale = useMemo(() => timeScale(from, to, gutter, end), [from, to, end]);
  const x = scale.of;
  const tracks = useMemo(() => pairedTracks(left, right, until), [left, right, until]);
  const stops = useMemo(
    () => Object.fromEntries(tracks.map(({ id, bands, marks }) => [id, [...marks, ...bands][0]?.entry ?? -2])),
    [tracks],
  );
  const go = useCallback(
    (id: string, entry: number) => {
      const { timeline } = id.startsWith("right ") ? right : left;
      player.pause();
      player.seek({ time: entry < 0 ? 0 : timeline.trace.at(entry) });
    },
    [player, left, right],
  );
  const seek = (event: PointerEvent<SVGElement>) => {
    const box = svg.current?.getBoundingClientRect();
    const time = scale.invert(event.clientX - (box?.left ?? 0));
    player.seek({ time: Math.round(Math.max(from, Math.min(to, time))) });
  };
  const scrub = useScrub<SVGRectElement>(seek);
  const first = differences[0];
  const acksTop = tracks.length * rowHeight + 4;
  const differsTop = acksTop + 2 * (rowHeight + 4);
  const axisTop = differsTop + rowHeight + 8;
  const bars = Math.floor((end - gutter) / barWidth);
  const acks = [left, right].map(({ outcome }) => countsOf(outcome.ackedAt, from, to, bars));
  // Of both sides, so that their bars compare.
  const mostAcks = Math.max(...acks.flat());
  return (
    <svg
      ref={svg}
      className={styles.tracks}
      width={Math.max(1, width)}
      height={axisTop + 26}
      role="group"
      aria-label="Both futures by time"
      onKeyDown={stepInTrack}
    >
      <clipPath id={clip}>
        <Past x={x} height={axisTop} right={end} />
      </clipPath>
      <rect className={styles.plot} x={gutter} width={end - gutter} height={axisTop} {...scrub} />
      <TrackRows
        tracks={tracks}
        x={x}
        left={gutter}
        right={end}
        top={0}
        rowHeight={rowHeight}
        pastClip={`url(#${clip})`}
        stops={stops}
        onGo={go}
        onMenu={ignore}
      />
      {[left, right].map(({ name, outcome }, n) => (
        <Acks
          key={name}
          name={name}
          outcome={outcome}
          counts={acks[n] ?? []}
          most={mostAcks}
          top={acksTop + n * (rowHeight + 4)}
          x={x}
          end={end}
          pastClip={`url(#${clip})`}
        />
      ))}
      <g aria-hidden="true">
        <text className={styles.gutter} x={gutter - 12} y={differsTop + 17} textAnchor="end">
          differs
        </text>
        <line className={styles.base} x1={gutter} x2={end} y1={differsTop + 22.5} y2={differsTop + 22.5} />
        <Bars
          counts={countsOf(
            differences.map(({ at }) => at),
            from,
            to,
            bars,
          )}
          bottom={differsTop + 22}
        />
        {first !== undefined && first.at >= from && first.at <= to && (
          <FirstLine
            at={x(first.at)}
            text={`first ${seconds(first.at)}`}
            y={differsTop + 16}
            height={axisTop}
            end={end}
          />
        )}
      </g>
      <Axis scale={scale} y={axisTop} left={gutter} right={end} />
      <Head x={x} height={axisTop} from={from} to={to} />
    </svg>
  );
}

const ignore = () => {};

/** Comma and full stop go to the previous and the next thing of the row that has the focus, as on the timeline. */
function stepInTrack(event: KeyboardEvent<SVGSVGElement>): void {
  const by = event.key === "," ? -1 : event.key === "." ? 1 : 0;
  const here = (event.target as Element).closest("[data-entry]");
  if (by === 0 || here === null) return;
  const all = [...(here.parentElement?.querySelectorAll<SVGGElement>(":scope > [data-entry]") ?? [])];
  all[all.indexOf(here as SVGGElement) + by]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

interface AcksProps {
  readonly name: string;
  readonly outcome: Outcome;
  readonly counts: readonly number[];
  readonly most: number;
  readonly top: number;
  readonly x: (time: number) => number;
  readonly end: number;
  readonly pastClip: string;
}

/** Acknowledgements by time, and the longest time without any in words. */
function Acks({ name, outcome, counts, most, top, x, end, pastClip }: AcksProps) {
  const { gap } = outcome;
  const [a, b] = gap === null ? [0, 0] : [Math.max(gutter, x(gap.from)), Math.min(end, x(gap.from + gap.length))];
  const span = gap === null ? "" : spanOf(gap.length);
  const said = `no ack for ${span}`;
  const words = b - a > said.length * 7.1 + 16 ? said : span;
  const hasRoom = gap !== null && b - a > words.length * 7.1 + 16;
  return (
    <g
      role="img"
      aria-label={`acks in ${name}: ${outcome.acked}${gap === null ? "" : `, ${said} from ${seconds(gap.from)}`}`}
    >
      <text className={styles.gutter} x={gutter - 12} y={top + 17} textAnchor="end" aria-hidden="true">
        acks {name}
      </text>
      <line className={styles.base} x1={gutter} x2={end} y1={top + 22.5} y2={top + 22.5} />
      <Bars counts={counts} most={most} bottom={top + 22} pastClip={pastClip} />
      {hasRoom && (
        <g aria-hidden="true">
          <path
            className={styles.gap}
            d={`M${a + 3} ${top + 6}v10M${b - 3} ${top + 6}v10M${a + 3} ${top + 11}H${b - 3}`}
          />
          <rect
            className={styles.paper}
            x={(a + b) / 2 - words.length * 3.6 - 4}
            y={top + 2}
            width={words.length * 7.2 + 8}
            height={18}
          />
          <text className={styles.words} x={(a + b) / 2} y={top + 16} textAnchor="middle">
            {words}
          </text>
        </g>
      )}
    </g>
  );
}

interface BarsProps {
  readonly counts: readonly number[];
  /** The count that is drawn full; left out: the largest. */
  readonly most?: number;
  readonly bottom: number;
  /** Bars after the playhead are lighter. */
  readonly pastClip?: string;
}

function Bars({ counts, most = Math.max(...counts), bottom, pastClip }: BarsProps) {
  const d = barsPath(counts, Math.max(2, most), { left: gutter, bottom, height: 18, least: 3 });
  return (
    <>
      <path className={pastClip === undefined ? styles.bars : styles.barsLater} d={d} />
      {pastClip !== undefined && <path className={styles.bars} d={d} clipPath={pastClip} />}
    </>
  );
}

interface FirstLineProps {
  readonly at: number;
  readonly text: string;
  readonly y: number;
  readonly height: number;
  readonly end: number;
}

function FirstLine({ at, text, y, height, end }: FirstLineProps) {
  const width = text.length * 7.2;
  const isLeft = at - width - 12 > gutter || at + width + 12 > end;
  return (
    <>
      <line className={styles.first} x1={at} x2={at} y1={0} y2={height} />
      <rect className={styles.paper} x={isLeft ? at - width - 8 : at + 4} y={y - 13} width={width + 4} height={16} />
      <text className={styles.words} x={isLeft ? at - 6 : at + 6} y={y} textAnchor={isLeft ? "end" : "start"}>
        {text}
      </text>
    </>
  );
}

interface HeadProps {
  readonly x: (time: number) => number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

/** One playhead for both. */
function Head({ x, height, from, to }: HeadProps) {
  const time = usePlayerState((state) => state.time);
  if (time < from || time > to) return null;
  return <line className={styles.head} x1={x(time)} x2={x(time)} y1={0} y2={height} aria-hidden="true" />;
}
