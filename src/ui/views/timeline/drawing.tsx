// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: nothing in what is hidden takes the focus.
/** Parts of the timeline's drawing that carry no marks: density, playhead, futures, the tip under the pointer. */
import { memo } from "react";
import { narrate } from "../../../sim/index.ts";
import { usePlayer, usePlayerState } from "../../state/player.tsx";
import { cx } from "../../widgets/cx.ts";
import { seconds } from "../../widgets/seconds.ts";
import { barsPath } from "../bars.ts";
import { shownEntries } from "../time.ts";
import shared from "../tracks.module.css";
import type { FutureView } from "./project.ts";
import styles from "./timeline.module.css";

interface DensityProps {
  readonly counts: readonly number[];
  readonly left: number;
  readonly bottom: number;
  readonly pastClip: string;
}

export const Density = memo(function Density({ counts, left, bottom, pastClip }: DensityProps) {
  const path = barsPath(counts, Math.max(4, ...counts), { left, bottom, height: 24, least: 2 });
  return (
    <g aria-hidden="true">
      <path className={styles.bars} d={path} />
      <path className={cx(styles.bars, styles.barsPast)} d={path} clipPath={pastClip} />
    </g>
  );
});

interface PlayheadProps {
  readonly x: (time: number) => number;
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** The moment shown: a slider for those who use keys and ears; the arrows step by event as everywhere. */
export function Playhead({ x, from, to, height }: PlayheadProps) {
  const player = usePlayer();
  const time = usePlayerState((state) => state.time);
  const entries = usePlayerState((state) => state.entries);
  const of = usePlayerState(shownEntries);
  const horizon = usePlayerState((state) => state.horizon);
  const isOpen = usePlayerState((state) => state.isOpen);
  if (!isOpen) return null;
  const place = Math.round(x(time) * 10) / 10;
  const isInside = time >= from && time <= to;
  const mark = player.marks.last(entries);
  const said = mark?.fact == null ? "" : `. ${narrate({ ...mark, fact: mark.fact })}`;
  return (
    <g
      role="slider"
      tabIndex={0}
      className={styles.head}
      aria-label="Moment shown"
      aria-valuemin={0}
      aria-valuemax={horizon / 1_000_000}
      aria-valuenow={time / 1_000_000}
      aria-valuetext={`${seconds(time)} s, event ${entries} of ${of}${said}`}
    >
      {isInside && (
        <>
          <line className={styles.playhead} x1={place} x2={place} y1={8} y2={height} />
          <path className={styles.knob} d={`M${place - 6} 1h12v8l-6 6-6-6Z`} pointerEvents="none" />
        </>
      )}
    </g>
  );
}

interface FuturesProps {
  readonly futures: readonly FutureView[];
  readonly x: (time: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
  readonly onSwitch: (id: string) => void;
}

export function Futures({ futures, x, left, right, top, height, onSwitch }: FuturesProps) {
  if (futures.length === 0) return null;
  const y = (row: number) => top + row * height + height / 2;
  const clamp = (at: number) => Math.max(left, Math.min(right, at));
  const widthOf = ({ label, isCurrent }: FutureView) => label.length * (isCurrent ? 7.8 : 7.2) + 8;
  /** Where the words of a line stand: past the bend, and clear of the forks that leave the line. */
  const textOf = (future: FutureView) => {
    const first = future.row === 0 ? left + 20 : Math.min(clamp(clamp(x(future.from)) + 14) + 6, right - 224);
    const forks = futures
      .filter(({ row, parentRow }) => row > 0 && parentRow === future.row)
      .map(({ from }) => x(from));
    return forks
      .sort((a, b) => a - b)
      .reduce((at, fork) => (fork > at - 8 && fork < at + widthOf(future) + 4 ? fork + 18 : at), first);
  };
  return (
    <g>
      <text className={shared.gutter} x={left - 12} y={y((futures.length - 1) / 2) + 5} textAnchor="end">
        futures
      </text>
      {futures.map((future) => {
        const fork = clamp(x(future.from));
        const bend = clamp(fork + 14);
        const text = textOf(future);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a button inside a drawing is a group with its role.
          <g
            key={future.id}
            role="button"
            tabIndex={0}
            aria-pressed={future.isCurrent}
            aria-label={`${future.label}${future.row === 0 ? "" : `, forked at ${seconds(future.from)}`}`}
            className={shared.thing}
            onClick={() => onSwitch(future.id)}
            onKeyDown={(event) => event.key === "Enter" && onSwitch(future.id)}
          >
            <rect className={shared.hit} x={fork} y={y(future.row) - 9} width={Math.max(0, right - fork)} height={18} />
            <path
              className={cx(styles.future, future.isCurrent && styles.futureCurrent)}
              d={
                future.row === 0
                  ? `M${left} ${y(0)}H${right}`
                  : `M${fork} ${y(future.parentRow)}C${bend} ${y(future.parentRow)} ${fork} ${y(future.row)} ${bend} ${y(future.row)}H${right}`
              }
            />
            {future.row > 0 && <circle className={styles.knob} cx={fork} cy={y(future.parentRow)} r={3.5} />}
            <rect className={shared.paper} x={text} y={y(future.row) - 8} width={widthOf(future)} height={16} />
            <text className={cx(shared.text, future.isCurrent && styles.strong)} x={text + 4} y={y(future.row) + 5}>
              {future.label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

interface TipProps {
  readonly x: number;
  readonly width: number;
  readonly time: string;
  readonly text: string;
}

export function Tip({ x, width, time, text }: TipProps) {
  return (
    <div className={styles.tip} style={x > width / 2 ? { right: width - x + 10 } : { left: x + 10 }} aria-hidden="true">
      <code>{time}</code>
      {text}
    </div>
  );
}
